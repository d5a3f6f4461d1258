"""All rules of the automatic checks, by family, in the order in which their findings are listed."""

from articles.checks.families.citations import works
from articles.checks.families.governance import people
from articles.checks.families.language import letters, unfinished
from articles.checks.families.medicines import wordings
from articles.checks.families.structure import figures, parts, questions
from articles.checks.rule import Rule

FAMILIES: dict[str, list[Rule]] = {
    "governance": people.RULES,
    "structure": [*parts.RULES, *questions.RULES, *figures.RULES],
    "medicines": wordings.RULES,
    "citations": works.RULES,
    "language": [*unfinished.RULES, *letters.RULES],
}
RULES: list[Rule] = [rule for rules in FAMILIES.values() for rule in rules]
BY_NUMBER = {rule.number: rule for rule in RULES}
FAMILY_OF = {rule.number: family for family, rules in FAMILIES.items() for rule in rules}
