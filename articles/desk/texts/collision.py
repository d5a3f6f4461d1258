"""A section or wording that somebody else saved meanwhile: their text and the typed one, with the differences."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from articles.desk.drafts import status_of
from articles.desk.forms import SectionForm, WordingForm
from articles.desk.typed import to_typed
from articles.desk.writing.conflict import marked_typed, merged_text
from articles.models import Contributor
from articles.text.redline import plain_redline

STALE = 409
LONGEST_KEY = 18  # digits


@dataclass(frozen=True)
class Both:
    """
    What the page shows after such a refusal.

    `heading` and `text` go from their text to the typed one; `merged` has both changes. `fields` are the other typed
    fields, by name, to be sent with it; `saver` is who saved last, or "".
    """

    heading: SafeString
    text: SafeString
    merged: str
    fields: list[tuple[str, str]]
    saver: str


def both_texts(form: SectionForm | WordingForm, sent: QueryDict) -> Both | None:
    """Return their text and the typed one; None unless the form was refused because somebody saved the row."""
    row = form.instance
    if status_of(form) != STALE or row.pk is None:
        return None
    stored = type(row)._base_manager.filter(pk=row.pk).first()
    if stored is None:
        return None
    typed, theirs, opened = sent.get("body", ""), to_typed(stored.body), _opened(form, sent.get("seen", ""))
    fields = [
        (field.html_name, value)
        for field in form
        if "data-rich" not in field.field.widget.attrs  # the text itself
        for value in map(str, form.data.getlist(field.html_name))
    ]
    return Both(
        heading=mark_safe(plain_redline(stored.heading, sent.get("heading", ""))),  # noqa: S308 (escaped by it)
        text=mark_safe(marked_typed(theirs, typed)),  # noqa: S308 (cleaned or escaped by it)
        merged=merged_text(opened, theirs, typed),
        fields=fields,
        saver=_saver(form),
    )


def _opened(form: SectionForm | WordingForm, seen: str) -> str | None:
    """Return the text that the page was opened with, as it is typed; None if it is not known."""
    if not (seen.isascii() and seen.isdigit() and len(seen) <= LONGEST_KEY):
        return None
    row = form.instance.history.filter(history_id=int(seen)).first()
    return None if row is None else to_typed(row.body)


def _saver(form: SectionForm | WordingForm) -> str:
    last = form.instance.history.order_by("-history_id").values_list("history_user", flat=True).first()
    who = Contributor.objects.filter(user=last).first() if last else None
    if who is not None:
        return who.name
    account = User.objects.filter(pk=last).first() if last else None
    return account.get_username() if account else ""
