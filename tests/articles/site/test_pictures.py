"""A picture is sent to who may see a text that shows it, and to nobody else; what is sent is what was signed."""

import hashlib
import io
import json
import re

import pytest
from django.test import Client
from lxml import html
from PIL import Image
from pypdf import PdfReader

from articles.frozen.content import freeze
from articles.models import PictureFile
from articles.search.index.texts import passages_of
from articles.site.verifying import comparing, edge
from reviews import workflow
from reviews.models import Quorum
from tests import factories

pytestmark = pytest.mark.django_db
NOT_PUBLIC = "private, max-age=0, must-revalidate"


@pytest.fixture
def draft(author):
    return factories.illustrated(author)


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


def addresses(draft) -> list[str]:
    return [f"/figures/{digest}.png" for digest in PictureFile.objects.values_list("sha256", flat=True)]


def answers(draft, who=None) -> set[int]:
    """Return what this person, or a reader, is answered for the files of the draft's picture."""
    client = Client()
    if who:
        client.force_login(who)
    return {client.get(path).status_code for path in addresses(draft)}


def test_a_draft_s_picture_is_for_its_writers_editors_and_administrators(draft, author, editor, clinical):
    other = factories.person("other", groups=["author"])
    admin = factories.person("root", groups=["admin"])

    assert answers(draft) == {404}
    assert [answers(draft, who) for who in (author, editor, admin)] == [{200}, {200}, {200}]
    assert [answers(draft, who) for who in (other, clinical)] == [{404}, {404}]
    author.is_active = False
    author.save()
    assert answers(draft, author) == {404}


def test_a_reviewer_sees_it_with_the_text_and_not_before(draft, author, editor, clinical, lay):
    version = factories.submitted(author, draft)
    (mine,) = factories.asked(version, editor, (clinical, "clinical"))

    assert answers(draft, clinical) == {404}  # asked, and has not accepted
    factories.accepted(mine)
    assert answers(draft, clinical) == {200}
    assert answers(draft, lay) == {404}  # not asked
    assert answers(draft) == {404}
    workflow.recuse(mine, actor=clinical, reason="I own the company.", conflict=True)
    assert answers(draft, clinical) == {404}


def test_readers_see_it_while_they_may_read_a_text_that_shows_it(draft, author, staff):
    editor, *_ = staff
    version = factories.submitted(author, draft)
    factories.approved(version, *staff)
    assert answers(draft) == {404}

    workflow.publish(version, actor=editor)
    assert answers(draft) == {200}

    factories.edit(draft, "Without it.", by=author)
    factories.published(factories.submitted(author, draft, note="Less"), *staff)
    assert answers(draft) == {200}  # the older version can still be read

    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="It was wrong.", versions=[version.number])
    assert answers(draft) == {200}
    workflow.issue_notice(draft, actor=editor, kind="removal", reason="It was unlawful.", versions=[version.number])
    assert answers(draft) == {404}
    assert answers(draft, editor) == {200}


def test_an_open_review_shows_it_until_it_ends(draft, author, editor):
    Quorum.objects.create(kind="topic", risk="standard", open_review=True)
    version = factories.submitted(author, draft)
    assert answers(draft) == {200}

    workflow.recall(version.review, actor=author, reason="Too early.")

    assert answers(draft) == {404}


def test_a_picture_that_is_uploaded_again_to_another_draft_shows_nothing_of_it(draft, author, staff):
    factories.published(factories.submitted(author, draft), *staff)
    other = factories.person("other", groups=["author"])
    hidden = factories.illustrated(other, body="<p>Hidden.</p>")

    assert hidden.figures.get().picture == draft.figures.get().picture
    assert answers(hidden) == {200}  # it is public: in the other text


def test_the_response_cannot_run_and_is_asked_for_each_time(draft, author, staff, client):
    factories.published(factories.submitted(author, draft), *staff)
    path = addresses(draft)[0]

    response = client.get(path)

    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert hashlib.sha256(response.content).hexdigest() in path
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_what_is_not_public_is_kept_by_no_shared_cache(draft, author, client):
    client.force_login(author)

    response = client.get(addresses(draft)[0])

    assert response["Cache-Control"] == NOT_PUBLIC
    assert response["Vary"] == "Cookie"
    assert response["X-Robots-Tag"] == "noindex"
    stranger = Client()
    assert stranger.get(addresses(draft)[0], headers={"if-none-match": response["ETag"]}).status_code == 404


