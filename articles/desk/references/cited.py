"""The references of a draft beside its texts, with the numbers that its main text gives them."""

from dataclasses import dataclass

from articles.desk.writing.stored import Stored
from articles.models import Section
from articles.text.richtext import cited_keys


@dataclass(frozen=True)
class CitedReference:
    """A reference of a draft. `number` is None if the saved main text does not cite it."""

    pk: int
    key: str
    name: str
    is_retracted: bool
    number: int | None


def references_of(stored: Stored) -> list[CitedReference]:
    """Return the references by their numbers, then those that are not cited by key; one query."""
    sections = sorted(stored.sections.values(), key=lambda row: row.role != Section.Role.LEAD)
    rows = {row.key: row for row in stored.article.article_references.select_related("reference").order_by("key")}
    cited = dict.fromkeys(key for section in sections for key in cited_keys(section.body) if key in rows)
    numbers = {key: place for place, key in enumerate(cited, start=1)}
    return [
        CitedReference(row.pk, key, str(row.reference), row.reference.is_retracted, numbers.get(key))
        for key, row in ((key, rows[key]) for key in [*numbers, *(key for key in rows if key not in numbers)])
    ]
