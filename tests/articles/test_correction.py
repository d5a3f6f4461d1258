"""A correction is what is on the short list of harmless changes; everything else is more."""

import json
from html import escape

import pytest

from articles.checks import correction
from tests.articles.corrections import PASSED, REFUSED, pairs
from tests.articles.frozen import section

pytestmark = pytest.mark.once

P = "<p>{}</p>".format
TABLE = "<table><tbody><tr><th>Drug</th><th>Dose</th></tr><tr><td>{}</td><td>{}</td></tr></tbody></table>".format
CITED = '<p>It works.<cite data-ref="{0}">[@{0}]</cite> It is safe.</p>'.format
SAME, MORE = True, False

EDITS = [
    # letters and punctuation
    (SAME, "a letter left out", P("The tretment helps."), P("The treatment helps.")),
    (SAME, "two letters exchanged", P("Patients recieve it."), P("Patients receive it.")),
    (SAME, "a doubled letter", P("It occurrs often."), P("It occurs often.")),
    (SAME, "a comma", P("After surgery rest."), P("After surgery, rest.")),
    (MORE, "a full stop", P("Rest"), P("Rest.")),
    (SAME, "a capital", P("rest well."), P("Rest well.")),
    (SAME, "an apostrophe", P("The patient's arm."), P("The patient’s arm.")),
    (SAME, "quotation marks", P('The "sentinel" node.'), P("The “sentinel” node.")),
    (MORE, "a short word that may be another", P("Hte node."), P("The node.")),
    (MORE, "another spelling of a known word", P("The tumor grows."), P("The tumour grows.")),
    (SAME, "a misspelt prefix kept", P("Hypertenson is treated."), P("Hypertension is treated.")),
    (SAME, "a space too many", P("Rest  well."), P("Rest well.")),
    # numbers
    (MORE, "a number", P("Take 5 mg."), P("Take 50 mg.")),
    (MORE, "a decimal point moved", P("Take 1.5 mg."), P("Take 15 mg.")),
    (MORE, "a range", P("For 5–7 days."), P("For 5–10 days.")),
    (MORE, "a number in words", P("Wait four hours."), P("Wait for hours.")),
    (MORE, "another number in words", P("Take three tablets."), P("Take there tablets.")),
    (MORE, "numbers in words exchanged", P("First six, then two."), P("First two, then six.")),
    (MORE, "an exponent", P("10<sup>9</sup> cells."), P("10<sup>6</sup> cells.")),
    (MORE, "an exponent as a character", P("10⁹ cells."), P("10⁶ cells.")),
    (MORE, "a sign of comparison", P("If &lt; 5 mmol/L."), P("If &gt; 5 mmol/L.")),
    (MORE, "a minus at the beginning", P("-5 °C is cold."), P("5 °C is cold.")),
    (MORE, "a minus in brackets", P("Store (-5 °C)."), P("Store (5 °C).")),
    (MORE, "a roman stage", P("Stage II disease."), P("Stage III disease.")),
    (MORE, "a clotting factor", P("Give factor VII now."), P("Give factor VIII now.")),
    # units
    (MORE, "mg and mcg", P("Take 5 mg."), P("Take 5 mcg.")),
    (MORE, "mg and g", P("Take 5 mg."), P("Take 5 g.")),
    (MORE, "mmol and nmol", P("Above 5 mmol/L."), P("Above 5 nmol/L.")),
    (MORE, "µmol and mmol", P("Above 5 µmol/L."), P("Above 5 mmol/L.")),
    (MORE, "litre and decilitre", P("Above 5 mg/L."), P("Above 5 mg/dL.")),
    (MORE, "micrograms and milligrams", P("Take 5 micrograms."), P("Take 5 milligrams.")),
    (MORE, "percent and per mille", P("In 5 % of them."), P("In 5 ‰ of them.")),
    # citations and links
    (MORE, "another work cited", CITED("smith2020"), CITED("smith2021")),
    (MORE, "a citation left out", CITED("smith2020"), P("It works. It is safe.")),
    (MORE, "a citation moved to another sentence", CITED("smith2020"),
     '<p>It works. It is safe.<cite data-ref="smith2020">[@smith2020]</cite></p>'),
    (MORE, "another address", P('See <a href="https://a.org">it</a>.'), P('See <a href="https://b.org">it</a>.')),
    (MORE, "a link taken off", P('See <a href="https://a.org">it</a>.'), P("See it.")),
    # words at the edge of a mark, which may be half of another word
    *((MORE, f"a word at the edge of {what}", P(f"They {text}."), P(f"They {text.replace('recieve', 'receive')}."))
      for what, text in {
          "a citation before it": '<cite data-ref="smith2020">[@smith2020]</cite>recieve',
          "a citation after it": 'recieve<cite data-ref="smith2020">[@smith2020]</cite>',
          "a link": 'may <a href="https://a.org">recieve</a> of',
          "a link before it": '<a href="https://a.org">now</a>recieve',
          "emphasis": "may <em>recieve</em> of",
          "emphasis after it": "recieve<strong>d</strong>",
          "a raised letter": "recieve<sup>a</sup>",
      }.items()),
    # negations
    (MORE, "not left out", P("Do not stop."), P("Do stop.")),
    (MORE, "not became now", P("It is not safe."), P("It is now safe.")),
    (MORE, "cannot and can", P("You cannot drive."), P("You can drive.")),
    (MORE, "with and without", P("Take it with food."), P("Take it without food.")),
    (MORE, "isn’t and is", P("It isn’t safe."), P("It is safe.")),
    (MORE, "a negation that opens a paragraph", P("For pain") + P("No alcohol."), P("For pain") + P("On alcohol.")),
    (MORE, "emphasis moved off the negation", P("<strong>Do not</strong> stop."), P("Do not <strong>stop</strong>.")),
    *((MORE, f"{what} far from a negation in the same sentence", P(old), P(new)) for what, old, new in [
        ("a comma", "Do not give it to small children in the evening.",
         "Do not give it to small children, in the evening."),
        ("a comma before it", "After surgery with a long rest in bed you drive never.",
         "After surgery, with a long rest in bed you drive never."),
        ("a doubled word", "Do not give it to small children in in the evening.",
         "Do not give it to small children in the evening."),
        ("a dash", "It is never given to small children - in the evening.",
         "It is never given to small children – in the evening."),
        ("a capital", "Do not give it to children with Asthma.", "Do not give it to children with asthma."),
    ]),
    (MORE, "a comma two words after a number", P("Take 20 drops with water."), P("Take 20 drops with, water.")),
    (MORE, "a comma two words before a number", P("Drink it slowly with 20 drops."),
     P("Drink it, slowly with 20 drops.")),
    (SAME, "a comma far from a number", P("Take 20 drops with water or with milk early today."),
     P("Take 20 drops with water or with milk early, today.")),
    (SAME, "a comma in the sentence after a negation", P("Do not drive. After surgery rest."),
     P("Do not drive. After surgery, rest.")),
    # words that turn the sense
    (MORE, "hyper and hypo", P("Treat hypertension."), P("Treat hypotension.")),
    (MORE, "inter and intra", P("An intermuscular injection."), P("An intramuscular injection.")),
    (MORE, "increase and decrease", P("An increased dose."), P("A decreased dose.")),
    (MORE, "symptomatic and asymptomatic", P("In symptomatic people."), P("In asymptomatic people.")),
    (MORE, "possible and impossible", P("Driving is possible."), P("Driving is impossible.")),
    (MORE, "active and inactive", P("The active form."), P("The inactive form.")),
    (MORE, "regular and irregular", P("A regular pulse."), P("An irregular pulse.")),
    (MORE, "safe and unsafe", P("It is safe."), P("It is unsafe.")),
    (MORE, "abduction and adduction", P("Test abduction first."), P("Test adduction first.")),
    (MORE, "afferent and efferent", P("The afferent vessel."), P("The efferent vessel.")),
    (MORE, "LDL and HDL", P("Raised LDL levels."), P("Raised HDL levels.")),
    (MORE, "mRNA and tRNA", P("The mRNA is read."), P("The tRNA is read.")),
    (MORE, "alpha and beta", P("An α-blocker helps."), P("A β-blocker helps.")),
    (MORE, "another word", P("Take it in the morning."), P("Take it in the evening.")),
    (MORE, "a word added", P("Take it."), P("Take it daily.")),
    # tables and blocks
    (MORE, "a table cell", TABLE("Aspirin", "75 mg"), TABLE("Aspirin", "300 mg")),
    (MORE, "a letter in a table cell", TABLE("Asprin", "75 mg"), TABLE("Aspirin", "75 mg")),
    (MORE, "a letter in a caption", TABLE("A", "1").replace("<tbody>", "<caption>They recieve it.</caption><tbody>"),
     TABLE("A", "1").replace("<tbody>", "<caption>They receive it.</caption><tbody>")),
    (MORE, "a row added", TABLE("A", "1"), TABLE("A", "1</td></tr><tr><td>B</td><td>2")),
    (MORE, "paragraphs exchanged", P("Call for help first.") + P("Then give oxygen."),
     P("Then give oxygen.") + P("Call for help first.")),
    (MORE, "a paragraph split", P("Rest well. Eat well."), P("Rest well.") + P("Eat well.")),
    (MORE, "a word moved to the next paragraph", P("Rest and eat") + P("well"), P("Rest and") + P("eat well")),
    (MORE, "a paragraph moved into a list", "<ul><li>Rest.</li></ul><p>Eat.</p>", "<ul><li>Rest.<p>Eat.</p></li></ul>"),
]  # fmt: skip


