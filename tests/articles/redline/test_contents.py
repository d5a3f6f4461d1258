"""Whatever is under the digest is equal, or the comparison shows it as changed: one signed thing at a time."""

import copy
import datetime
import json
import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from articles.frozen.content import freeze
from articles.models import Audience, Section, Wording
from articles.text.redline.contents import compare
from articles.text.redline.signed import FACTS, IN_THE_TEXT, REFERENCE, SECTION, WORDING
from reviews.desk.review.changed.changes import compared
from tests.articles.frozen import LABELS, cite, figure, placed, section, wording
from tests.factories import article, save, submitted, topic
from tests.factories import cite as cite_work

NEW = "zq17"
TABLE = '<table>\n<tbody>\n<tr><th scope="row">Aspirin</th><td>75 mg</td></tr>\n</tbody>\n</table>'


def content():
    works = {
        "a": {"type": "book", "title": "Work A", "author": [{"family": "Ito", "given": "Ken"}], "note": "Unprinted"},
        "b": {"type": "book", "title": "Work B", "issued": {"date-parts": [[2020, 1]]}},
        "c": {"type": "book", "title": "Only for professionals"},
    }
    professional = wording(f"<p>Give 500 mg.{cite('c')}</p>", "Dosing")
    sections = [
        section("s1", role="lead", heading="", body=f"<p>The lead.{cite('a')}</p>"),
        section("s2", heading="Dose", body=f"<p>Take 5 mg.{cite('b')}</p>{placed('f1')}", professional=professional),
        section("s3", role="key_points", heading="Points", body="<ul>\n<li>One.</li>\n<li>Two.</li>\n</ul>"),
        section("s4", role="urgent", heading="Urgent", body=TABLE, carer=wording(f"<p>Call.</p>{placed('f2')}"),
                public=wording("<p>Never shown.</p>", "H")),
        section("s5", heading="Empty", body="", professional=wording("<p>For these alone.</p>")),
        section("s6", heading="Hidden", body=""),
    ]  # fmt: skip
    return {
        "format": "imprimatur/version/1",
        "article": "0d5d",
        "kind": "topic",
        "language": "en",
        "title": "Aspirin",
        "risk": "high",
        "written_for": "public",
        "ai_use": {"level": "none", "note": "None at all"},
        "audiences": [{"key": key, "label": label} for key, label in LABELS.items()],
        "topics": [{"name": "Pain", "slug": "pain"}, {"name": "Heart", "slug": "heart"}],
        "contributors": [
            {"name": "Ada", "credentials": "MD", "orcid": "0000-0002-1825-0097", "role": "author"},
            {"name": "Bo", "credentials": "", "orcid": "", "role": "editor"},
        ],
        "sections": sections,
        "references": [{"key": key, "csl": json.dumps(csl)} for key, csl in works.items()],
        "figures": [figure("f1"), figure("f2")],
        "disclaimers": {key: {"number": 1, "sha256": f"{place}" * 64} for place, key in enumerate(LABELS)},
        "visible": {key: f"{place}" * 64 for place, key in enumerate(LABELS)},
    }  # fmt: skip


def leaves(value, path=()):
    """Yield the path of each leaf."""
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path


