"""
Two versions that differ in exactly one signed thing: the reviewer's list names that thing, and nothing else.

`PAIRS=10000 python -m pytest tests/desk/test_every_change.py` draws more pairs than the suite does.
"""

import copy
import json
import os
import random
import re

import pytest

from reviews.desk.review.changed.changes import compared
from tests.articles.frozen import LABELS, cite, section, wording

pytestmark = pytest.mark.once

PAIRS = int(os.environ.get("PAIRS", "150"))
NEW = "zq17"
WORDS = "lymph node tissue swelling pain fever doctor scan dose kidney liver child adult daily never often".split()  # noqa: SIM905


def draw(chance: random.Random) -> dict:
    """Return a version of eight sections, each with texts of their own for some audiences."""

    def words(least, most):
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most)))

    def sentences():
        return " ".join(f"{words(4, 9).capitalize()}." for _ in range(chance.randint(1, 3)))

    def body():
        rows = "".join(
            f'<tr><th scope="row">{words(1, 2)} {number}</th><td>{chance.randint(1, 99)} mg</td>'
            f"<td>{words(1, 4)}</td></tr>"
            for number in range(3)
        )
        table = f"<table><thead><tr><th>Who</th><th>Dose</th><th>Note</th></tr></thead><tbody>{rows}</tbody></table>"
        items = "".join(f"<li>{words(3, 8)}</li>" for _ in range(3))
        parts = [
            f"<p>{sentences()}{cite(chance.choice('abcde'))}</p>",
            f"<ul>{items}</ul>",
            table,
            f"<p>{sentences()}</p>",
        ]
        return "\n".join(chance.sample(parts, chance.randint(2, 4)))

    sections = [
        section(
            f"s{number}",
            heading=f"{words(1, 3)} {number}",
            body=body(),
            **{key: wording(body(), words(0, 2)) for key in ("carer", "professional") if chance.random() < 0.5},
        )
        for number in range(8)
    ]
    works = {key: {"type": "book", "title": f"Work {key} on {words(2, 4)}", "note": words(2, 3)} for key in "abcde"}
    return {
        "format": "imprimatur/version/1",
        "article": "0d5d",
        "kind": "topic",
        "language": "en",
        "title": words(2, 5),
        "risk": "high",
        "written_for": "public",
        "ai_use": {"level": "none", "note": words(1, 5)},
        "audiences": [{"key": key, "label": label} for key, label in LABELS.items()],
        "topics": [{"name": words(1, 2), "slug": f"t{number}"} for number in range(2)],
        "contributors": [{"name": f"Ada {words(1, 1)}", "credentials": "MD", "orcid": "", "role": "author"}],
        "sections": sections,
        "references": [{"key": key, "csl": json.dumps(work)} for key, work in works.items()],
        "figures": [],
        "disclaimers": {key: {"number": 1, "sha256": f"{place}" * 64} for place, key in enumerate(LABELS)},
        "visible": {key: f"{place}" * 64 for place, key in enumerate(LABELS)},
    }


def text_of(chance, content):
    """Return a section or wording, whichever is drawn, and who reads it."""
    one = chance.choice(content["sections"])
    texts = [(one, None), *((text, key) for key, text in one["wordings"].items())]
    return chance.choice(texts)[0]


def replaced(chance, pattern, new):
    """Return a change of one match of this pattern in one body; None if the drawn body has none."""

    def change(content):
        text = text_of(chance, content)
        found = list(re.finditer(pattern, text["body"]))
        if not found:
            return None
        match = chance.choice(found)
        text["body"] = text["body"][: match.start()] + new(match) + text["body"][match.end() :]
        return NEW

    return change


def one_change(chance):
    """Return a function that changes exactly one signed thing, and returns what has to be named for it."""

    def moved(content):
        rows = content["sections"]
        here, there = chance.sample(range(len(rows)), 2)
        rows.insert(there, rows.pop(here))
        return "Moved from place"

    def lost_section(content):
        lost = content["sections"].pop(chance.randrange(8))
        return re.findall(r"\w+", lost["heading"])[-1]

    def lost_sentence(content):
        text = text_of(chance, content)
        pieces = re.findall(r"[A-Z][a-z ]+\.", text["body"])
        if not pieces:
            return None
        text["body"] = text["body"].replace(chance.choice(pieces), "", 1)
        return ""

    def field(path, value):
        def change(content):
            at = content
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = value
            return NEW

        return change

    def work(name):
        def change(content):
            row = chance.choice(content["references"])
            row["csl"] = json.dumps({**json.loads(row["csl"]), name: f"Of {NEW}"})
            return NEW

        return change

    def heading(content):
        text_of(chance, content)["heading"] += f" {NEW}"
        return NEW

    return chance.choice(
        [
            replaced(chance, r"\b\d+ mg", lambda match: f"{NEW} mg"),
            replaced(chance, r"(?<=[ >])[a-z]+(?=[ .<])", lambda match: NEW),
            replaced(chance, r"</p>", lambda match: f" A sentence of {NEW}.</p>"),
            replaced(chance, r"</ul>", lambda match: f"<li>{NEW}</li></ul>"),
            replaced(chance, r"</tbody>", lambda match: f"<tr><th>{NEW}</th><td>1 mg</td><td>x</td></tr></tbody>"),
            moved,
            lost_section,
            lost_sentence,
            heading,
            work("title"),
            work("note"),
            field(["title"], f"Of {NEW}"),
            field(["ai_use", "note"], NEW),
            field(["contributors", 0, "name"], NEW),
            field(["topics", 1, "name"], NEW),
            field(["disclaimers", "carer", "sha256"], NEW),
        ]
    )


def named(place) -> str:
    return " ".join([place.called, place.moved, *place.where, *(text for pair in place.words for text in pair)])


def test_exactly_the_one_thing_that_changed_is_named():
    missed, more, seen = [], [], 0
    for seed in range(PAIRS):
        chance = random.Random(seed)
        old = draw(chance)
        new = copy.deepcopy(old)
        wanted = one_change(chance)(new)
        if wanted is None or new == old:
            continue
        seen += 1
        rows = compared(old, new, chance.choice([*LABELS])).rows
        if not any(wanted in named(row) for row in rows):
            missed.append((seed, wanted))
        if wanted == NEW and not all(NEW in named(row) for row in rows):
            more.append(seed)

    assert seen > PAIRS * 0.6
    assert missed == []
    assert more == []