def content(body="<p>Text.</p>", **more):
    return {
        "kind": "topic", "language": "en", "title": "Lymph nodes", "risk": "standard", "written_for": "public",
        "ai_use": {"level": "none", "note": ""}, "topics": [], "contributors": [], "references": [], "figures": [],
        "disclaimers": {}, "audiences": [], "sections": [section("a1", heading="Use", body=body)], **more,
    }  # fmt: skip


@pytest.mark.parametrize(("is_one", "what", "old", "new"), EDITS, ids=[row[1] for row in EDITS])
def test_a_correction_is_on_the_short_list_of_harmless_changes(is_one, what, old, new):
    found = correction.differences(content(old), content(new))

    assert bool(found) is not is_one, found
    assert all(sentence.endswith(".") for sentence in found)


OTHER_FACTS = {
    "title": "Lymph node", "kind": "question", "language": "de", "risk": "high", "written_for": "carer",
    "ai_use": {"level": "assisted", "note": ""}, "topics": [{"name": "Oncology", "slug": "oncology"}],
    "contributors": [{"name": "Ada"}], "references": [{"key": "a", "csl": "{}"}], "figures": [{"key": "f"}],
    "disclaimers": {"public": {}}, "audiences": [{"key": "public"}],
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in OTHER_FACTS if name != "title"])
def test_a_correction_touches_nothing_but_the_text(name):
    assert correction.differences(content(), content(**{name: OTHER_FACTS[name]}))