def lists(value, path=()):
    if isinstance(value, list):
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from lists(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def another(value, path):
    if path[-1] == "body":
        return re.sub("(<p>|<td>|<li>)", rf"\1{NEW} ", value, count=1) if value else f"<p>{NEW}</p>"
    if path[-1] == "csl":
        return json.dumps({**json.loads(value), "edition": NEW})
    if isinstance(value, int):
        return 4711
    return f"{value} {NEW}".strip()


def changed(path, make):
    new = copy.deepcopy(content())
    at(new, path[:-1])[path[-1]] = make(at(new, path))
    return new


CONTENT = content()
LEAVES = [path for path in leaves(CONTENT) if path[-1] != "key"]
LISTS = list(lists(CONTENT))
READERS = [*LABELS]


def page(old, new, audience):
    """Return what a reviewer is shown: the list of all changes, and the text with them."""
    earlier = SimpleNamespace(version=SimpleNamespace(number=1), __str__=lambda: "version 1")
    around = {"review": SimpleNamespace(pk=1), "version": SimpleNamespace(language="en"), "audience": audience}
    changes = compared(old, new, audience)
    return render_to_string(
        "desk/_changes.html", {"changes": changes, "text": changes, "compared_with": earlier, **around}
    )


def in_the_list(html):
    """Return what the list says, without its place in the text below."""
    return "\n".join(re.findall(r"<li.*?</li>", html.partition('class="changes"')[2].partition("</ol>")[0], re.S))


def says_it_is_the_same(html):
    return "Nothing changed" in html


@pytest.mark.once
@pytest.mark.parametrize("audience", READERS)
def test_equal_contents_are_said_to_be_the_same_and_no_change_is_shown(audience):
    html = page(content(), content(), audience)

    assert says_it_is_the_same(html)
    assert re.findall("<(?:ins|del)>(?!underlined|struck)", html) == []


@pytest.mark.once
@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_each_signed_leaf_is_named_when_it_alone_changes(path, audience):
    new = changed(path, lambda value: another(value, path))

    html = page(content(), new, audience)

    listed = in_the_list(html)
    if "figures" in path and path[-1] in ("sha256", "width", "height", "media_type"):
        assert "Picture now" in listed  # the list is cut; the whole of it stands beside the text
        listed = html
    assert NEW in listed or "4711" in listed
    assert not says_it_is_the_same(html)


@pytest.mark.once
@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_each_signed_leaf_is_named_when_it_alone_was_emptied(path, audience):
    old, new = content(), changed(path, lambda value: 0 if isinstance(value, int) else "")
    if path[-1] in ("csl",) or at(old, path) == at(new, path):
        return

    html = page(old, new, audience)

    assert re.search("<(?:ins|del)>(?!underlined|struck)", html)
    assert not says_it_is_the_same(html)


@pytest.mark.once
@pytest.mark.parametrize("audience", READERS)
@pytest.mark.parametrize("path", LISTS, ids=lambda path: ".".join(map(str, path)))
def test_each_order_and_each_row_is_named(path, audience):
    old = content()
    new = changed(path, lambda rows: [rows[1], rows[0], *rows[2:]])
    assert len(at(old, path)) > 1

    fewer = changed(path, lambda rows: rows[:-1])
    moved, shorter, longer = (page(*pair, audience) for pair in ((old, new), (old, fewer), (fewer, old)))

    for html in (moved, shorter, longer):
        assert re.search("<(?:ins|del)>(?!underlined|struck)", html)
        assert not says_it_is_the_same(html)
    if path == ("sections",):
        assert "Order of the sections" in moved
        assert "Moved from place 3 to place 2, now after" in page(
            old, changed(path, lambda rows: [rows[0], rows[2], rows[1], *rows[3:]]), audience
        )


PLACES = [(), ("sections", 1), ("sections", 1, "wordings", "professional"), ("references", 0), ("contributors", 0),
          ("topics", 0), ("audiences", 0), ("ai_use",), ("disclaimers", "public")]  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)) or "top")
@pytest.mark.parametrize("audience", READERS)
def test_a_new_field_is_named_before_the_comparison_knows_it(path, audience):
    new = copy.deepcopy(content())
    at(new, path)["reviewed_guideline"] = NEW

    html = page(content(), new, audience)

    assert NEW in html
    assert "eviewed" in html
    assert not says_it_is_the_same(html)


@pytest.mark.django_db
def test_the_comparison_knows_each_field_of_the_frozen_form(author):
    """A new field of the frozen form needs its own line, in words that a reviewer understands."""
    day, original = datetime.date(2026, 3, 31), submitted(author, article(author, language="fr"))
    fields = {"language": "de", "evidence_current_to": day, "translation_of": original}
    draft = article(author, body=f"<p>Text.{cite('a')}{cite('b')}</p>", **fields)
    cite_work(draft, "a", by=author)
    row = cite_work(draft, "b", by=author)
    row.although_retracted = "It is the study that this section corrects."
    save(row, author)
    other = Section(article=draft, heading="Other", body="<p>More.</p>", position=2, topic=topic("Oncology"))
    save(other, author)
    readers = Audience.objects.get(key="professional")
    save(Wording(section=draft.sections.first(), audience=readers, body="<p>Theirs.</p>"), author)

    frozen = freeze(draft).content

    assert set(frozen) == {*FACTS, *IN_THE_TEXT}
    assert [set(row) ^ SECTION for row in frozen["sections"]] == [{"topic"}, set()]
    assert all(set(row) == WORDING for one in frozen["sections"] for row in one["wordings"].values())
    assert [set(row) ^ REFERENCE for row in frozen["references"]] == [{"although_retracted"}, set()]
    example = content()
    for name in ("contributors", "topics", "audiences"):
        assert set(frozen[name][0]) == set(example[name][0])
    for name in ("ai_use", "visible", "disclaimers"):
        assert set(frozen[name]) == set(example[name])


@pytest.mark.once
def test_a_dose_in_another_audiences_wording_is_shown_to_who_reads_the_general_text():
    new = changed(("sections", 1, "wordings", "professional", "body"), lambda body: body.replace("500 mg", "5000 mg"))

    html = page(content(), new, "public")

    assert "For these readers nothing changed." in html
    assert "For other readers: healthcare professional" in html
    assert re.search("<del>.*500 mg.*</del><ins>.*5000 mg.*</ins>", html)