@pytest.mark.parametrize("path", ["0" * 64 + ".png", "0" * 63 + ".png", "0" * 64 + ".svg", "A" * 64 + ".png"])
def test_there_is_nothing_else(path, client, draft):
    assert client.get(f"/figures/{path}").status_code == 404


def test_the_ending_is_that_of_the_picture(draft, author, staff, client):
    factories.published(factories.submitted(author, draft), *staff)

    assert client.get(addresses(draft)[0].replace(".png", ".jpg")).status_code == 404


def test_two_statements_send_a_picture(draft, author, staff, client, django_assert_num_queries):
    factories.published(factories.submitted(author, draft), *staff)
    path = addresses(draft)[0]
    client.get(path)

    with django_assert_num_queries(2):
        assert client.get(path).status_code == 200


def test_the_page_shows_the_picture_in_widths_with_its_words(draft, author, staff, client):
    factories.published(factories.submitted(author, draft), *staff)

    page = html.fromstring(client.get(f"/articles/{draft.slug}/for/public/").content)

    (figure,) = page.xpath("//article//figure")
    image = figure.find("img")
    assert image.get("alt") == "A disc in the middle"
    assert (image.get("width"), image.get("height")) == ("1000", "500")
    assert re.fullmatch(r"/figures/\w{64}\.png 480w, /figures/\w{64}\.png 1000w", image.get("srcset"))
    assert [" ".join(line.text_content().split()) for line in figure.xpath(".//figcaption/p")] == [
        "Figure 1. A disc",
        "Source: Own drawing. Licence: CC BY 4.0. Figure 1 in full size",
    ]
    og = page.xpath("string(//meta[@property='og:image']/@content)")
    assert og == f"http://testserver/figures/{draft.figures.get().picture.sha256}.png"
    assert page.xpath("string(//meta[@property='og:image:alt']/@content)") == "A disc in the middle"
    linked = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    (said,) = [node for node in linked.get("@graph", [linked]) if "image" in node]
    assert said["image"] == [
        {
            "@type": "ImageObject",
            "contentUrl": og,
            "encodingFormat": "image/png",
            "width": 1000,
            "height": 500,
            "sha256": draft.figures.get().picture.sha256,
            "description": "A disc in the middle",
            "caption": "A disc",
            "creditText": "Own drawing",
            "copyrightNotice": "CC BY 4.0",
        }
    ]


def test_a_version_freezes_the_figures_that_it_shows_and_no_others(draft, author):
    factories.figure(draft, author, key="unused", file=factories.png(200, 100))

    version = factories.submitted(author, draft)

    (frozen,) = json.loads(version.frozen.text)["figures"]
    assert frozen["key"] == "drawing"
    assert [file["width"] for file in frozen["files"]] == [480, 1000]
    shown = {*version.version_pictures.values_list("sha256", flat=True)}
    assert shown == {file["sha256"] for file in frozen["files"]}
    assert {"articles_versionpicture"} <= {name.partition(":")[0] for name in factories.payload("submitted")["rows"]}


@pytest.mark.parametrize("name", ["alt", "caption", "source", "licence"])
def test_each_word_of_a_figure_is_under_the_digest(name, draft, author):
    before = freeze(draft)
    figure = draft.figures.get()

    setattr(figure, name, "Other words")
    factories.save(figure, author)

    after = freeze(draft)
    assert after.digest != before.digest
    assert after.content["visible"]["public"] != before.content["visible"]["public"]


def test_another_picture_is_under_the_digest(draft, author):
    before = freeze(draft).digest
    other = factories.figure(draft, author, key="other", file=factories.png(colour=(200, 0, 0))).picture
    figure = draft.figures.get(key="drawing")

    figure.picture = other
    factories.save(figure, author)

    assert freeze(draft).digest != before


def test_figures_are_numbered_as_they_come_and_decorative_ones_are_not(author):
    body = "".join(f'<figure data-figure="{key}"></figure>' for key in ("b", "plain", "a", "gone"))
    draft = factories.article(author, body=body)
    for key, words in (("a", {}), ("b", {"caption": ""}), ("plain", {"alt": "", "decorative": True, "caption": ""})):
        factories.figure(draft, author, key=key, **words)

    page = html.fragment_fromstring(comparing.page_from(freeze(draft).content, "public").html)

    names = [figure.xpath("string(.//p[@class='figure-name'])") for figure in page.iter("figure")]
    assert names == ["Figure 1", "", "Figure 2. A disc", ""]
    assert [figure.get("id") for figure in page.iter("figure")] == ["figure-1", None, "figure-2", None]
    assert [image.get("alt") for image in page.iter("img")] == ["A disc in the middle", "", "A disc in the middle"]
    assert page.xpath("string(//figure[@class='figure missing'])") == "[figure missing]"


