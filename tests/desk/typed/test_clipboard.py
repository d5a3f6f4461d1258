"""What Word, Excel, Google Docs and web pages put on the clipboard comes into the editor; what stays out is said."""

import pytest
from django.core.exceptions import ValidationError

from articles.desk.typed.pasted import from_pasted
from tests.articles.richtext_corpus import items, table
from tests.desk.typed.test_pastes import PASTES, STORED
from tests.factories import article, person

WORD_ITEM = "<p class=MsoListParagraph style='text-indent:-18pt;mso-list:l0 level{} lfo1'><![if !supportLists]>"
WORD_ITEM += "<span style='mso-list:Ignore'>{}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span>"
WORD_ITEM += "<![endif]>{}<o:p></o:p></p>"
HEADED = "<thead>\n<tr><th>Drug</th><th>Dose</th></tr>\n</thead>"


def word_items(*each: tuple[int, str, str]) -> str:
    return "\n\n".join(WORD_ITEM.format(level, sign, text) for level, sign, text in each)


@pytest.mark.parametrize("source", [source for source in STORED if source != "word"])
def test_a_paste_comes_in_whole(source):
    assert from_pasted((PASTES / f"{source}.html").read_text()) == (STORED[source], [])


def test_a_list_of_word_is_a_list():
    pasted = from_pasted((PASTES / "word.html").read_text())

    assert pasted.html == STORED["word"].replace("<p>·\u00a0\u00a0\u00a0 First</p>", items("First"))
    assert pasted.said == []


def test_lists_of_word_are_nested_and_keep_their_numbers():
    pasted = from_pasted(
        word_items((1, "3.", "three"), (2, "o", "inner"), (2, "o", "other"), (1, "4.", "four")) + "<p>Text</p>"
        "<p>more</p>" + word_items((1, "a)", "lettered"))
    )

    inner = items("three\n" + items("inner", "other"), "four", tag="ol", start=3)
    assert pasted.html == f"{inner}\n<p>Text</p>\n<p>more</p>\n{items('lettered', tag='ol')}"
    assert pasted.said == ["Items with letters or Roman numbers (“a)”) have numbers now."]


