"""All rules of the automatic checks, by family, in the order in which their findings are listed."""

from articles.checks.families.citations import entries, identifiers, support, works
from articles.checks.families.governance import declarations, people
from articles.checks.families.language import claims, grade, letters, plain_words, respect, spelling, unfinished
from articles.checks.families.language import numbers as said_numbers
from articles.checks.families.medicines import abbreviations, amounts, wordings
from articles.checks.families.medicines import numbers as given_numbers
from articles.checks.families.structure import care, figures, layout, parts, questions
from articles.checks.rule import Rule

FAMILIES: dict[str, list[Rule]] = {
    "governance": [*people.RULES, *declarations.RULES],
    "structure": [*parts.RULES, *questions.RULES, *figures.RULES, *care.RULES, *layout.RULES],
    "medicines": [*given_numbers.RULES, *abbreviations.RULES, *amounts.RULES, *wordings.RULES],
    "citations": [*works.RULES, *identifiers.RULES, *entries.RULES, *support.RULES],
    "language": [
        *unfinished.RULES,
        *letters.RULES,
        *claims.RULES,
        *respect.RULES,
        *grade.RULES,
        *plain_words.RULES,
        *said_numbers.RULES,
        *spelling.RULES,
    ],
}
RULES: list[Rule] = [rule for rules in FAMILIES.values() for rule in rules]
BY_NUMBER = {rule.number: rule for rule in RULES}
FAMILY_OF = {rule.number: family for family, rules in FAMILIES.items() for rule in rules}
