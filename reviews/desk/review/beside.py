"""The open comments on an article, as its authors see them beside the draft."""

from django.contrib.auth.models import User
from django.urls import reverse

from articles.frozen.signed_text import intact_contents
from articles.models import Article
from articles.models.people import roles_of
from articles.review_process import DraftRemark
from reviews.desk.access import read_comments
from reviews.workflow.steps.comments.anchoring import DraftLines, own_audience, places_of, quoting, taken_over


def remarks_on_draft(article: Article, user: User) -> list[DraftRemark]:
    """
    Return the open threads on the article that this person may read, oldest first; a constant number of queries.

    A thread is in the section in which its words are now, or else in that on which it was raised.
    """
    comments = read_comments(article.pk, user.pk, roles_of(user))
    threads = [row for row in comments if row.thread_id is None and row.resolved_at is None]
    if not threads:
        return []
    quotations, draft = quoting(threads), DraftLines(article)
    places = places_of(quotations, draft, taken_over(comments))
    in_draft = {row.pk: draft.standing(anchor, places[row.pk]) for row, anchor in quotations if row.pk in places}
    contents = intact_contents([*{thread.version for thread in threads}])
    readers = {
        row.pk: own_audience(contents[row.version_id], anchor)
        for row, anchor in quotations
        if row.version_id in contents
    }
    quoted = {thread.pk: anchor.exact for thread, anchor in quotations}
    nowhere = {thread.pk: draft.meant(next(iter(thread.anchors.all()), None)) for thread in threads}
    standing = {thread.pk: in_draft.get(thread.pk, nowhere[thread.pk]) for thread in threads}
    return [
        DraftRemark(
            comment=thread,
            replies=[row for row in comments if row.thread_id == thread.pk],
            section=standing[thread.pk].section,
            readers=readers.get(thread.pk, ""),
            audience=standing[thread.pk].audience,
            quoted=quoted.get(thread.pk, ""),
            nth=standing[thread.pk].nth,
            times=standing[thread.pk].times,
            is_gone=thread.pk in quoted and thread.pk not in places,
            answer=reverse("answer", args=[thread.pk]),
            take_over=reverse("take_over", args=[thread.pk]),
        )
        for thread in threads
    ]
