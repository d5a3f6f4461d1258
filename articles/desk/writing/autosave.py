"""What is typed on the page of a draft is kept for who typed it, until it is saved or discarded."""

import datetime
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.requests import SignedInRequest
from articles.desk.texts.wordings.typed import doses_of_section
from articles.desk.writing.sent import NAME, Sent
from articles.models import Article, Autosave

MOST_BYTES = 2_000_000
MOST_FIELDS = 5_000
LONGEST_PART = 50
PRESENT = datetime.timedelta(minutes=1)
IS_KEPT = datetime.timedelta(days=90)


class Other(NamedTuple):
    """Somebody else who types on this draft now, and in which part of the page."""

    name: str
    part: str


@dataclass(frozen=True)
class Kept:
    """The state of an article's autosaves: the row of this person, and the others who type now."""

    mine: Autosave | None
    others: list[Other]


def kept(article: int, user: User) -> Kept:
    """Return what is kept of this draft for this person; 404 if they may not write it. It is one statement."""
    rows = list(
        Article.objects.writable_by(user)
        .filter(pk=article)
        .values_list(
            *("autosaves__pk", "autosaves__user", "autosaves__page", "autosaves__part", "autosaves__kept_at"),
            *("autosaves__user__contributor__name", "autosaves__user__username"),
        )
    )
    if not rows:
        raise Http404
    mine, others, now = None, [], timezone.now()
    for pk, person, page, part, kept_at, name, username in rows:
        if person == user.pk:
            mine = Autosave(pk=pk, article_id=article, user_id=person, page=page, part=part, kept_at=kept_at)
        elif kept_at is not None and now - kept_at < PRESENT:
            others.append(Other(name or username, part))
    return Kept(mine, others)


def text_of(article: Article, user: User) -> Sent | None:
    """Return the fields that are kept for this person, or None."""
    row = Autosave.objects.filter(article=article, user=user).first()
    if row is None:
        return None
    data = QueryDict(mutable=True)
    for name, value in json.loads(row.fields):
        data.appendlist(name, value)
    return Sent(data)


def forget(article: Article, user: User, page: str | None = None) -> None:
    """Delete what is kept for this person: all of it, or what was typed on this opening of the page."""
    rows = Autosave.objects.filter(article=article, user=user)
    (rows if page is None else rows.filter(page=page)).delete()


def delete_old(now: datetime.datetime) -> None:
    """Delete what nobody has typed on, taken up or discarded for IS_KEPT."""
    Autosave.objects.filter(kept_at__lt=now - IS_KEPT).delete()


@require_http_methods(["GET", "HEAD", "POST"])
def autosave(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Keep the fields of the page for this person, and say who else types on this draft now.

    Say too which doses differ in the texts of the section that they typed in.

    422 if they are not the fields of a page or too many; 409 if text from another opening of the page is still kept:
    it is not overwritten before the person took it up or discarded it.
    """
    found = kept(pk, request.user)
    if request.method != "POST":
        return _answer(request, found)
    try:
        row = _row(request)
    except ValidationError as error:
        return JsonResponse({"said": " ".join(error.messages)}, status=422)
    if found.mine is not None and found.mine.page != row.page:
        said = _(
            "Other text of yours from {time} is not saved yet. Open this page anew, and take that text up or discard "
            "it. Until then, what you type here is kept on this device alone."
        )
        return JsonResponse({"said": said.format(time=clock(found.mine.kept_at))}, status=409)
    row.article_id, row.user_id, row.kept_at = pk, request.user.pk, timezone.now()
    Autosave.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article", "user"],
        update_fields=["page", "part", "fields", "kept_at"],
    )
    said = _("Kept at {time}, not saved yet").format(time=clock(row.kept_at))
    doses = doses_of_section(dict(json.loads(row.fields)), row.part) if row.part else []
    return _answer(request, found, said=said, doses={row.part: doses})


def clock(moment: datetime.datetime) -> str:
    return time_format(localtime(moment), "H:i")


def _row(request: SignedInRequest) -> Autosave:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise ValidationError(_("This text is too long to be kept while you type. Save the draft now."))
    try:
        found = json.loads(request.body)
        page, part, fields = found["page"], found["part"], found["fields"]
    except (ValueError, KeyError, TypeError, RecursionError):
        page = part = fields = None
    if not _is_page(page, part, fields):
        raise ValidationError(_("This is not the text of the page, so it was not kept."))
    return Autosave(page=page, part=part, fields=json.dumps(fields))


def _is_page(page: Any, part: Any, fields: Any) -> bool:
    if not isinstance(page, str) or not NAME.fullmatch(page):
        return False
    if not isinstance(part, str) or len(part) > LONGEST_PART or not part.isprintable():
        return False
    if not isinstance(fields, list) or not 0 < len(fields) <= MOST_FIELDS:
        return False
    return all(isinstance(each, list) and [type(one) for one in each] == [str, str] for each in fields)


def _answer(
    request: SignedInRequest, found: Kept, said: str = "", doses: dict[str, list[str]] | None = None
) -> JsonResponse:
    others = [{"part": each.part, "said": present(each), "here": present_here(each)} for each in found.others]
    return JsonResponse({"said": said, "others": others, "token": get_token(request), "doses": doses or {}})


def present(other: Other) -> str:
    return _("{name} is editing this draft now").format(name=other.name)


def present_here(other: Other) -> str:
    return _("{name} is editing this part").format(name=other.name)
