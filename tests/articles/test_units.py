"""A dose has the same units wherever it is read, and each of them is one of UCUM."""

import re._parser as patterns

import pytest
import ucumvert

from articles.checks.families.medicines.units import CODES, MASS, VOLUME
from articles.search.analysis.amounts import amount, is_unit, unit
from articles.text.plain.doses import UNIT, doses

SPACES = str.maketrans("\u00a0", " ")


def spellings(tree) -> list[str]:
    """Return all texts that a pattern without repetition matches."""
    found = [""]
    for kind, value in tree:
        match str(kind):
            case "LITERAL":
                ways = [chr(value)]
            case "IN":
                ways = [chr(sign) for each, sign in value if str(each) == "LITERAL"]
                assert len(ways) == len(value)
            case "MAX_REPEAT":
                assert value[:2] == (0, 1)
                ways = ["", *spellings(value[2])]
            case "SUBPATTERN":
                ways = spellings(value[3])
            case "BRANCH":
                ways = [text for branch in value[1] for text in spellings(branch)]
            case other:
                raise AssertionError(other)
        found = [before + after for before in found for after in ways]
    return found


def test_the_pattern_of_doses_finds_the_listed_units_and_no_others():
    assert {text.translate(SPACES).strip() for text in spellings(patterns.parse(UNIT))} == set(CODES)


@pytest.mark.parametrize("spelling", sorted(CODES))
def test_a_number_with_a_listed_unit_is_a_dose(spelling):
    assert doses(f"5 {spelling}")[0] == (0, len(spelling) + 2)


def test_search_and_comparison_convert_the_listed_masses_and_volumes_alike():
    for listed in (MASS, VOLUME):
        for code, written in listed.items():
            known = [word.casefold().replace("µ", "μ").removesuffix("s") for word in written.split()]
            signs = {unit(word) for word in known if is_unit(word)}
            assert len(signs) <= 1, (code, signs)
    assert amount("1", unit("gm")) == amount("1000", unit("mg")) == amount("1000000", unit("mcg"))
    assert amount("1", unit("cc")) == amount("1", unit("ml"))


def test_each_code_is_one_of_ucum():
    """The parser of UCUM brings Pint along, which reads no amount of ours: it is there for tests alone."""
    parser = ucumvert.get_ucum_parser()

    for code in sorted(set(CODES.values())):
        parser.parse(code)