@pytest.mark.once
def test_only_the_visible_digests_differ_when_the_renderer_changed_what_is_visible():
    new = changed(("visible", "carer"), lambda digest: "f" * 64)

    found = compare(content(), new, "public")

    assert [fact.name for fact in found.facts] == ["What is visible (for carer)"]
    assert "a change of the site’s software changed what readers see" in found.facts[0].html
    assert not found.same


@pytest.mark.once
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("10–20 mg", "10\u200f–20 mg", "U+200F RIGHT-TO-LEFT MARK"),
        ("take 10", "take 1\u20600", "U+2060 WORD JOINER"),
        ("not\u0336 stop", "not stop", "U+0336 COMBINING LONG STROKE OVERLAY"),
        ("5 µg", "5 μg", "U+00B5 MICRO SIGN became U+03BC GREEK SMALL LETTER MU"),
        ("5 mg", "5\u00a0mg", "U+00A0 NO-BREAK SPACE"),
        ("5 \uf06dg", "5 μg", "U+F06D PRIVATE USE"),
    ],
)
@pytest.mark.parametrize("path", [("title",), ("sections", 1, "body"), ("topics", 0, "name"), ("ai_use", "note")])
def test_a_change_that_no_eye_sees_is_named(path, old, new, named):
    put = {"body": "<p>{}</p>"}.get(path[-1], "{}").format
    html = page(changed(path, lambda _: put(old)), changed(path, lambda _: put(new)), "public")

    assert named in html


@pytest.mark.once
def test_a_changed_address_is_said():
    def link(address):
        return changed(("sections", 1, "body"), lambda _: f'<p>See <a href="{address}">this page</a>.</p>')

    html = page(link("https://a.org/1"), link("https://b.org/2"), "public")

    assert "the link’s address changed from https://a.org/1 to https://b.org/2" in html


@pytest.mark.once
def test_words_that_are_only_set_otherwise_are_said_to_be_the_same():
    old, new = (changed(("sections", 1, "body"), lambda _, body=body: body)
                for body in ("<p>Do <strong>not</strong> stop.</p>", "<p>Do not stop.</p>"))  # fmt: skip

    assert "the same words, formatted differently: bold became plain" in page(old, new, "public")


@pytest.mark.once
@pytest.mark.parametrize("audience", READERS)
def test_a_wording_without_a_heading_is_told_by_its_text_alone(audience):
    new = changed(("sections", 0, "wordings"), lambda _: {"carer": wording("<p>The lead for carers.</p>")})

    facts = compare(content(), new, audience).facts

    assert [fact.name for fact in facts] == []
    assert "for carers" in re.sub("<[^>]*>", "", page(content(), new, audience))


@pytest.mark.once
def test_an_empty_wording_that_came_is_named_by_the_heading_that_readers_know():
    new = changed(("sections", 1, "wordings"), lambda before: {**before, "public": wording("")})

    names = [fact.name for fact in compare(content(), new, "carer").facts]

    assert names == ["Signed, with a change that readers do not see: the body of “Dose”, wording for public"]


@pytest.mark.once
def test_no_name_in_the_comparison_is_the_key_of_a_section():
    new = content()
    for one in new["sections"]:
        one["heading"], one["body"] = f"{one['heading']} {NEW}", one["body"] and f"<p>{NEW}</p>"
        one["wordings"] = {key: wording(f"<p>{NEW} {key}</p>", NEW) for key in LABELS}

    names = [fact.name for fact in compare(content(), new, "public").facts]

    assert names
    assert not [name for name in names if re.search(r"\bs[1-6]\b", name)]


def with_one_before(new: str) -> dict:
    """The content, with one paragraph or table at the end of the lead and so before all others."""
    return changed(("sections", 0, "body"), lambda body: f"{body}\n{new}")


def section_called(heading: str, comparison):
    (found,) = [one for one in comparison.sections if one.heading == heading]
    return found


@pytest.mark.once
def test_a_citation_whose_number_alone_changed_is_marked():
    new = with_one_before(f"<p>New.{cite('c')}</p>")

    found = compare(content(), new, "public")

    dose = section_called("Dose", found)
    assert dose.state == "renumbered"
    words, _figure, _rest = re.sub("<span[^>]*>[^<]*</span>", "", dose.html).partition("\n<figure")
    assert words == '<p>Take 5 mg.<sup class="citation">[<del>2</del><ins>3</ins>]</sup></p>'
    numbers = [re.sub("<[^>]*>", "", one).split(".")[0] for one in found.references]
    assert numbers == ["1", "2", "[removed: 2][added: 3]"]
    assert "Same words, different numbers" in page(content(), new, "public")
    assert section_called("Points", found).state == "same"