def test_a_section_added_renamed_or_moved_is_more_than_a_correction():
    old = content(sections=[section("a1", heading="Use"), section("b2", heading="Harms")])

    for sections in (
        [section("b2", heading="Harms"), section("a1", heading="Use")],
        [section("a1", heading="Use")],
        [section("a1", heading="Use"), section("b2", heading="Benefits")],
        [section("a1", heading="Use"), section("b2", heading="Harms", role="urgent")],
        [section("a1", heading="Use", carer={"heading": "", "body": "<p>Text.</p>"}), section("b2", heading="Harms")],
    ):
        assert correction.differences(old, content(sections=sections)), sections


def test_a_wording_is_held_to_the_same_rule():
    def worded(body):
        return content(sections=[section("a1", heading="Use", carer={"heading": "", "body": body})])

    assert correction.differences(worded("<p>Give 5 mg.</p>"), worded("<p>Give 6 mg.</p>"))
    assert not correction.differences(worded("<p>Give it promtly.</p>"), worded("<p>Give it promptly.</p>"))


@pytest.mark.parametrize(("old", "new"), pairs(REFUSED))
def test_what_is_not_on_the_list_is_refused(old, new):
    for place in ({"body": P(escape(old))}, {"title": old}, {"body": f"<ul><li>{escape(old)}</li></ul>"}):
        after = {name: text.replace(escape(old) if name == "body" else old, escape(new) if name == "body" else new)
                 for name, text in place.items()}  # fmt: skip

        found = correction.judgement(content(**place), content(**after))

        assert found.differences
        assert all(sentence.endswith(".") for sentence in found.differences)


