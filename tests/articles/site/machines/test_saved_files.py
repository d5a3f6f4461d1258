"""The files of a published text: the page as one HTML file, and the whole version as Word or JATS."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree, html

from articles.files.exporting.whole import of_version
from articles.files.markdown.parsing import parse
from articles.files.word.parsing import parse as parse_word
from articles.frozen.signed_text import frozen_content
from articles.models import Article
from articles.site.keeping import kept_responses
from articles.site.machines.files.context import context_of
from articles.site.machines.files.html.page import written
from articles.text.rendering.visible import visible_text
from reviews import workflow
from tests import factories
from tests.articles.importing.drafts import stored
from tests.articles.site.machines import states
from tests.articles.site.pages import page_for, parsed

pytestmark = pytest.mark.django_db
SAMPLES = [*sorted(Path("reviews/demo/articles").rglob("*.md")), *sorted(Path("tests/samples").glob("*.md"))]
AUDIENCES = frozenset({"public", "carer", "professional"})


def saved(made, audience="public") -> str:
    return f"/articles/{made.slug}/for/{audience}.html"


def whole(made, form="docx", number=1) -> str:
    return f"/articles/{made.slug}/versions/{number}/article.{form}"


def again(made) -> Article:
    return Article.objects.get(pk=made.pk)


def text_of(content: bytes) -> str:
    """Return the `<article>` of a file, as HTML."""
    (article,) = html.document_fromstring(content.decode()).xpath("//article")
    return html.tostring(article, encoding="unicode", with_tail=False)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_visible_text_of_a_saved_page_has_the_digest_that_is_signed(rf, author, sample):
    for name in parse(sample.read_bytes()).topics:
        factories.topic(name)
    lines = sample.read_text().splitlines(keepends=True)
    article, _report = stored(author, "".join(line for line in lines if not line.startswith("translation_of")))
    factories.disclaimers()
    version = factories.submitted(author, article)
    signed = frozen_content(version)["visible"]

    for audience, digest in signed.items():
        content = written(rf.get("/"), context_of(article, version, audience))
        assert sha256(visible_text(text_of(content)).encode()).hexdigest() == digest
    assert signed.keys() == AUDIENCES


def test_a_saved_page_needs_nothing_else(client, author, editor, clinical, specialist):
    draft = factories.illustrated(author)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    response = client.get(saved(draft))

    root = html.document_fromstring(response.content.decode())
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{draft.slug}-1-public.html"'
    assert response["Link"] == f'<http://testserver{page_for(draft)}>; rel="canonical"'
    assert root.xpath("//link/@rel") == ["canonical"]
    assert not root.xpath("//script | //form | //iframe | //@srcset | //link[@rel='stylesheet']")
    (picture,) = root.xpath("//img/@src")
    assert picture.startswith("data:image/png;base64,")
    assert "--measure" in root.findtext(".//style")
    assert all(address.startswith(("http", "#")) for address in root.xpath("//a/@href"))
    assert "Approved. Version 1, published " in root.text_content()
    assert again(draft).published_version.digest in root.text_content()


def test_the_links_within_a_saved_page_lead_to_places_in_it(client, author, staff):
    made = states.PUBLIC["major"](author, staff)
    root = html.document_fromstring(client.get(saved(made)).content.decode())

    places = root.xpath("//a/@href[starts-with(., '#')]")

    assert len(places) > 5
    assert {place[1:] for place in places} <= {*root.xpath("//@id")}


@pytest.mark.parametrize(
    ("state", "label"), [("retracted", "Retracted"), ("concern", "Under an expression of concern")]
)
def test_the_label_of_a_notice_leads_in_each_file(client, author, staff, state, label):
    made = states.PUBLIC[state](author, staff)

    page = html.document_fromstring(client.get(saved(made)).content.decode())
    with zipfile.ZipFile(io.BytesIO(client.get(whole(made)).content)) as archive:
        head = "".join(etree.fromstring(archive.read("word/header1.xml")).itertext())
    jats = etree.fromstring(client.get(whole(made, "xml")).content)

    assert page.findtext(".//title").startswith(f"{label}: ")
    assert page.find(".//main/p").text.startswith(f"{label}")
    kind = {"retracted": "retraction", "concern": "expression of concern"}[state]
    assert kind in head.lower()
    assert kind in jats.xpath("string(//custom-meta[meta-name='status']/meta-value)").lower()


def test_a_whole_version_is_the_file_of_the_command_and_reads_as_its_text(client, author, staff):
    made = again(states.PUBLIC["published"](author, staff))
    version = made.published_version

    word, jats = client.get(whole(made)), client.get(whole(made, "xml"))

    assert word.content == of_version(made, version, "docx")
    assert word["Content-Disposition"] == 'attachment; filename="nodes-v1.docx"'
    assert jats["Content-Type"] == "application/xml"
    assert {word["X-Robots-Tag"], jats["X-Robots-Tag"]} == {"noindex"}
    content = frozen_content(version)
    read = parse_word(word.content, audiences=AUDIENCES)
    assert [section.body for section in read.sections] == [row["body"] for row in content["sections"]]
    assert {row.key: row.csl for row in read.references} == {
        row["key"]: json.loads(row["csl"]) for row in content["references"]
    }


def test_a_pending_text_a_removed_one_and_other_forms_have_no_files(client, author, staff, editor, pending_article):
    made = states.PUBLIC["major"](author, staff)
    assert client.get(saved(pending_article)).status_code == 404
    assert client.get(whole(pending_article)).status_code == 404
    assert client.get(saved(made, "nobody")).status_code == 404
    assert {client.get(whole(made, form)).status_code for form in ("md", "pdf", "exe")} == {404}
    workflow.issue_notice(made, actor=editor, kind="removal", reason="It says 50 mg.")

    assert {client.get(path).status_code for path in (saved(made), whole(made), whole(made, "xml"))} == {410}


def test_an_older_version_has_its_own_word_file_that_says_so(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    with zipfile.ZipFile(io.BytesIO(client.get(whole(made)).content)) as archive:
        head = "".join(etree.fromstring(archive.read("word/header1.xml")).itertext())

    assert "not the current version" in head
    older = parsed(client.get(f"/articles/{made.slug}/versions/1/"))
    assert older.xpath("//nav[@class='tools']//details//a/@href") == [whole(made), whole(made, "xml")]


def test_a_text_that_word_cannot_hold_is_refused_in_a_sentence(client, author, staff):
    draft = factories.article(author, body="<p>Lymph x<sup>a<sub>i</sub></sup>.</p>", slug="nodes")
    factories.published(factories.submitted(author, draft), *staff)

    response = client.get(whole(draft))

    assert response.status_code == 404
    text = html.document_fromstring(response.content.decode()).text_content()
    assert "No Word file of this text" in text
    assert "a raised sign of Word cannot have a raised or lowered sign" in text
    assert client.get(whole(draft, "xml")).status_code == 200


def test_the_page_leads_to_its_files(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    page = parsed(client.get(page_for(made, "carer")))

    links = page.xpath("//nav[@class='tools']//details//a/@href")
    assert links == [
        saved(made, "carer"),
        f"/articles/{made.slug}/for/carer.md",
        whole(made, number=2),
        whole(made, "xml", 2),
    ]
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("path", [saved, whole])
def test_a_file_costs_few_queries_and_is_the_same_again(client, author, staff, path, django_assert_max_num_queries):
    made = states.PUBLIC["major"](author, staff)
    first = client.get(path(made))
    kept_responses.store.clear()

    with django_assert_max_num_queries(8):
        second = client.get(path(made))

    assert first.content == second.content