@pytest.mark.once
def test_a_citation_that_went_or_came_has_its_own_number_and_no_other():
    new = changed(("sections", 1, "body"), lambda _: f"<p>Take 5 mg.{cite('a')}</p>")

    html = section_called("Dose", compare(content(), new, "public")).html

    assert re.findall(r"\[(\d|<del>\d</del><ins>\d</ins>)\]", html) == ["2", "1"]


@pytest.mark.once
@pytest.mark.parametrize("audience", ["public", "professional"])
def test_a_table_whose_number_alone_changed_is_said(audience):
    new = with_one_before(TABLE)

    urgent = section_called("Urgent", compare(content(), new, audience))

    assert urgent.state == "renumbered"
    assert "In this section: [removed: Table 1] [added: Table 2]" in re.sub("<[^>]*>", "", urgent.html)


@pytest.mark.once
def test_numbers_that_changed_for_other_readers_alone_are_told_of_them():
    old = changed(("sections", 4, "wordings"), lambda _: {"professional": wording(f"<p>More.{cite('a')}</p>")})
    new = changed(("sections", 4, "wordings"), lambda _: {"professional": wording(f"<p>More.{cite('a')}</p>")})
    for one in (old, new):
        one["sections"][0]["body"] = "<p>The lead.</p>"
    new["sections"][1]["wordings"]["professional"] = wording("<p>Give 500 mg.</p>", "Dosing")

    others = {other.label: other for other in compare(old, new, "public").others}

    (empty,) = [one for one in others[LABELS["professional"]].sections if one.heading == "Empty"]
    assert empty.state == "renumbered"
    assert "[removed: 2][added: 1]" in re.sub("<[^>]*>", "", empty.html)


@pytest.mark.once
def test_tables_that_keep_their_numbers_are_not_spoken_of():
    new = changed(("sections", 3, "body"), lambda body: f"{body}\n{TABLE.replace('75', '300')}")

    assert "In this section" not in section_called("Urgent", compare(content(), new, "public")).html


def table(caption: str, dose: str) -> str:
    return TABLE.replace("<tbody>", f"<caption>{caption}</caption>\n<tbody>").replace("75 mg", dose)


def of_tables(*tables: str) -> dict:
    return changed(("sections", 3, "body"), lambda _: "\n".join(tables))


CHILDREN, ADULTS = table("Children", "5 mg"), table("Adults", "500 mg")
GRADES = "<table>\n<tbody>\n<tr><td>Grade 1</td><td>No symptoms at rest</td></tr>\n</tbody>\n</table>"
OTHERWISE = table("Children", "50 mg")
BOTH = "In this section: [removed: {}] [added: {}]".format


@pytest.mark.once
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ([CHILDREN], [ADULTS, CHILDREN], BOTH("Table 1. Children", "Table 1. Adults; Table 2. Children")),
        ([ADULTS, CHILDREN], [CHILDREN], BOTH("Table 1. Adults; Table 2. Children", "Table 1. Children")),
        ([CHILDREN], [ADULTS, OTHERWISE], BOTH("Table 1. Children", "Table 1. Adults; Table 2. Children")),
        ([TABLE], [ADULTS, TABLE], BOTH("Table 1", "Table 1. Adults; Table 2")),
        ([TABLE], [ADULTS, TABLE.replace("75 mg", "76 mg")], BOTH("Table 1", "Table 1. Adults; Table 2")),
        ([TABLE], [GRADES, TABLE.replace("75 mg", "76 mg")], BOTH("Table 1", "Table 1; Table 2")),
        ([CHILDREN], [CHILDREN, ADULTS], ""),
        ([CHILDREN, ADULTS], [CHILDREN], ""),
        ([CHILDREN], [table("Younger children", "5 mg")], ""),
    ],
)  # fmt: skip
def test_a_table_that_has_another_number_is_told_whatever_came_or_went_before_it(old, new, said):
    urgent = section_called("Urgent", compare(of_tables(*old), of_tables(*new), "public"))

    shown = re.sub("<[^>]*>", "", urgent.html)
    assert (said in shown) if said else ("In this section" not in shown)


@pytest.mark.once
def test_for_readers_whom_the_older_text_was_not_for_everything_is_new():
    new = changed(("audiences",), lambda rows: [*rows, {"key": "nurse", "label": "nurse"}])
    new["visible"] = {**new["visible"], "nurse": "9" * 64}
    new["disclaimers"] = {**new["disclaimers"], "nurse": {"number": 1, "sha256": "9" * 64}}

    found = compare(content(), new, "nurse")

    assert {section.state for section in found.sections} == {"new"}
    assert "[removed:" not in "".join(section.html for section in found.sections)
    (other,) = [other for other in compare(content(), new, "public").others if other.label == "nurse"]
    assert {section.state for section in other.sections} == {"new"}