@pytest.mark.parametrize(
    ("typed", "stored", "said"),
    [
        ("<p>5 mg <img src=x alt='A graph'>daily</p>", "<p>5 mg daily</p>", "Pictures were left out (“A graph”)."),
        ("<p>5<s>0</s> mg</p>", "<p>5 mg</p>", "Struck-out or deleted text was left out: “0”."),
        ("<p>5<del>0</del> mg</p>", "<p>5 mg</p>", "Struck-out or deleted text was left out: “0”."),
        (
            "<p>5<span style='text-decoration:line-through'>0</span> mg</p>",
            "<p>5 mg</p>",
            "Struck-out or deleted text was left out: “0”.",
        ),
        (
            "<style>.xl1 {text-decoration:line-through}</style><p>5<span class=xl1>0</span> mg</p>",
            "<p>5 mg</p>",
            "Struck-out or deleted text was left out: “0”.",
        ),
        ("<p>5<ins>0</ins> mg</p>", "<p>50 mg</p>", "Text that was marked as inserted is now part of the text: “0”."),
        ("<p>5<span style='mso-hide:all'>0</span> mg</p>", "<p>5 mg</p>", "Hidden text was left out: “0”."),
        (
            "<p>5 mg<a class=msocomanchor href='#_msocom_1'>[A1]</a></p><div style='mso-element:comment-list'>"
            "<div style='mso-element:comment'><p class=MsoCommentText>Is this right?</p></div></div>",
            "<p>5 mg</p>",
            "Comments were left out (“[A1]”, “Is this right?”).",
        ),
        ("<p>a</p><v:shape><p>box</p></v:shape>", "<p>a</p>", "Text boxes and drawings were left out (“box”)."),
        (
            "<p>Give <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of 10"
            "<math><msup><mi></mi><mn>9</mn></msup></math></p>",
            "<p>Give 1/2 of 10<sup>9</sup></p>",
            None,
        ),
        (
            "<p>x <math alttext='root 2'><msqrt><mn>2</mn></msqrt></math></p>",
            "<p>x</p>",
            "A formula was left out: “root 2”. Write it as text.",
        ),
        ("<p>½ of 5 mg</p>", "<p>½ of 5 mg</p>", None),
        ("<p>H<span style='vertical-align:sub'>2</span>O</p>", "<p>H<sub>2</sub>O</p>", None),
        ("<p>10<span style='position:relative;mso-text-raise:4.0pt'>9</span></p>", "<p>10<sup>9</sup></p>", None),
        ("<p style='color:red'><font color=blue size=7>5 mg</font></p>", "<p>5 mg</p>", None),
        ("<p><u>not</u></p>", "<p>not</p>", "Underlining was left out: “not”."),
        ("<q>5 mg</q>", "<p>“5 mg”</p>", None),
        ("<blockquote>5 mg</blockquote>", "<p>5 mg</p>", "A quotation is an ordinary paragraph now."),
        (
            "<h1>A</h1><h2>B</h2><h3>C</h3>",
            "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>",
            "Deeper ones became subheadings: “C”.",
        ),
        ("<pre>a\n\nb</pre>", "<p>a<br><br>b</p>", None),
        (
            "<pre>\n10<sup>9</sup>/L, <b>not\nmore</b>\nH<sub>2</sub>O\n</pre>",
            "<p>10<sup>9</sup>/L, <strong>not<br>more</strong><br>H<sub>2</sub>O</p>",
            None,
        ),
        (
            "<p>5 <s>× 10<span style='vertical-align: super'>9</span> 10<span style='mso-text-raise:4.0pt'>9</span>"
            "<span style='mso-text-raise:0pt'> H</span><span style='mso-text-raise:-2.0pt'>2</span></s></p>",
            "<p>5</p>",
            "Struck-out or deleted text was left out: “× 10^9 10^9 H_2”.",
        ),
        ("<p>5 <s>× 10<sup>9</sup></s></p>", "<p>5</p>", "Struck-out or deleted text was left out: “× 10^9”."),
        (
            "<p>x <math><msqrt><mfrac><mn>1</mn><mn>2</mn></mfrac></msqrt></math></p>",
            "<p>x</p>",
            "A formula was left out: “1 2”. Write it as text.",
        ),
        ("<a href='javascript:x'>5</a>", "<p>5</p>", "must begin with https://"),
        ("<a href='#ref-1'>[1]</a>", "<p>[1]</p>", "Links to places in the pasted text were left out (“[1]”)."),
        ("<p style='text-transform:uppercase'>5 mg</p>", "<p>5 mg</p>", "text-transform: uppercase"),
        (
            "<table><tr><td><b>Drug</b></td><td style='font-weight:700'>Dose</td></tr>"
            "<tr><td>A</td><td>1</td></tr></table>",
            table("<td>A</td><td>1</td>").replace("<tbody>", f"{HEADED}\n<tbody>"),
            "The bold first row of a table became its header row",
        ),
        (
            "<table><thead><tr><td>Drug</td><td>Dose</td></tr></thead><tbody><tr><td>A</td><td>1</td></tr></tbody></table>",
            table("<td>A</td><td>1</td>").replace("<tbody>", f"{HEADED}\n<tbody>"),
            None,
        ),
        ("<p>one<script>alert(1)</script><x-y onclick=z>two</x-y></p>", "<p>onetwo</p>", None),
        ("<p>one\n\n1. x\n2. y</p>", "<p>one 1. x 2. y</p>", None),
    ],
)
def test_what_a_paste_keeps_and_what_is_said_of_the_rest(typed, stored, said):
    pasted = from_pasted(f"<html><body><!--StartFragment-->{typed}<!--EndFragment--></body></html>")

    assert pasted.html == stored
    assert (said in " ".join(pasted.said)) if said else pasted.said == []


@pytest.mark.parametrize("typed", ["x" * 2_000_001, "<b>" * 60_001, "<div>" * 300 + "x", "<p>\ue000</p>"])
def test_a_paste_that_cannot_be_read_is_refused(typed):
    with pytest.raises(ValidationError):
        from_pasted(typed)


@pytest.mark.django_db
def test_the_editor_asks_for_the_draft_of_its_author_only(at, author):
    draft = article(author)
    client, address = at(author), f"/desk/articles/{draft.pk}/typed/"

    taken = client.post(address, {"pasted": "<p>5<s>0</s> mg</p>"})
    refused = client.post(address, {"typed": "<p>5<s>0</s> mg</p>"})

    assert (taken.status_code, taken.json()["html"]) == (200, "<p>5 mg</p>")
    assert (refused.status_code, list(refused.json())) == (422, ["said"])
    assert client.post(address, {"typed": "<b>5 mg</b>"}).json() == {"html": "<p><strong>5 mg</strong></p>", "said": []}
    assert at(person("other", groups=["author"])).post(address, {"typed": ""}).status_code == 404
