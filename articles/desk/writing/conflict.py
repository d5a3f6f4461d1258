"""What two people changed differently, shown side by side with the differences, for the writer to choose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.desk.typed import BOTH_CHANGED, from_typed, to_typed
from articles.desk.writing.forms import ArticlePart, PersonPart, SectionPart, WordingPart
from articles.desk.writing.merging import Collision, Merge
from articles.desk.writing.sent import GONE, OF_ARTICLE, REMOVED
from articles.models import Article, Authorship, Contributor, Section, Wording
from articles.text.redline import plain_redline, redline
from articles.text.richtext import TooLong, parse
from articles.text.richtext.blocks import write

CHOICES: dict[str, list[type[TextChoices]]] = {
    "role": [Section.Role, Authorship.Role],
    "kind": [Article.Kind],
    "risk": [Article.Risk],
    "ai_use": [Article.AIUse],
}
CHOSEN_FROM_A_LIST = {*CHOICES, "topic", "written_for"}


@dataclass(frozen=True)
class Question:
    """One collision as the page shows it. `marked` has both texts, `merged` is what the writer may edit."""

    collision: Collision
    label: str
    theirs: str
    mine: str
    marked: SafeString
    merged: str | None
    missing: bool

    @property
    def code(self) -> str:
        return self.collision.code

    @property
    def is_gone(self) -> bool:
        return self.collision.name == GONE

    @property
    def is_removed(self) -> bool:
        return self.collision.name == REMOVED

    @property
    def is_field(self) -> bool:
        return not (self.is_gone or self.is_removed)


def questions(merged: Merge) -> list[Question]:
    return [_question(each, merged) for each in merged.collisions]


def _question(found: Collision, merged: Merge) -> Question:
    label = "" if found.name in (GONE, REMOVED) else str(_form(found.part).base_fields[found.name].label)
    theirs, mine = _shown(found.name, found.theirs, merged), _shown(found.name, found.mine, merged)
    is_html = found.is_text or found.name in (GONE, REMOVED)
    marked = marked_typed(found.theirs, found.mine) if is_html else plain_redline(theirs, mine)
    proposal = None
    if label and found.name not in CHOSEN_FROM_A_LIST:
        proposal = merged_text(found.opened, found.theirs, found.mine) if found.is_text else found.mine
        proposal = merged.sent.combined.get(found.code, proposal)
    # Both sides were read and written anew by the one reader of rich text, or escaped.
    return Question(found, label, theirs, mine, mark_safe(marked), proposal, found.code in merged.undecided)  # noqa: S308


def _form(part: str) -> type[ArticlePart] | type[SectionPart] | type[WordingPart] | type[PersonPart]:
    if part == OF_ARTICLE:
        return ArticlePart
    if part[0] in "pm":
        return PersonPart
    return WordingPart if "-" in part else SectionPart


def _shown(name: str, value: str, merged: Merge) -> str:
    """Return the value as a reader of the page knows it: the label of a choice."""
    stored = merged.stored
    rows = {
        "written_for": {str(each.pk): each.label for each in stored.audiences},
        "topic": {str(each.pk): each.name for each in stored.topics},
    }
    chosen = {key: str(label) for choices in CHOICES.get(name, []) for key, label in choices.choices}
    labels = rows.get(name, chosen)
    return labels.get(value, value) or _("(empty)")


def marked_typed(theirs: str, mine: str) -> str:
    try:
        return redline(from_typed(theirs), from_typed(mine))
    except (ValidationError, TooLong):
        return plain_redline(theirs, mine)


def merged_text(opened: str | None, theirs: str, mine: str) -> str:
    """
    Return both changes in one text, block by block. If both changed the same block, it is theirs and then mine, after a
    line that says so: no text with that line is stored, so that nobody saves both unseen.

    Without the text that both began with, or if one of them cannot be stored as it is, it is mine.
    """
    try:
        before, one, other = (_blocks(text) for text in (opened or "", theirs, mine))
    except (ValidationError, TooLong):
        return mine
    if opened is None:
        return mine
    found = [block for region in _regions(before, one, other) for block in _both(*region)]
    return to_typed("\n".join(found))


def _both(old: list[str], new: list[str], own: list[str]) -> list[str]:
    """Return a piece with both changes of it; where both changed the same block, both blocks."""
    if new == old:
        return own
    if own in (old, new):
        return new
    if len(old) == len(new) == len(own) > 1:
        return [block for each in zip(old, new, own, strict=True) for block in _both(*([one] for one in each))]
    others = [each for each in own if each not in new]
    is_twice = bool(old) and set(old).isdisjoint([*new, *own])
    marked = [f"<p>{BOTH_CHANGED} {_changed_twice(new, others)}</p>"] if others and is_twice else []
    return [*marked, *new, *others]


def _changed_twice(theirs: list[str], mine: list[str]) -> str:
    if not theirs:
        return _("They deleted what follows, and you changed it. Keep it or delete it, and delete this line.")
    return _("You both changed this: first their text, then yours. Make one of them, and delete this line.")


def _blocks(typed: str) -> list[str]:
    return [write([block]) for block in parse(from_typed(typed))]


def _regions(old: list[str], one: list[str], other: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield the three texts in pieces, parted where all three have the same block."""
    in_one, in_other = _matches(old, one), _matches(old, other)
    at = (0, 0, 0)
    for place in [each for each in range(len(old)) if each in in_one and each in in_other] + [len(old)]:
        is_end = place == len(old)
        until = (place, len(one) if is_end else in_one[place], len(other) if is_end else in_other[place])
        yield old[at[0] : until[0]], one[at[1] : until[1]], other[at[2] : until[2]]
        if not is_end:
            yield [old[place]], [old[place]], [old[place]]
        at = (until[0] + 1, until[1] + 1, until[2] + 1)


def _matches(old: list[str], new: list[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + place: block.b + place for block in blocks for place in range(block.size)}


def savers(merged: Merge) -> list[str]:
    """Return the names of those who saved the parts that collide."""
    wanted: dict[str, set[int]] = {}
    for each in merged.collisions:
        seen = merged.sent.seen(each.part)
        if seen.isdecimal():
            wanted.setdefault(_model_of(each.part), set()).add(int(seen))
    people: set[int] = set()
    for model in (Article, Authorship, Section, Wording):
        if keys := wanted.get(model.__name__):
            people.update(_changed_by(model.history.filter(history_id__in=keys).values_list("history_user", flat=True)))
    return [str(name) for name in Contributor.objects.filter(user__in=people).values_list("name", flat=True)]


def _model_of(part: str) -> str:
    form = _form(part)
    return str(form._meta.model.__name__)


def _changed_by(people: Iterable[int | None]) -> set[int]:
    return {person for person in people if person is not None}
