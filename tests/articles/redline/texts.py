"""Texts with doses, citations, lists and tables, and the same after somebody has edited them."""

import re
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from articles.text.richtext import clean

THOROUGH = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)

WORDS = "give the dose slowly if renal function falls below normal and check potassium".split()  # noqa: SIM905
DOSES = ["100 mcg", "2.5 mg", "10 mg", "5–10 mL", "1,000 units", "37.5 °C", "10 %", "3 mg/kg", "≥ 65 years", "1 g"]
DRUGS = ["Aspirin", "Digoxin", "Heparin", "Insulin", "Lithium", "Morphine", "Warfarin", "Prednisone", "Prednisolone"]
CITES = ['<cite data-ref="a1">[a1]</cite>', '<cite data-ref="who-2024">[who-2024]</cite>']


def sentence(seed):
    """Return a sentence with doses, citations and marks in it."""
    choose = Random(seed)
    pieces = choose.choices(WORDS + DOSES + CITES + ["<br>", "CO<sub>2</sub>", "&lt;"], k=choose.randint(0, 9))
    marks = ["{}", "{}", "{}", "<strong>{}</strong>", "<em>{}</em>"]
    marked = [choose.choice(marks).format(piece) for piece in pieces]
    return choose.choice([" ", " ", ", "]).join(["Then", *marked]) + choose.choice(["", ".", " "])


sentences = st.sampled_from([sentence(seed) for seed in range(500)])
paragraphs = sentences.map("<p>{}</p>".format)
headings = st.builds("<h{0}>{1}</h{0}>".format, st.sampled_from([3, 4]), sentences)


def listed(items):
    tags = st.sampled_from([("<ul>", "</ul>"), ("<ol>", "</ol>"), ('<ol start="4">', "</ol>")])
    return st.builds(
        lambda tag, found: tag[0] + "".join(f"<li>{item}</li>" for item in found) + tag[1],
        tags,
        st.lists(items, min_size=1, max_size=4),
    )


SIMPLE = "Then <strong>check</strong> 10 mg"
ITEMS = [
    f"{SIMPLE} now",
    f"<p>{SIMPLE}</p><p>and {SIMPLE}</p>",
    f"{SIMPLE}<ul><li>if 2.5 mg</li><li>{SIMPLE}</li></ul>",
    f"<ol><li>{SIMPLE}</li></ol>afterwards",
    f"<p>Above</p><ul><li>{SIMPLE}</li></ul><p>below</p>",
]
lists = listed(st.one_of(sentences, st.sampled_from(ITEMS)))
cells = st.sampled_from([*DOSES, *DOSES, "", "no data", *ITEMS, *map(sentence, range(1000, 1020))])


@st.composite
def rows(draw, width):
    if draw(st.integers(0, 9)) == 0:
        return f'<tr><th scope="colgroup" colspan="{width}">{draw(sentences)}</th></tr>'
    name = draw(st.sampled_from([*DRUGS, ""]))
    attribute = draw(st.sampled_from(["", "", "", ' rowspan="2"']))
    return (
        f'<tr><th scope="row"{attribute}>{name}</th>{"".join(f"<td>{draw(cells)}</td>" for _ in range(width - 1))}</tr>'
    )


@st.composite
def tables(draw):
    width = draw(st.integers(2, 4))
    caption = draw(st.sampled_from(["", "", "<caption>Table 1. Doses</caption>", "<caption>Table 2. Doses</caption>"]))
    groups = [draw(st.lists(rows(width), min_size=1, max_size=4)) for _ in range(draw(st.integers(1, 2)))]
    head = f"<thead>{draw(rows(width))}</thead>" if draw(st.booleans()) else ""
    bodies = "".join(f"<tbody>{''.join(group)}</tbody>" for group in groups)
    return f"<table>{caption}{head}{bodies}</table>"


blocks = st.one_of(paragraphs, paragraphs, headings, lists, tables())
documents = st.lists(blocks, max_size=6).map("".join).map(clean)
PARTS = re.compile(r"(<tr>.*?</tr>|<p>.*?</p>|<li>[^<]*</li>|[0-9]+|[a-z]{3,}(?= ))", re.DOTALL)


@st.composite
def edits(draw):
    """A document and the same after someone has deleted, repeated, swapped and changed parts of it."""
    old = draw(documents)
    parts = PARTS.split(old)
    for _ in range(draw(st.integers(0, 4))):
        places = range(1, len(parts), 2)
        if not places:
            break
        one, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        match draw(st.integers(0, 3)):
            case 0:
                parts[one] = ""
            case 1:
                parts[one] += parts[one]
            case 2:
                parts[one], parts[other] = parts[other], parts[one]
            case _:
                parts[one] = parts[one].replace("1", "2").replace("the", "every")
    return old, clean("".join(parts) + draw(st.one_of(st.just(""), blocks)))
