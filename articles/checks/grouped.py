"""Findings for a page: by severity, and within it one group for each rule, so that many of one kind bury none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.checks.families import BY_NUMBER
from articles.checks.finding import Finding, Severity
from articles.checks.rule import Rule, short

MOST = 5  # findings of a rule that are shown at once
IN_A_SENTENCE = 3
LABELS: dict[Severity, Promise] = {
    Severity.BLOCK: gettext_lazy("Blocks submission"),
    Severity.WARN: gettext_lazy("Warnings"),
    Severity.INFO: gettext_lazy("Suggestions"),
}


@dataclass(frozen=True)
class Shown:
    """A finding with the name of its section, and the anchor of that on the page; both are "" for the whole article."""

    finding: Finding
    where: str
    anchor: str

    @property
    def said(self) -> str:
        """The message, or under the title of its rule the words alone if it says no more than both."""
        words = _("“{words}”").format(words=short(self.finding.excerpt))
        title = str(BY_NUMBER[self.finding.rule].title)
        both = self.finding.message.startswith(title) and len(self.finding.message) <= len(title) + len(words) + 3
        return words if self.finding.excerpt and both else self.finding.message


@dataclass
class Group:
    """The findings of one rule, of one severity, in their order."""

    rule: Rule
    shown: list[Shown] = field(default_factory=list)

    @property
    def first(self) -> list[Shown]:
        return self.shown[:MOST]

    @property
    def rest(self) -> list[Shown]:
        return self.shown[MOST:]

    @property
    def hint(self) -> str:
        return self.shown[0].finding.hint

    @property
    def sentence(self) -> str:
        """Return the first messages, and how many more there are."""
        said = " ".join(each.finding.message for each in self.shown[:IN_A_SENTENCE])
        more = len(self.shown) - IN_A_SENTENCE
        if more <= 0:
            return said
        return f"{said} " + ngettext("And {count} more.", "And {count} more.", more).format(count=more)


@dataclass
class Level:
    """The groups of one severity."""

    severity: Severity
    groups: list[Group]

    @property
    def label(self) -> str:
        return str(LABELS[self.severity])

    @property
    def count(self) -> int:
        return sum(len(group.shown) for group in self.groups)

    @property
    def is_open(self) -> bool:
        """Tell whether a page shows it unfolded: suggestions are folded."""
        return self.severity != Severity.INFO


def grouped(
    found: Iterable[Finding], content: Mapping[str, Any] | None = None, anchors: Mapping[str, str] | None = None
) -> list[Level]:
    """
    Return the levels that have findings, what blocks first; the groups in the order of the rules.

    `content` gives the names of the sections, and `anchors` by their keys the places on the page.
    """
    names = {row["key"]: row["heading"] or _("Lead") for row in (content or {}).get("sections", [])}
    groups: dict[tuple[Severity, str], Group] = {}
    for finding in found:
        key = (finding.severity, finding.rule)
        groups.setdefault(key, Group(BY_NUMBER[finding.rule])).shown.append(
            Shown(finding, names.get(finding.section, ""), (anchors or {}).get(finding.section, ""))
        )
    levels = (
        Level(severity, [group for (of, _rule), group in groups.items() if of == severity]) for severity in Severity
    )
    return [level for level in levels if level.groups]
