"""The standing of a work in the reader's language: retracted, corrected, and the notices that say so."""

from django.utils.translation import gettext_lazy as _

from articles.text.citations.standing import notices

STATUSES = {
    "retracted": _("Retracted"),
    "expression of concern": _("Expression of concern"),
    "partially retracted": _("Partially retracted"),
    "corrected and republished": _("Corrected and republished"),
    "corrected": _("Corrected"),
    "republished": _("Republished"),
    "updated": _("Updated"),
}
KINDS = {
    "retraction in": _("Retraction in"),
    "expression of concern in": _("Expression of concern in"),
    "partial retraction in": _("Partial retraction in"),
    "corrected and republished in": _("Corrected and republished in"),
    "erratum in": _("Erratum in"),
    "republished in": _("Republished in"),
    "update in": _("Update in"),
    "retraction of": _("Retraction of"),
    "expression of concern for": _("Expression of concern for"),
    "partial retraction of": _("Partial retraction of"),
    "corrected and republished from": _("Corrected and republished from"),
    "erratum for": _("Erratum for"),
    "republished from": _("Republished from"),
    "update of": _("Update of"),
}


def standing_of(csl: dict[str, object]) -> str:
    """Return the work's status in words; empty if it has none that matters."""
    return str(STATUSES.get(str(csl.get("status", "")).lower(), ""))


def notices_of(csl: dict[str, object]) -> list[tuple[str, str]]:
    """Return (kind in words, text) of each notice in the work's record."""
    return [(str(KINDS[kind]), text) for kind, text in notices(csl)]
