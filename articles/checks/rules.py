import re
from collections.abc import Iterator

from articles import richtext
from articles.checks.finding import Finding

PLACEHOLDER = re.compile(
    r"\b(?:TODO|TBC|TBD|FIXME|XXX?\s?(?:mg|mcg|g|ml|units))\b|lorem ipsum|\[citation needed\]", re.IGNORECASE
)
AI_BOILERPLATE = re.compile(r"\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b", re.IGNORECASE)


def says_something(content: dict) -> Iterator[Finding]:
    if not any(richtext.text(section["body"]).strip() for section in content["sections"]):
        yield Finding("STR-001", "Write the text of the article: no section says anything yet.")
    for section in content["sections"]:
        if not richtext.text(section["body"]).strip():
            yield Finding("STR-001", f"{place(section)} is empty: write it or remove it.", section["key"])


def has_authors_and_topics(content: dict) -> Iterator[Finding]:
    if not any(person["role"] == "author" for person in content["contributors"]):
        yield Finding("GOV-010", "Name at least one author.")
    if not content["topics"]:
        yield Finding("GOV-011", "File the article under at least one topic: its specialists are found by it.")


def declares_ai_use(content: dict) -> Iterator[Finding]:
    if not content["ai_use"]["level"]:
        yield Finding("GOV-005", "Declare whether artificial intelligence was used, even if it was not.")


def has_disclaimers(content: dict) -> Iterator[Finding]:
    for audience in content["audiences"]:
        if audience["key"] not in content["disclaimers"]:
            yield Finding("STR-003", f"No disclaimer is in force for this audience: {audience['label']}.")


def cites_known_works(content: dict) -> Iterator[Finding]:
    known = {reference["key"] for reference in content["references"]}
    for section, body in bodies(content):
        for key in richtext.cited_keys(body):
            if key not in known:
                message = f"{place(section)} cites [@{key}], but the article has no reference of that key."
                yield Finding("CIT-001", message, section["key"])


def has_no_placeholders(content: dict) -> Iterator[Finding]:
    yield from unfinished("The title", content["title"])
    for section in content["sections"]:
        for text in (section, *section["wordings"].values()):
            yield from unfinished(place(section), f"{text['heading']}\n{richtext.text(text['body'])}", section["key"])


def unfinished(where: str, text: str, key: str = "") -> Iterator[Finding]:
    for found in PLACEHOLDER.findall(text):
        yield Finding("LANG-014", f"{where} still holds a placeholder: “{found}”.", key)
    for found in AI_BOILERPLATE.findall(text):
        yield Finding("LANG-013", f"{where} speaks as a machine: “{found}”.", key)


def opens_with_its_lead(content: dict) -> Iterator[Finding]:
    roles = [section["role"] for section in content["sections"]]
    if roles.count("lead") > 1 or "lead" in roles[1:]:
        yield Finding("STR-005", "An article has one lead, and it comes first.")


def bodies(content: dict) -> Iterator[tuple[dict, str]]:
    """Yield every text of the content with the section it belongs to, wordings included."""
    for section in content["sections"]:
        yield section, section["body"]
        for wording in section["wordings"].values():
            yield section, wording["body"]


def place(section: dict) -> str:
    """Return how a sentence calls a section."""
    return f"The section “{section['heading']}”" if section["heading"] else "The lead"


RULES = [
    says_something,
    has_authors_and_topics,
    declares_ai_use,
    has_disclaimers,
    cites_known_works,
    has_no_placeholders,
    opens_with_its_lead,
]
