"""Wherever a text is given without markup, what is raised or lowered in it is not brought down: 10⁹/L is no 109/L."""

import re
from pathlib import Path

import pytest
from django.core import mail
from lxml import html

from articles.files.drafts.merging import ChangedAtTheDesk
from articles.files.drafts.store import slug_of
from articles.models import Article, Reference
from articles.text import richtext
from reviews import workflow
from tests import factories
from tests.articles.frozen import cite as mark
from tests.articles.importing.drafts import TEXT, stored

COUNT = "5 × 10⁹/L of H₂O"
RICH = "5 × 10<sup>9</sup>/L of H<sub>2</sub>O"
TYPED = "5 × 10^9/L of H_2O"


def brought_down(text: str) -> bool:
    return bool(re.search("109/L|H2O", text))


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (f"<p>{RICH}</p>", TYPED),
        (f"<h3>{RICH}</h3>", TYPED),
        (f"<ul><li>{RICH}</li></ul>", TYPED),
        (f"<table><caption>{RICH}</caption><tbody><tr><td>{RICH}</td></tr></tbody></table>", f"{TYPED}\n{TYPED}"),
        ("<p><strong>10<sup>9</sup></strong>/L</p>", "10^9/L"),
        ("<p>10<sup><em>9</em></sup>/L</p>", "10^9/L"),
        ("<p>10<sup>-9</sup>/L</p>", "10^-9/L"),
        ("<p>10<sup>9 12</sup>/L</p>", "10^9 12/L"),
        ("<p>10<sup>9</sup>2</p>", "10^(9)2"),
        ("<p>10<sup>9</sup> 2</p>", "10^9 2"),
        ("<p>x<sub>1</sub>5<sup>2</sup>3</p>", "x_(1)5^(2)3"),
        ("<p>x<sub>1</sub><sup>2</sup></p>", "x_1^2"),
        (f"<p>10<sup>9{mark('a')}</sup>/L</p>", "10^9/L"),
        ("<p>10⁹/L</p>", "10⁹/L"),
    ],
)
def test_a_text_without_its_markup_marks_what_is_raised_or_lowered(body, plain):
    assert richtext.plain(body) == plain


def test_the_text_without_these_marks_is_read_by_checks_alone():
    """Whoever else takes the markup away compares, and shows nothing of it."""
    root = Path(richtext.__file__).parents[3]
    bare = re.compile(r"richtext\.text\(|import text\b|strip_?tags|\.text_content\(\)")
    found = {
        path.relative_to(root).as_posix()
        for folder in ("articles", "reviews", "config", "templates")
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".html", ".xml", ".txt") and bare.search(path.read_text())
    }

    assert found == {
        "articles/checks/correction/__init__.py",
        "articles/files/exporting/documents/markdown/blocks.py",  # inside its own sign for raised and lowered
        "articles/files/word/levelled.py",  # lxml's: it takes elements away and keeps what is in them
        "articles/files/word/own/preparing.py",  # so too
        "articles/site/machines/files/pdf/blocks.py",  # to tell in which direction a text runs
        "articles/site/machines/files/context.py",  # our own line on each sheet
        "articles/search/quotes.py",  # to find the words of a question
        "articles/site/verifying/edge.py",
    }


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Counts of 10⁹/L", "counts-of-10-9-l"),
        ("1½ tablets", "1-1-2-tablets"),
        ("⅓ of 2¼", "1-3-of-2-1-4"),
        ("H₂O", "h2o"),
        ("CD4 count", "cd4-count"),
    ],
)
def test_an_address_made_of_a_title_keeps_them_apart(title, slug):
    assert slug_of(title) == slug