@pytest.mark.parametrize(("old", "new"), pairs(PASSED))
def test_what_is_on_the_list_goes_through_and_is_named(old, new):
    found = correction.judgement(content(P(escape(old))), content(P(escape(new))))

    assert found.differences == []
    assert found.proved or "µ" in old
    assert all(sentence.startswith("In “Use”: ") for sentence in found.proved)


def test_there_are_enough_pairs():
    assert len(set(pairs(REFUSED))) >= 200
    assert len(set(pairs(PASSED))) >= 60


def test_a_word_that_stands_in_another_article_is_a_word():
    old, new = content(P("They recieve it.")), content(P("They receive it."))

    assert correction.judgement(old, new, used_elsewhere=lambda word: word == "recieve").differences


def citing(**details):
    return content(references=[{"key": "ada", "csl": json.dumps({"title": "Ten people were given 5 mg.", **details})}])


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("title", "Ten people were given 5 mg.", "Ten thousand people were given 500 mg."),
        ("title", "They are given 5 mg.", "They are given 50 mg."),
        ("title", "It is given.", None),
        ("title", "It is safe.", "It is\u200f safe."),
        ("container-title", None, "Lancet"),
        ("DOI", "10.1000/thrapy", "10.1000/therapy"),
        ("author", [{"family": "Thrapy"}], [{"family": "Therapy"}]),
        ("publisher", "the thrapy house", "the therapy house"),
        ("status", None, "retracted"),
        ("note", "They recieve it.", "They receive it."),
        ("language", None, "en"),
    ],
)
def test_what_the_library_says_of_a_work_is_signed_with_the_text(name, old, new):
    one, other = (citing(**({name: value} if value else {name: ""})) for value in (old, new))

    found = correction.judgement(one, other, around=correction.AROUND)

    assert f"the {name} of the reference [@ada]" in " ".join(found.differences)
    assert found.proved == []


def test_a_title_of_a_work_is_held_to_the_list_of_harmless_changes():
    old, new = citing(title="They recieve it."), citing(title="They receive it.")

    unknown = "“recieve” is not in any dictionary or list of medicines, and no other published article uses it"
    slip = f"“recieve” became “receive”. {unknown}. It occurs only once in this text"
    assert correction.judgement(old, new) == ([], [f"In the title of the reference [@ada]: {slip}."])


def test_a_title_in_another_language_is_not_compared_by_the_english_dictionary():
    old, new = (citing(title=title, language="fr") for title in ("They recieve it.", "They receive it."))

    assert "spelling can be checked only in English" in " ".join(correction.differences(old, new))


@pytest.mark.parametrize(("one", "other"), [("hlep", "hello"), ("recve", "receive"), ("anaesthxxxc", "anaesthetic")])
def test_a_word_with_more_other_letters_than_a_slip_is_another_word_whatever_its_length(one, other):
    old, new = citing(title=f"They {one} it."), citing(title=f"They {other} it.")

    said = " ".join(correction.differences(old, new))

    assert f"“{one}” became “{other}”: more letters differ than in a misspelling" in said


def test_a_word_that_the_title_of_a_work_has_too_is_no_slip():
    old, new = ({**citing(title="All recieve it."), "title": title} for title in ("They recieve it", "They receive it"))

    assert "“recieve” also occurs elsewhere, in this text or in another article, so it may be meant" in " ".join(
        correction.differences(old, new)
    )


@pytest.mark.parametrize("keys", [[], ["ada", "bea"], ["bea"]])
def test_another_list_of_references_is_more_than_a_correction(keys):
    other = content(references=[{**citing()["references"][0], "key": key} for key in keys])

    assert correction.differences(citing(), other) == ["References were added, removed or moved."]


def test_what_changed_around_the_text_is_named_and_refuses_nothing():
    old, new = content(), content(disclaimers={"public": {}})

    assert correction.judgement(old, new).differences == ["A disclaimer is different."]
    assert correction.judgement(old, new, around=correction.AROUND) == (
        [],
        ["A disclaimer was changed elsewhere, not in this draft. A correction may include this change."],
    )
