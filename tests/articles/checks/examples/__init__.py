"""For each rule, at least three texts in which it finds something, and three in which it finds nothing."""

from tests.articles.checks.examples import citations, governance, language, medicines, structure

FAMILIES = (governance, structure, medicines, citations, language)
FOUND = {number: texts for family in FAMILIES for number, (texts, _) in family.EXAMPLES.items()}
NOT_FOUND = {number: texts for family in FAMILIES for number, (_, texts) in family.EXAMPLES.items()}