@pytest.fixture
def published(author, editor, clinical, specialist):
    """Publish a text full of them in two versions, with all that is said around one."""
    draft = factories.article(author, title=COUNT, slug="counts", body=f"<p>{RICH} {mark('a')} {mark('b')}</p>")
    factories.cite(draft, "a", by=author, title=RICH)
    factories.cite(draft, "b", by=author, title="Another")
    staff = editor, clinical, specialist
    first = factories.submitted(author, draft, note=COUNT)
    workflow.comment(first, actor=editor, text=f"Is it {COUNT}?", exact=COUNT.replace("⁹", "9").replace("₂", "2"))
    factories.published(first, *staff)
    section = draft.sections.get()
    section.body += f"<p>{RICH} again.</p>"
    factories.save(section, author)
    second = factories.published(factories.submitted(author, Article.objects.get(pk=draft.pk), note=COUNT), *staff)
    workflow.issue_notice(second.article, actor=editor, kind="correction", reason=f"It said {COUNT}.")
    work = Reference.objects.get(article_references__key="a")
    work.csl = {**work.csl, "status": "retracted"}
    work.save()
    return second


def title_of(page: str) -> str:
    return html.document_fromstring(page).findtext(".//title")


def around_of(page: str) -> str:
    """Return all that a page shows outside of rich text, as it is written."""
    tree = html.document_fromstring(page.encode())
    for rich in tree.xpath("//article | //*[contains(@class, 'redline')] | //sup | //sub"):
        rich.drop_tree()
    return tree.text_content()


PUBLIC = [
    *("/", "/articles/", "/topics/oncology/", "/board/", "/feed/", "/sitemap.xml", "/sitemap-articles.xml", "/ledger/"),
    *("/articles/counts/for/public/", "/articles/counts/versions/", "/articles/counts/versions/1/"),
    *(
        "/articles/counts/versions/2/changes/",
        "/search/?q=again",
        "/search/?q=10⁹",
        "/search/?q=10^9",
        "/search/?q=109",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_no_public_page_brings_them_down(client, published, path):
    page = client.get(path).content.decode()

    assert not brought_down(around_of(page))
    if path.startswith(("/search/", "/feed/", "/articles/counts/")) and not path.endswith("109"):
        assert re.search("10(\\^|⁹)", page)
    if path.startswith("/articles/counts/"):
        assert COUNT in title_of(page)


@pytest.mark.django_db
def test_no_page_of_the_desk_brings_them_down(client, published, editor):
    client.force_login(editor)
    reviews = [f"/desk/reviews/{version.review.pk}/" for version in published.article.versions.all()]
    for path in [f"/desk/articles/{published.article_id}/", *reviews, "/desk/", "/desk/articles/"]:
        page = client.get(path).content.decode()

        assert not brought_down(around_of(page)), path
    assert TYPED in client.get(reviews[0]).content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_mail_brings_them_down(published, author):
    assert len(mail.outbox) > 8
    for message in mail.outbox:
        assert not brought_down(message.subject + message.body)
    assert sum(COUNT in message.subject for message in mail.outbox) > 8
    assert any(f"It said {COUNT}." in message.body for message in mail.outbox)


@pytest.mark.django_db
def test_a_refused_import_shows_them_in_both_texts(author, editor):
    for name in ("Oncology", "Surgery"):
        factories.topic(name)
    draft, _ = stored(author, TEXT.replace("Many.", "10^9^/L"))
    section = draft.sections.get(heading="Causes")
    section.body = "<p>10<sup>8</sup>/L</p>"
    factories.save(section, editor)

    with pytest.raises(ChangedAtTheDesk) as caught:
        stored(author, TEXT.replace("Many.", "10^7^/L"), update=True)

    (sentence,) = (one for one in caught.value.sentences if "Causes" in one)
    assert "10^8/L" in sentence
    assert "10^7/L" in sentence


@pytest.mark.django_db
def test_a_quotation_as_a_browser_copies_it_is_kept_with_its_marks(author, editor):
    version = factories.submitted(author, body=f"<p>Or {RICH}.</p>")

    for copied, kept in [("5 × 109/L of H2O", TYPED), (TYPED, TYPED), ("109", "10^9")]:
        row = workflow.comment(version, actor=editor, text=f"On {copied}", exact=copied)
        assert row.anchors.get().exact == kept


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["10", "5 × 10", "9/L", "2O", "H"])
def test_no_part_of_a_raised_number_is_quoted(author, editor, words):
    version = factories.submitted(author, body=f"<p>Or {RICH}.</p>")

    with pytest.raises(Exception, match="are not in"):
        workflow.comment(version, actor=editor, text="No.", exact=words)
