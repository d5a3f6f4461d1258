"""The parts of a page that a report can be about."""

from django.utils.translation import gettext_lazy as _

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import ErrorReport, Version, VersionText
from articles.text.rendering.sections import choose

BEGINNING, PAGE = _("The beginning"), _("The whole page, or something else")


def parts_of(version: Version, audience: str) -> list[tuple[str, str]]:
    """Return the key and the heading of each section that this audience is shown; raise as `frozen_content` does."""
    return [(section.key, section.heading or str(BEGINNING)) for section in choose(frozen_content(version), audience)]


def part_named(report: ErrorReport) -> str:
    """Return the heading of the section that a report is about; "" for the whole page, or if the text is not there."""
    try:
        return dict(parts_of(report.version, report.audience)).get(report.section, "") if report.section else ""
    except (DamagedText, VersionText.DoesNotExist):
        return ""
