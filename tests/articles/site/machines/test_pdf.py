"""The PDF of an article: every word and number of the page, its status on each sheet, and headings for each cell."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from articles.files.markdown.parsing import parse
from articles.frozen.content import freeze
from articles.site.keeping import kept_responses
from articles.site.machines.files.pdf.blocks import Tree, row_headers
from articles.site.machines.files.pdf.typesetting import NoFont, typeset
from articles.site.page import page_from
from articles.text.rendering.visible import visible_text
from reviews import workflow
from tests import factories
from tests.articles.importing.drafts import stored
from tests.articles.site.machines import states
from tests.articles.site.pages import page_for, parsed

pytestmark = pytest.mark.django_db
SAMPLES = [
    *sorted(Path("tests/samples").glob("*.md")),
    *sorted(Path("reviews/demo/articles").glob("l*.md")),
    Path("reviews/demo/articles/sentinel-node-biopsy.md"),
]
LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}


def of(made, audience="public") -> str:
    return f"/articles/{made.slug}/for/{audience}.pdf"


def got(client, made, audience="public") -> PdfReader:
    response = client.get(of(made, audience))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def read(pdf: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in pdf.pages)


def closed(text: str) -> str:
    """Return the text without blanks: a PDF has none at the end of a line."""
    for sign, letters in LIGATURES.items():
        text = text.replace(sign, letters)
    return re.sub(r"\s", "", text)


def data(blocks, **given) -> dict:
    return {
        "title": "Title", "authors": ["A B"], "lang": "en", "region": None, "dir": "", "interface": "en", "label": "",
        "label_size": 100, "sheet": "Approved.", "digest": "0" * 64, "blocks": blocks,
        "day": {"year": 2026, "month": 5, "day": 1}, **given,
    }  # fmt: skip


def set_in_pdf(text, **given) -> PdfReader:
    blocks = Tree("https://example.org/articles/nodes/for/public/").of(text)
    return PdfReader(io.BytesIO(typeset(data(blocks, **given), row_headers(blocks))))


def elements(pdf, *names):
    """Return the elements of these names in the structure of the PDF, in reading order."""

    def below(parent):
        for child in parent.get("/K", []) if isinstance(parent.get("/K", []), list) else [parent["/K"]]:
            element = child.get_object()
            if isinstance(element, dict) and "/S" in element:
                yield element
                yield from below(element)

    return [element for element in below(pdf.trailer["/Root"]["/StructTreeRoot"]) if element["/S"] in names]


def cells(pdf) -> list[tuple[str, str, list]]:
    """Return for each cell its tag, its scope, and the headings that it names itself."""
    found = []
    for cell in elements(pdf, "/TH", "/TD"):
        known = cell.get("/A", [])
        rows = [row.get_object() for row in (known if isinstance(known, list) else [known])]
        table = next((row for row in rows if row["/O"] == "/Table"), {})
        found.append((cell["/S"], table.get("/Scope", ""), table.get("/Headers", [])))
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_word_and_number_of_a_text_is_in_its_pdf_in_order(author, sample):
    imported = parse(sample.read_bytes())
    for name in imported.topics:
        factories.topic(name)
    article, _ = stored(author, sample.read_text())
    page = page_from(freeze(article).content, "public")

    text = closed(read(set_in_pdf(page.html)))

    shown = re.sub(r'<nav class="contents".*?</nav>|<a class="back".*?</a>', "", page.html)
    place = 0
    for word in re.sub(r"[\^_](?=\S)", "", visible_text(shown)).split():
        place = text.find(word, place)
        assert place >= 0, word
        place += len(word)


def test_a_program_in_a_text_is_printed_and_not_run():
    said = [
        '#panic("no")',
        "$x_1$",
        "#[a]",
        "\\u{41}",
        "@key <label>",
        '"); #panic()',
        "// gone",
        "= not a heading",
        "`raw`",
    ]
    items = "".join(f"<li>{text.replace('<', '&lt;')}</li>" for text in said)

    pdf = set_in_pdf(
        f"<article><ul>{items}</ul></article>", title=said[0], sheet=said[5], authors=[said[2]], label=said[1]
    )

    text = closed(read(pdf))
    assert all(closed(each) in text for each in said)
    assert pdf.metadata["/Title"] == said[0]


def test_a_pdf_says_its_language_and_title_and_claims_to_be_accessible(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    pdf = got(client, made)

    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata["/Title"] == "Lymph <nodes> & glands"
    assert len(elements(pdf, "/Title")) == 1


ROWS = (
    "<table><thead><tr><th>Age</th><th>Dose</th></tr></thead>"
    "<tbody><tr><th>Adult</th><td>5 mg</td></tr></tbody></table>"
)


@pytest.mark.parametrize("text", ["<p>5 × 10<sup>9</sup>/L, Größe, سبب</p>", ROWS], ids=["text", "rows"])
def test_a_pdf_is_for_archives(text):
    """It has what PDF/A-2b asks for: the claim, an identifier, its colours, its letters, and nothing that runs."""
    pdf = set_in_pdf(f"<article>{text}</article>")

    root = pdf.trailer["/Root"]
    claim = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in claim
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in claim
    assert len(pdf.trailer["/ID"]) == 2
    assert not pdf.is_encrypted
    (colours,) = root["/OutputIntents"]
    assert colours.get_object()["/DestOutputProfile"].get_object()["/N"] == 3
    assert {"/OpenAction", "/AA"}.isdisjoint(root)
    assert "/JavaScript" not in root.get("/Names", {})
    found = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].get_object().values()]
    assert found
    for font in found:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile2", "/FontFile3"} & {*below["/FontDescriptor"].get_object()}
        assert "/ToUnicode" in font


def test_each_sheet_says_status_version_day_address_and_digest(client, author, staff):
    made = states.again(states.PUBLIC["major"](author, staff))

    for sheet in got(client, made).pages:
        text = sheet.extract_text()
        assert "Approved. Version 2, published" in text
        assert closed("http://testserver/articles/nodes/for/public/") in closed(text)
        assert made.published_version.digest in closed(text)


@pytest.mark.parametrize(
    ("state", "label"), [("retracted", "Retracted"), ("concern", "Under an expression of concern")]
)
def test_the_label_of_a_notice_is_large_on_each_sheet_and_the_notice_comes_first(client, author, staff, state, label):
    made = states.PUBLIC[state](author, staff)

    pdf = got(client, made)

    assert len(pdf.pages) > 1
    assert all(closed(label.upper()) in closed(sheet.extract_text()) for sheet in pdf.pages)
    assert pdf.metadata["/Title"] == f"{label}: Lymph <nodes> & glands"
    text = read(pdf)
    assert text.index("Issued by") < text.index("A count above")


def test_an_audience_gets_its_own_words_and_disclaimer(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    text = closed(read(got(client, made, "carer")))

    assert closed("Their count is high above 5.") in text
    page = parsed(client.get(page_for(made, "carer")))
    (disclaimer,) = page.xpath("//section[@class='disclaimer']//p")
    assert closed(disclaimer.text_content()) in text


def test_a_pending_text_a_removed_one_and_an_unknown_audience_have_no_pdf(client, author, staff, editor):
    made = states.PUBLIC["major"](author, staff)
    assert client.get(of(made, "nobody")).status_code == 404
    workflow.issue_notice(made, actor=editor, kind="removal", reason="It says 50 mg.")

    assert client.get(of(made)).status_code == 410


def test_a_pending_text_has_no_pdf(client, pending_article):
    assert client.get(page_for(pending_article)).status_code == 200
    assert client.get(of(pending_article)).status_code == 404


def test_the_same_text_gives_the_same_bytes(client, author, staff, django_assert_num_queries):
    path = of(states.PUBLIC["major"](author, staff))
    first = client.get(path)
    kept_responses.store.clear()

    with django_assert_num_queries(2):
        second = client.get(path)

    assert first.content == second.content


MERGED = """<table><caption>Doses</caption><thead><tr><th scope="col" rowspan="2">Drug</th><th scope="col" colspan="2">
Dose</th></tr><tr><th scope="col">Adults</th><th scope="col">Children</th></tr></thead><tbody><tr><th scope="row">A</th>
<td>5 mg</td><td>1 mg</td></tr><tr><th scope="row" rowspan="2">B</th><td>7 mg</td><td>2 mg</td></tr><tr><td>8 mg</td>
</tr></tbody></table>"""


def test_cells_have_the_headings_of_their_columns_and_rows():
    pdf = set_in_pdf(MERGED)

    column, row, cell = ("/TH", "/Column"), ("/TH", "/Row"), ("/TD", "")
    assert [each[:2] for each in cells(pdf)] == [
        *[column] * 4, row, cell, cell, row, cell, cell, cell, cell  # the last is the place that the row leaves empty
    ]  # fmt: skip
    assert all(not headings for tag, _, headings in cells(pdf) if tag == "/TD")
    assert [element["/S"] for element in elements(pdf, "/Caption", "/THead", "/TBody")] == [
        "/Caption",
        "/THead",
        "/TBody",
    ]


def test_a_table_without_headings_of_rows_names_those_of_its_columns():
    pdf = set_in_pdf("<table><thead><tr><th>Dose</th></tr></thead><tbody><tr><td>5 mg</td></tr></tbody></table>")

    ((_, _, named),) = [cell for cell in cells(pdf) if cell[0] == "/TD"]
    assert len(named) == 1


def test_citations_lead_to_the_references_and_other_links_to_their_addresses():
    pdf = set_in_pdf(
        '<p>High <sup class="citation">[<a href="#ref-1">1</a>]</sup>, <a href="/topics/">topics</a>.</p>'
        '<ol><li id="ref-1">A trial.</li></ol><p><a href="#nowhere">nowhere</a></p>'
    )

    links = [note.get_object() for page in pdf.pages for note in page.get("/Annots", [])]
    assert [link["/A"].get("/URI") for link in links if "/A" in link] == ["https://example.org/topics/"]
    assert len([link for link in links if "/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo"]) == 1
    assert "nowhere" in read(pdf)


@pytest.mark.parametrize(
    "text", ["Größe, Fußnote, Übelkeit", "α-Blocker, μg, β₂, Σ", "سبب التورّم", "Żółć, š, ő", "≥ 5 × 10⁹/L ½ °C"]
)
def test_letters_of_many_scripts_have_a_font(text):
    assert set_in_pdf(f'<p lang="ar" dir="auto">{text}</p>')


def test_a_text_in_letters_without_a_font_is_refused_in_a_sentence(client, author, staff):
    draft = factories.article(author, slug="nodes", body="<p>5 mg 漢字</p>", language="zh")
    made = factories.published(factories.submitted(author, draft), *staff).article

    with pytest.raises(NoFont):
        set_in_pdf("<p>漢字</p>")
    response = client.get(of(made))

    assert response.status_code == 404
    assert "letters for which this site has no font" in response.content.decode()


def test_the_page_leads_to_its_pdf(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    links = parsed(client.get(page_for(made))).xpath("//nav[@class='tools']//a[@type='application/pdf']/@href")

    assert links == [of(made)]
    assert not parsed(client.get(f"/articles/{made.slug}/versions/1/")).xpath("//a[@type='application/pdf']")
