"""Save a whole draft at once: only the rows that changed, each with its history."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from articles.desk.drafts import set_topics
from articles.desk.forms import LAST_POSITION
from articles.desk.writing.page import Page, PersonOnPage, SectionOnPage
from articles.desk.writing.stored import ARTICLE
from articles.files.drafts.saving import Saver
from articles.models import Authorship, Wording


def save(page: Page, user: User) -> int:
    """
    Save the page, whose forms have no problem, in this person's name, and return how many rows changed.

    Call it within `announced_together`, with the article locked since the page was made.
    """
    saver = Saver(user)
    if page.article_changed:
        saver.save(page.stored.article, **_fields(page.article, ARTICLE))
        topics = page.article.cleaned_data["topics"]
        if {topic.pk for topic in topics} != {topic.pk for topic in page.stored.topics}:
            set_topics(page.stored.article, topics)
            saver.changes += 1
    _save_people(page, saver)
    _save_sections(page, saver)
    return saver.changes


def _fields(form: forms.BaseForm, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the cleaned values of these fields, as far as the form has them."""
    return {name: form.cleaned_data[name] for name in names if name in form.fields}


def _save_sections(page: Page, saver: Saver) -> None:
    gone = [each.row for each in page.sections if each.removed and each.row]
    keys = {row.pk for row in gone}
    texts = [
        wording
        for (section, key), wording in page.stored.wordings.items()
        if section in keys or any(_is_emptied(each, section, key) for each in page.sections)
    ]
    saver.delete_all(texts)
    saver.delete_all(gone)
    kept = [each for each in page.sections if not each.removed]
    rows = [each.row or each.form.instance for each in kept]  # a new one has been asked for its problems
    places = positions([row.position if row.pk else None for row in rows])
    written = []
    for each, row, position in zip(kept, rows, places, strict=True):
        fields = _fields(each.form, ("role", "heading", "body", "topic")) if each.changed else {}
        written.append((row, fields | {"position": position}))
    new = [(row, fields) for row, fields in written if row.pk is None]
    saver.save_all([(row, fields) for row, fields in written if row.pk is not None])
    saver.save_all(new)
    wordings: list[tuple[Wording, dict[str, Any]]] = []
    for each, row in zip(kept, rows, strict=True):
        for wording in each.wordings:
            if wording.changed:
                own = wording.row or Wording(audience=wording.audience)
                own.section = row
                wordings.append((own, _fields(wording.form, ("heading", "body"))))
    saver.save_all(wordings)


def _is_emptied(section: SectionOnPage, key: int, audience: str) -> bool:
    if section.row is None or section.row.pk != key:
        return False
    return any(each.is_gone and each.audience.key == audience for each in section.wordings)


def _save_people(page: Page, saver: Saver) -> None:
    saver.delete_all([each.row for each in page.people if each.removed and each.row])
    kept = [each for each in page.people if not each.removed]
    rows = [each.row or Authorship(article=page.stored.article) for each in kept]
    places = positions([row.position if row.pk else None for row in rows])
    for stored in (True, False):
        saver.save_all(
            [
                (row, _person(each) | {"position": position})
                for each, row, position in zip(kept, rows, places, strict=True)
                if (row.pk is not None) is stored
            ]
        )


def _person(person: PersonOnPage) -> dict[str, Any]:
    return _fields(person.form, ("contributor", "role")) if person.changed else {}


def positions(now: list[int | None]) -> list[int]:
    """
    Return a rising position for each row, from the present ones in the new order; None is a row without one.

    As many rows as possible keep theirs, so that moving one leaves one row of history, if there is room beside it.
    """
    keep = _rising(now)
    found: list[int] = []
    for place, position in enumerate(now):
        least = found[-1] + 1 if found else 0
        if place in keep and position is not None and position >= least:
            found.append(position)
            continue
        following = next((each for rank, each in enumerate(now) if rank > place and rank in keep), None)
        first = max(least, 1)
        found.append(first if following is None or first < following else least)
    return found if not found or found[-1] <= LAST_POSITION else list(range(1, len(now) + 1))


def _rising(now: list[int | None]) -> set[int]:
    """Return the places of a longest rising part of these positions."""
    best: list[tuple[int, int | None]] = []  # by place: the length of the longest that ends there, and the one before
    for place, position in enumerate(now):
        before = [
            (best[earlier][0], earlier)
            for earlier in range(place)
            if position is not None and now[earlier] is not None and now[earlier] < position  # type: ignore[operator]
        ]
        length, previous = max(before, default=(0, None), key=lambda each: each[0])
        best.append((length + 1 if position is not None else 0, previous))
    at = max(range(len(best)), key=lambda place: best[place][0], default=None)
    found = set()
    while at is not None and best[at][0]:
        found.add(at)
        at = best[at][1]
    return found
