"""The threads of comments on the page of a review, with their forms."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.frozen.signed_text import frozen_contents, intact_contents
from articles.models import Article
from articles.models.people import Role
from reviews.desk.access import read_comments
from reviews.desk.forms import StepForm, form_of_row
from reviews.desk.review.comment_forms import AnswerForm, AssigneeForm, ResolveForm
from reviews.models import Comment
from reviews.models.comment import resolve_blocker
from reviews.workflow.steps.comments.anchoring import own_audience, stands_in
from reviews.workflow.steps.comments.mentioning import Commentator


@dataclass(frozen=True)
class Reader:
    """The person who reads the comments on an article. `people` can be mentioned by them, and be given a comment."""

    article: Article
    user: User
    roles: list[str]
    may_comment: bool
    people: list[Commentator]
    bound: StepForm | None  # the refused form, if any


@dataclass(frozen=True)
class ThreadRow:
    """
    A comment and its replies. `about` is the heading of its section, and `quoted` its quotation, or "".

    `audience` is the key, and `readers` the label, of the audience on whose own wording it is; "" on the general text.
    `taken_in` says in words in which version the suggested wording stands that was taken over, or "".
    """

    comment: Comment
    replies: list[Comment]
    about: str
    quoted: str
    audience: str
    readers: str
    taken_in: str
    may_resolve: bool
    answer_form: AnswerForm
    assignee_form: AssigneeForm
    resolve_form: ResolveForm


def threads_of(reader: Reader) -> list[ThreadRow]:
    """Return the threads of the article that this person may read, open ones first."""
    rows = read_comments(reader.article.pk, reader.user.pk, reader.roles)
    threads = [row for row in rows if row.thread_id is None]
    threads.sort(key=lambda row: (row.resolved_at is not None, row.written_at))
    contents = frozen_contents(sorted({thread.version for thread in threads}, key=lambda version: version.pk))
    taken_in = _taken_in(reader, threads)
    return [
        _thread_row(reader, thread, rows, contents[thread.version_id], taken_in.get(thread.pk, ""))
        for thread in threads
    ]


def _thread_row(
    reader: Reader, thread: Comment, rows: list[Comment], content: dict[str, Any], taken_in: str
) -> ThreadRow:
    anchor = next(iter(thread.anchors.all()), None)
    readers = own_audience(content, anchor) if anchor else ""
    on_board = Role.REVIEWER in reader.roles
    blocker = resolve_blocker(thread, reader.article, reader.user, on_board=on_board, comments=reader.may_comment)
    resolve_form = form_of_row(ResolveForm, thread.pk, reader.bound)
    if thread.author_id != reader.user.pk:
        resolve_form.leave_out_withdrawal()
    refused = reader.bound if isinstance(reader.bound, AssigneeForm) and reader.bound.about == thread.pk else None
    return ThreadRow(
        comment=thread,
        replies=[row for row in rows if row.thread_id == thread.pk],
        about=_heading_of(content, anchor.section_key) if anchor else "",
        quoted=anchor.exact if anchor else "",
        audience=anchor.audience if anchor and readers else "",
        readers=readers,
        taken_in=taken_in,
        may_resolve=not blocker,
        answer_form=form_of_row(AnswerForm, thread.pk, reader.bound),
        assignee_form=refused or assignee_form(reader, thread),
        resolve_form=resolve_form,
    )


def _heading_of(content: dict[str, Any], key: str) -> str:
    """Return the heading of the section with this key; "" if there is none."""
    headings = {section["key"]: section["heading"] or _("Lead") for section in content["sections"]}
    return headings.get(key, "")


def _taken_in(reader: Reader, threads: list[Comment]) -> dict[int, str]:
    """Return in words, by comment, in which version the wording stands that was taken over; one query or two."""
    taken = {thread.pk: thread.taken_at for thread in threads if thread.taken_at}
    versions = list(reader.article.versions.order_by("number")) if taken else []
    firsts = {pk: next((each for each in versions if each.submitted_at > at), None) for pk, at in taken.items()}
    contents = intact_contents([*{version for version in firsts.values() if version}])
    said = {}
    for thread in threads:
        version, anchor = firsts.get(thread.pk), next(iter(thread.anchors.all()), None)
        if version and anchor:
            stands = version.pk in contents and stands_in(contents[version.pk], anchor, thread.suggestion)
            words = _("it stands in version {number}") if stands else _("it was changed again before version {number}")
            said[thread.pk] = words.format(number=version.number)
    return said


def assignee_form(reader: Reader, thread: Comment, data: QueryDict | None = None) -> AssigneeForm:
    people = [each for each in reader.people if each.reads_board or not thread.board_only]
    return AssigneeForm(data, about=thread.pk, people=people, assignee=thread.assignee_id)
