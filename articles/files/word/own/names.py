"""What a Word file of ours is known by: its own part, the styles of its paragraphs, and the words that we add to it."""

from dataclasses import dataclass

NAMESPACE = "urn:imprimatur:article:1"
OWN = f"{{{NAMESPACE}}}"

# Styles, by their names in Word. A reader compares them in lower case.
ROLE, WORDING, WORDING_HEADING = "Section role", "Wording", "Wording heading"
FIGURE, FIGURE_CAPTION = "Figure", "Figure caption"
FIGURE_SOURCE, FIGURE_LICENCE = "Figure source", "Figure licence"
DETAILS, CLOSING_HEADING, CLOSING, REFERENCE = "Details", "Closing heading", "Closing details", "Listed reference"
SILENT = frozenset(name.lower() for name in (DETAILS, CLOSING_HEADING, CLOSING, REFERENCE))
CONTINUED = {f"List Continue{f' {number}' if number > 1 else ''}": number - 1 for number in range(1, 10)}
CELL = "Table text"
SCOPES = {
    "col": "Column header",
    "row": "Row header",
    "colgroup": "Column group header",
    "rowgroup": "Row group header",
    "": "Header cell",
}
NEW_GROUP = "thick"  # the border above a row with which another body of its table begins


@dataclass(frozen=True)
class Labels:
    """The words that a file says beside the article, in one language."""

    role: str
    wording: str
    references: str
    approval: str
    disclaimers: str
    roles: dict[str, str]


LABELS = {
    "en": Labels(
        role="Role: {role}",
        wording="Text for: {label}",
        references="References",
        approval="About this version",
        disclaimers="Disclaimers",
        roles={
            "lead": "Lead",
            "summary": "Summary",
            "key_points": "Key points",
            "body": "Body",
            "urgent": "When to get help",
            "help_now": "Emergency: get help now",
            "help_today": "Urgent: get help today",
            "help_soon": "See someone: not urgent",
        },
    ),
    "de": Labels(
        role="Rolle: {role}",
        wording="Text für: {label}",
        references="Quellen",
        approval="Über diese Version",
        disclaimers="Hinweise",
        roles={
            "lead": "Einleitung",
            "summary": "Zusammenfassung",
            "key_points": "Das Wichtigste",
            "body": "Haupttext",
            "urgent": "Wann Sie Hilfe brauchen",
            "help_now": "Notfall: sofort Hilfe holen",
            "help_today": "Dringend: heute Hilfe holen",
            "help_soon": "Ärztlich abklären: nicht dringend",
        },
    ),
}


def labels_for(language: str) -> Labels:
    """Return the words for a text in this language: English ones if there are no others."""
    return LABELS.get(language.partition("-")[0].lower(), LABELS["en"])


def role_of(line: str) -> str:
    """Return the key of the role that a line names, in any of our languages; empty if it names none."""
    for labels in LABELS.values():
        for key, label in labels.roles.items():
            if line.casefold() in (labels.role.format(role=label).casefold(), label.casefold(), key):
                return key
    return ""