def test_words_of_ours_are_in_the_language_of_the_text(author):
    draft = factories.illustrated(author, language="de")

    page = comparing.page_from(freeze(draft).content, "public").html

    assert "Abbildung 1. A disc" in page
    assert "Quelle:" in page
    assert "Lizenz:" in page


def test_the_markdown_names_the_picture_and_its_words(draft, author, staff, client):
    factories.published(factories.submitted(author, draft), *staff)

    said = client.get(f"/articles/{draft.slug}/for/public.md").content.decode()

    digest = re.search(r"!\[A disc in the middle\]\(<http://testserver/figures/(\w{64})\.png>\)", said)[1]
    assert PictureFile.objects.filter(sha256=digest).exists()
    assert "Figure 1. A disc" in said
    assert "Source: Own drawing. Licence: CC BY 4.0." in said


def test_the_pdf_has_the_picture_with_its_alternative_text(draft, author, staff, client):
    factories.published(factories.submitted(author, draft), *staff)

    pdf = PdfReader(io.BytesIO(client.get(f"/articles/{draft.slug}/for/public.pdf").content))

    images = [image for page in pdf.pages for image in page.images]
    assert [Image.open(io.BytesIO(image.data)).size for image in images] == [(1000, 500)]
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Figure 1. A disc" in text
    assert "Own drawing" in text
    assert "A disc in the middle" in alternatives(pdf)


def alternatives(pdf) -> list[str]:
    """Return the alternative texts of the structure of a PDF."""
    found, waiting = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict):
            found += [str(element["/Alt"])] if "/Alt" in element else []
            waiting += [element["/K"]] if "/K" in element else []
    return found


def test_a_decorative_picture_is_none_for_who_hears_the_pdf(author, staff, client):
    draft = factories.article(author, body='<p>Look.</p>\n<figure data-figure="plain"></figure>')
    factories.figure(draft, author, key="plain", alt="", decorative=True, caption="")
    factories.published(factories.submitted(author, draft), *staff)

    response = client.get(f"/articles/{draft.slug}/for/public.pdf")

    assert response.status_code == 200
    assert alternatives(PdfReader(io.BytesIO(response.content))) == []


def test_search_finds_the_caption(draft):
    lines = [line for passage in passages_of(freeze(draft).content) for line in passage.lines]

    assert "A disc" in lines


def test_a_section_that_only_shows_a_figure_is_a_section(author, staff, client):
    draft = factories.article(author, body='<figure data-figure="drawing"></figure>')
    factories.figure(draft, author)

    factories.published(factories.submitted(author, draft), *staff)

    assert "What they do" in client.get(f"/articles/{draft.slug}/for/public/").content.decode()


def seen_at_the_edge(monkeypatch, client, *, other=None):
    """Return what `compare` says of the pages as they arrive, with this answer in place of each picture."""

    def ask(address, timeout, headers=None, method="GET"):
        path = address.removeprefix("http://edge")
        if path.startswith("/figures/") and other is not None:
            return edge.Answer(200, "OK", {}, other)
        response = getattr(Client(), method.lower())(path, headers=headers or {})
        return edge.Answer(response.status_code, response.reason_phrase, response.headers, response.content)

    monkeypatch.setattr(edge, "ask", ask)
    return comparing.compare(comparing.versions().get(), "http://edge").findings


def test_pictures_are_compared_as_they_arrive(draft, author, staff, client, monkeypatch):
    factories.published(factories.submitted(author, draft), *staff)

    assert seen_at_the_edge(monkeypatch, client) == []
    found = seen_at_the_edge(monkeypatch, client, other=factories.png(colour=(1, 2, 3)))
    assert found
    assert all("has other bytes than those signed" in str(each) for each in found)


def test_another_picture_on_the_page_is_not_the_page_that_was_signed(draft, author, staff, client):
    version = factories.published(factories.submitted(author, draft), *staff)
    page = client.get(f"/articles/{draft.slug}/for/public/").content.decode()
    signed = comparing.page_from(json.loads(version.frozen.text), "public")
    digest = version.version_pictures.first().sha256

    swapped = html.document_fromstring(page.replace(digest, "0" * 64))

    (article,) = [each for each in swapped.iter("article") if "text" in each.get("class", "")]
    assert edge._pictures(article) != edge._pictures(html.fragment_fromstring(signed.html))
