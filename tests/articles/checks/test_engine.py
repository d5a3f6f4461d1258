"""The checks are pure: the same text, rules and day give the same bytes. Each rule finds its examples."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from articles.checks import as_json, run
from articles.checks.families import BY_NUMBER, FAMILIES, RULES
from articles.checks.finding import Part
from articles.checks.ruleset import READ, ruleset, version_of
from articles.text import richtext
from articles.text.richtext.cited import cited
from tests.articles.checks.content import example
from tests.articles.checks.examples import FOUND, NOT_FOUND
from tests.articles.frozen import DRUGS, cite, table

AS_OF = datetime.date(2026, 11, 30)
EACH = [(number, place) for number in FOUND for place in range(len(FOUND[number]))]
NONE_OF = [(number, place) for number in NOT_FOUND for place in range(len(NOT_FOUND[number]))]
ROOT = Path(__file__).parents[3]


def found_by(number, given):
    return [one for one in run(example(given), AS_OF) if one.rule == number]


def test_each_rule_has_a_number_a_title_a_source_and_texts_that_show_it():
    numbers = [rule.number for rule in RULES]

    assert len(set(numbers)) == len(numbers)
    assert set(FOUND) == set(NOT_FOUND) == set(numbers)
    assert [number for number in numbers if len(FOUND[number]) < 3 or len(NOT_FOUND[number]) < 3] == []
    assert [
        rule.number for rule in RULES if not (str(rule.title) and str(rule.hint) and all(vars(rule.source).values()))
    ] == []
    assert all(str(rule.title).lstrip("“")[0].isupper() and not str(rule.title).endswith(".") for rule in RULES)
    assert all(rules for rules in FAMILIES.values())


@pytest.mark.parametrize(("number", "place"), EACH)
def test_a_rule_finds_its_examples(number, place):
    assert found_by(number, FOUND[number][place])


@pytest.mark.parametrize(("number", "place"), NONE_OF)
def test_a_rule_finds_nothing_in_a_text_that_is_right(number, place):
    assert found_by(number, NOT_FOUND[number][place]) == []


def plain_of(content, place):
    if place.part == Part.TITLE:
        return content["title"]
    section = next(section for section in content["sections"] if section["key"] == place.section)
    text = section["wordings"][place.audience] if place.audience else section
    return text["heading"] if place.part == Part.HEADING else richtext.plain(text["body"])


def test_the_slice_at_each_place_is_the_excerpt_and_lies_in_its_sentence():
    slices = Counter()
    for given in (each for texts in (*FOUND.values(), *NOT_FOUND.values()) for each in texts):
        content = example(given)
        for one in run(content, AS_OF):
            if one.place.end:
                assert plain_of(content, one.place)[one.place.start : one.place.end] == one.excerpt
                assert one.excerpt.strip() == one.excerpt != ""
                assert one.excerpt in one.sentence or one.sentence in one.excerpt
                slices[one.rule] += 1
            else:
                assert (one.place.start, one.excerpt, one.sentence) == (0, "", "")

    assert slices.total() >= 12


def test_only_what_blocks_or_suggests_depends_on_the_day():
    """The worksheet of a review asks about each warning, and knows no day."""
    for given in (each for texts in (*FOUND.values(), *NOT_FOUND.values()) for each in texts):
        content = example(given)
        one, other = ([each for each in run(content, day) if each.severity == "warn"] for day in (AS_OF, None))
        assert one == other


ALL = "json.dumps([as_json(run(example(e), D), D) for t in (*FOUND.values(), *NOT_FOUND.values()) for e in t])"
SCRIPT = f"""
import datetime, json, socket, sys
def refuse(*args, **more): raise OSError("no network")
import django
django.setup()
from articles.checks import as_json, run
from tests.articles.checks.content import example
from tests.articles.checks.examples import FOUND, NOT_FOUND
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from django.db import connections
connections.databases.clear()
D = datetime.date(2026, 11, 30)
sys.stdout.write({ALL})
"""


def in_a_process(seed):
    more = {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), "DEBUG": "0"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env={**os.environ, **more}, capture_output=True, check=True
    )
    return done.stdout


@pytest.mark.once
def test_two_processes_say_the_same_bytes_without_network_or_database():
    one, other = in_a_process("1"), in_a_process("20001")
    texts = [given for each in (*FOUND.values(), *NOT_FOUND.values()) for given in each]

    assert one == other
    assert json.loads(one) == [as_json(run(example(given), AS_OF), AS_OF) for given in texts]


def test_the_json_says_what_each_finding_is():
    data = json.loads(as_json(run(example("The dose is TBC."), AS_OF), AS_OF))
    finding = next(one for one in data["findings"] if one["rule"] == "LANG-014")

    assert data["ruleset"] == ruleset()
    assert data["as_of"] == "2026-11-30"
    assert data["counts"]["block"] == 1
    assert finding == {
        "rule": "LANG-014",
        "family": "language",
        "title": "A placeholder",
        "severity": "block",
        "message": "The lead still holds a placeholder: “TBC”.",
        "hint": "Write what belongs there, or remove it.",
        "source": {"title": BY_NUMBER["LANG-014"].source.title, "from": BY_NUMBER["LANG-014"].source.origin},
        "place": {"section": "lead", "audience": "", "part": "body", "start": 12, "end": 15},
        "excerpt": "TBC",
        "sentence": "The dose is TBC.",
    }


def test_another_rule_is_another_ruleset(tmp_path):
    copy = tmp_path / "checks"
    shutil.copytree(READ[0], copy, ignore=shutil.ignore_patterns("__pycache__"))
    same = version_of((copy,))
    rule = copy / "families" / "language" / "unfinished.py"
    rule.write_text(rule.read_text().replace("lorem ipsum", "lorem"))

    assert same == version_of((READ[0],))
    assert version_of((copy,)) != same
    assert version_of(READ) == ruleset() != version_of(READ[:1])


BODIES = [
    f"<p>It helps.{cite('a')} Also {cite('b', 'c')}, so.</p>",
    f"<p>{cite('a')} It helps [{cite('b')}; {cite('c')}].</p><h3>Heading {cite('a')}</h3>",
    f"<p>One<br>two{cite('a')}<br>{cite('b')} three</p>",
    f"<ul><li>a{cite('a')}</li><li><p>b</p><p>c{cite('b')}</p></li></ul>",
    table(DRUGS.replace("75 mg", f"75 mg{cite('a')}"), f"Doses {cite('b')}"),
    table(f"<tr><td><p>x{cite('a')}</p><p>y{cite('b')}</p></td><td>10<sup>9{cite('c')}</sup>/L</td></tr>"),
    "<p>10<sup>9</sup>2 and H<sub>2</sub>O</p><p></p>",
    f"<p>{cite('a')}</p>",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_the_text_with_its_citations_is_the_plain_text(body):
    body = richtext.clean(body)
    read = cited(body)

    assert read.plain == richtext.plain(body)
    assert "\n".join(read.plain[line.start : line.end] for line in read.lines) == read.plain
    assert {key for line in read.lines for _place, key in line.cites} == {*richtext.cited_keys(body)}
    assert all(line.start <= place <= line.end for line in read.lines for place, _key in line.cites)


def test_a_citation_stands_at_the_end_of_what_it_supports():
    read = cited(richtext.clean(f"<p>It helps.{cite('a')} So it is {cite('b')}. In 5 {cite('c')} of 10.</p>"))

    assert read.plain == "It helps. So it is. In 5 of 10."
    assert [(read.plain[:place], key) for place, key in read.lines[0].cites] == [
        ("It helps.", "a"), ("It helps. So it is", "b"), ("It helps. So it is. In 5", "c"),
    ]  # fmt: skip
