"""The files of pictures, each named by the SHA-256 of its bytes, for those who may see a text that shows it."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles.models import Article, Figure, PictureFile, Version, VersionPicture
from articles.models.people import Role, roles_of
from articles.review_process import review_process
from articles.site.article_pages import removals
from articles.site.keeping.kept_responses import ASK_EACH_TIME
from articles.text.rendering.numbered.figures import ENDINGS

NOBODY_ELSE = "private, max-age=0, must-revalidate"
WRITERS = {Role.AUTHOR, Role.EDITOR, Role.ADMIN}  # board members see versions, never drafts


@login_not_required
@require_safe
def picture(request: HttpRequest, digest: str, ending: str) -> HttpResponse:
    """
    Return a file of a picture that this person may see; 404 for any other, as if it did not exist.

    Readers see the pictures of the texts that are open to them, and staff those of drafts and versions open to them.
    Nothing in the response can run, and its type is never guessed.
    """
    media_type = next((name for name, own in ENDINGS.items() if own == ending), None)
    if media_type is None:
        raise Http404
    file = PictureFile.objects.filter(sha256=digest, picture__media_type=media_type).order_by("pk")
    is_public = shown_to_readers(digest).exists()
    if not is_public and not may_see(request.user, digest):
        raise Http404
    etag = f'"{digest}"'
    headers = {
        "Cache-Control": ASK_EACH_TIME if is_public else NOBODY_ELSE,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "ETag": etag,
    }
    answer = HttpResponse(content_type=media_type, headers=headers)
    if not is_public:
        answer["X-Robots-Tag"] = "noindex"
        answer["Vary"] = "Cookie"
    response = get_conditional_response(request, etag=etag, response=answer) or answer
    if response is answer:
        data = file.values_list("data", flat=True).first()
        if data is None:
            raise Http404
        answer.content = bytes(data)
    return response


def shown_to_readers(digest: str) -> QuerySet[VersionPicture]:
    """Return the places of a file in texts that readers can open: published, not removed, or in an open review."""
    public = Article.objects.public()
    removed = Exists(removals().filter(versions=OuterRef("version")))
    published = Q(version__in=Version.objects.published().values("pk")) & ~Q(removed)
    pending = public.filter(published_version=None, latest_version=OuterRef("version"))
    shown = Q(published, version__article__in=public.values("pk")) | Q(Exists(pending))
    return VersionPicture.objects.filter(shown, sha256=digest)


def may_see(user: AbstractBaseUser | AnonymousUser, digest: str) -> bool:
    """Tell whether a person may see a draft, or a version, that shows this file."""
    if not isinstance(user, User) or not user.is_active:
        return False
    roles = roles_of(user)
    opened = Version.objects.filter(review_process().open_to(user.pk, roles))
    if VersionPicture.objects.filter(sha256=digest, version__in=opened.values("pk")).exists():
        return True
    if not WRITERS.intersection(roles):
        return False
    of_drafts = Article.objects.visible_as(user.pk, WRITERS.intersection(roles)).order_by()
    pictures = PictureFile.objects.filter(sha256=digest).values("picture")
    figures = Figure.history.filter(picture_id__in=pictures, article_id__in=of_drafts.values("pk"))
    return figures.exists()
