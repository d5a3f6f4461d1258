"""
What publishers say of a work after it appeared: it was retracted, corrected, or is to be read with concern.

The names are those of PubMed's notices. `status` of CSL holds the gravest; `custom` holds the notices themselves.
"""

from typing import Any

STATUSES = (  # the gravest first
    "retracted",
    "expression of concern",
    "partially retracted",
    "corrected and republished",
    "corrected",
    "republished",
    "updated",
)
OF_THIS_WORK = {  # the kind of a notice about this work: the work's status
    "retraction in": "retracted",
    "expression of concern in": "expression of concern",
    "partial retraction in": "partially retracted",
    "corrected and republished in": "corrected and republished",
    "erratum in": "corrected",
    "republished in": "republished",
    "update in": "updated",
}
OF_ANOTHER_WORK = (  # the work is itself such a notice
    "retraction of",
    "expression of concern for",
    "partial retraction of",
    "corrected and republished from",
    "erratum for",
    "republished from",
    "update of",
)
NOTICES = (*OF_THIS_WORK, *OF_ANOTHER_WORK)


def notices(csl: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (kind, text) of each notice that the work's record holds."""
    custom = csl.get("custom")
    found = custom.get("notices") if isinstance(custom, dict) else None
    rows = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [(str(row.get("kind", "")), str(row.get("text", ""))) for row in rows if row.get("kind") in NOTICES]
