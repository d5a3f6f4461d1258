"""The command that compares what readers are shown with what was signed, and fails where it differs or is not seen."""

import datetime
import http.server
import io
import threading
import urllib.request
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, Authorship, Contributor
from articles.site import page as pages
from articles.site.keeping import kept_responses, sealed_cache
from articles.site.verifying import comparing
from articles.site.verifying.edge import OPENER
from reviews import workflow
from reviews.evidence import triggers
from reviews.models import Quorum
from tests import factories

MARCH = datetime.date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def page(author, editor, clinical, specialist):
    draft = factories.article(
        author,
        title="Lymph nodes",
        slug="lymph-nodes",
        ai_use="assisted",
        ai_note="For spelling.",
        evidence_current_to=MARCH,
    )
    coauthor = Contributor.objects.create(name="Bea Second", credentials="MD")
    factories.save(Authorship(article=draft, contributor=coauthor, position=1), author)
    translator = Contributor.objects.create(name="Tia Third")
    factories.save(Authorship(article=draft, contributor=translator, role="translator", position=2), author)
    return factories.published(factories.submitted(author, draft), editor, clinical, specialist)


def compared(*options) -> tuple[int, str]:
    """Return the exit code of the command and what it said."""
    out = io.StringIO()
    try:
        call_command("verify_pages", *options, stdout=out)
    except SystemExit as stopped:
        return stopped.code, out.getvalue()
    return 0, out.getvalue()


def test_pages_that_show_what_was_signed_are_counted(page):
    assert compared() == (0, "Compared 3 pages with what was signed: 0 differ.\n")


def test_a_page_that_shows_another_text_is_named(page):
    triggers.drop()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_versiontext SET text = replace(text, 'filter lymph', 'filter water')")

    code, said = compared()

    assert code == 1
    assert said == (
        "lymph-nodes, version 1: database: the text or title stored is not the one signed.\n"
        "Compared 1 pages with what was signed: 1 differ.\n"
    )


ALTERED = {
    "text": "UPDATE articles_versiontext SET text = replace(text, 'filter lymph', 'filter water')",
    "title": "UPDATE articles_version SET title = 'Lymph water'",
    "kind": "UPDATE articles_version SET kind = 'policy'",
    "language": "UPDATE articles_version SET language = 'fr'",
    "readers": "UPDATE articles_version SET written_for = 'carer'",
    "risk": "UPDATE articles_version SET risk = 'high'",
}


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_in_the_database_is_shown_to_nobody(page, client, editor, what, warm):
    client.raise_request_exception = False
    client.force_login(editor)
    paths = [
        "/articles/lymph-nodes/for/public/",
        "/articles/lymph-nodes/versions/1/",
        f"/desk/reviews/{page.review.pk}/",
        *(["/articles/lymph-nodes/versions/1/signed"] if what == "text" else []),
    ]
    if warm:
        assert {client.get(path).status_code for path in paths} == {200}
    triggers.drop()
    with connection.cursor() as cursor:
        cursor.execute(ALTERED[what])
    kept_responses.store.clear()  # it holds what was signed: a process that has kept nothing reads what was altered

    answers = [client.get(path) for path in paths]

    # The page of a text that was taken from the cache is the signed one still.
    shown = [answer for answer in answers if answer.status_code == 200]
    assert len(shown) == (2 if warm and what == "text" else 0)
    assert not [answer for answer in answers if b"water" in answer.content]
    assert all("This text cannot be shown" in answer.content.decode() for answer in answers if answer not in shown)
    assert compared()[0] == 1


def test_a_page_that_cannot_be_fetched_is_not_said_to_differ(page, live_server, monkeypatch):
    monkeypatch.setattr(comparing, "reverse", lambda name, kwargs: f"/nowhere/{kwargs.get('audience', 'any')}/")

    code, said = compared("--url", live_server.url)

    assert code == 1
    assert "for public: the page cannot be fetched: it answers 404 Not Found." in said
    assert said.endswith("Compared 0 pages with what was signed: 0 differ. 3 could not be fetched.\n")


def test_a_site_that_cannot_be_reached_is_said_once(page):
    with pytest.raises(CommandError, match=r"^http://127.0.0.1:1/articles/lymph-nodes/for/\w+/ cannot be reached"):
        compared("--url", "http://127.0.0.1:1")


def test_a_renderer_that_shows_something_else_is_named(page, monkeypatch):
    right = pages.render
    monkeypatch.setattr(
        pages, "render", lambda *of: replace(right(*of), html=right(*of).html.replace("lymph", "water"))
    )

    code, said = compared()

    assert code == 1
    assert said.count(": renderer: the text rendered is not the text signed.\n") == 3


def spoil(page, audience, change):
    """Lay something else into the cache under the name of the page."""
    name = sealed_cache.cache_key(pages.cache_name(page, audience))
    pages.page_of(page, audience)
    cache.set(name, change(cache.get(name)), None)


def test_a_page_that_was_altered_in_the_cache_is_named(page):
    spoil(page, "carer", lambda entry: entry.replace("filter lymph", "filter water"))

    assert compared() == (
        1,
        "lymph-nodes, version 1, for carer: cache: the copy in the cache is not the one that this site wrote. "
        "Readers do not see this copy.\nCompared 3 pages with what was signed: 1 differ.\n",
    )


@pytest.mark.once
@pytest.mark.parametrize("part", ["html", "authors", "ai_level", "ai_note", "evidence_current_to", "minutes"])
def test_a_page_that_who_has_the_secret_altered_in_the_cache_is_named_too(page, part):
    name = pages.cache_name(page, "carer")
    another = {"authors": ["Eve Author"], "minutes": 999, "evidence_current_to": "2026-11-01"}.get(
        part, "Something else"
    )
    spoil(page, "carer", lambda entry: sealed_cache.seal(name, {**sealed_cache.read(name), part: another}))

    code, said = compared()

    assert code == 1
    assert said.startswith(
        "lymph-nodes, version 1, for carer: cache: the copy in the cache is not the page as it is rendered now.\n"
    )


def test_older_versions_are_compared_for_the_readers_they_were_written_for(page, author, editor, clinical, specialist):
    factories.edit(page.article, "The newer text.", by=author)
    newer = factories.submitted(author, Article.objects.get(pk=page.article_id))
    factories.published(newer, editor, clinical, specialist)
    assert compared() == (0, "Compared 4 pages with what was signed: 0 differ.\n")

    spoil(page, "public", lambda entry: "x")

    assert "lymph-nodes, version 1, for public: cache: " in compared()[1]


def test_what_nobody_can_read_any_more_is_not_compared(page, editor):
    workflow.issue_notice(page.article, actor=editor, kind="removal", reason="A court ordered it.")

    assert compared() == (0, "Compared 0 pages with what was signed: 0 differ.\n")


def test_a_retracted_page_is_compared_as_it_stands_under_its_notice(page, editor, live_server):
    workflow.issue_notice(page.article, actor=editor, kind="retraction", reason="A figure was wrong.")

    assert compared("--url", live_server.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")


# The edge: a proxy of a few lines, which alters what the site says


EDGES = {
    "the text, asked plainly": (
        lambda asked, body: body if asked.path.count("?") else body.replace(b"filter lymph", b"filter water"),
        "asked plainly, for gzip, with another ETag, with a cookie, plainly again:"
        " the text on the page is not the text signed.",
    ),
    "the text, asked with a query": (
        lambda asked, body: body.replace(b"filter lymph", b"filter water") if "?" in asked.path else body,
        "asked with a query: the text on the page is not the text signed.",
    ),
    "the text, for a browser that takes it compressed": (
        lambda asked, body: (
            body.replace(b"filter lymph", b"filter water") if "gzip" in asked.headers["Accept-Encoding"] else body
        ),
        "asked for gzip: the text on the page is not the text signed.",
    ),
    "the text, for a browser that has a page": (
        lambda asked, body: (
            body.replace(b"filter lymph", b"filter water") if asked.headers["If-None-Match"] == '"0"' else body
        ),
        "asked with another ETag: the text on the page is not the text signed.",
    ),
    "the text, for who has a cookie": (
        lambda asked, body: body.replace(b"filter lymph", b"filter water") if asked.headers["Cookie"] else body,
        "asked with a cookie: the text on the page is not the text signed.",
    ),
    "the title": (
        lambda asked, body: body.replace(b">Lymph nodes<", b">Lymph noses<"),
        ": the title on the page is not the title signed.",
    ),
    "the author": (
        lambda asked, body: body.replace(b"Ada Author", b"Eve Author"),
        ": the authors on the page are not those signed.",
    ),
    "the last of the authors": (
        lambda asked, body: body.replace(b"Bea Second", b"Ben Second"),
        ": the authors on the page are not those signed.",
    ),
    "an author's credentials": (
        lambda asked, body: body.replace(b"Bea Second, MD", b"Bea Second, PhD"),
        ": the authors on the page are not those signed.",
    ),
    "the translator": (
        lambda asked, body: body.replace(b"Tia Third", b"Tim Third"),
        ": the authors on the page are not those signed.",
    ),
    "the declared use of AI": (
        lambda asked, body: body.replace(b"with the help of artificial intelligence", b"and by nobody else"),
        ": the statement on artificial intelligence is not the one signed.",
    ),
    "the note on AI": (
        lambda asked, body: body.replace(b"For spelling.", b"For doses."),
        ": the statement on artificial intelligence is not the one signed.",
    ),
    "a signer's name, of which no text tells": (
        lambda asked, body: body.replace(b"Clara Clinical", b"Carl Clinical"),
        ": the notices, status, signatures or related texts are not those that the site shows now.",
    ),
    "an address that no word tells of": (
        lambda asked, body: body.replace(b'href="/ledger/"', b'href="/lodger/"'),
        ": the bytes of the page are not those of its ETag.",
    ),
}


@pytest.fixture
def edge(live_server):
    """A proxy before the site; `alter` is what it does to each body."""

    class Altering(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked = urllib.request.Request(live_server.url + self.path, method=self.command)
            for name in ("If-None-Match", "Cookie"):
                if name in self.headers:
                    asked.add_header(name, self.headers[name])
            with OPENER.open(asked) as answer:
                body = self.server.alter(self, answer.read())
                self.send_response(self.server.status or answer.status)
                for name in ("ETag", "Content-Type"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *arguments):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Altering)
    server.alter, server.status = lambda asked, body: body, None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.once
def test_an_edge_that_alters_nothing_is_well(page, edge):
    assert compared("--url", edge.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")


@pytest.mark.once
@pytest.mark.parametrize(("alter", "sentence"), EDGES.values(), ids=EDGES)
def test_a_page_that_is_altered_on_its_way_is_named_with_the_way(page, edge, alter, sentence):
    edge.alter = alter

    code, said = compared("--url", edge.url)

    assert code == 1
    line = said.splitlines()[0]
    assert line.startswith("lymph-nodes, version 1, for ")
    assert ": edge: /articles/lymph-nodes/" in line
    assert line.endswith(sentence)
    assert said.endswith("Compared 3 pages with what was signed: 3 differ.\n")


@pytest.mark.once
@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "concern", "correction"])
def test_a_page_that_was_kept_since_before_a_notice_is_found(page, edge, editor, kind):
    first = {}
    edge.alter = lambda asked, body: first.setdefault(asked.path.partition("?")[0], body)
    assert compared("--url", edge.url)[0] == 0
    workflow.issue_notice(page.article, actor=editor, kind=kind, reason="A figure was wrong.")

    code, said = compared("--url", edge.url)

    assert code == 1
    assert "the notices, status, signatures or related texts are not those" in said.splitlines()[0]
    assert said.endswith("Compared 3 pages with what was signed: 3 differ.\n")


@pytest.mark.once
@pytest.mark.parametrize("numbers", [None, [1]])
def test_a_page_that_was_kept_since_before_a_removal_is_found(
    page, edge, editor, author, clinical, specialist, numbers
):
    """The whole article, or its older version alone."""
    if numbers:
        factories.edit(page.article, "Newer words.", by=author)
        newer = factories.submitted(author, Article.objects.get(pk=page.article_id))
        factories.published(newer, editor, clinical, specialist)
    first = {}
    edge.alter = lambda asked, body: first.setdefault(asked.path.partition("?")[0], body)
    assert compared("--url", edge.url)[0] == 0
    edge.status = 200
    draft = Article.objects.get(pk=page.article_id)
    workflow.issue_notice(draft, actor=editor, kind="removal", reason="A patient was named.", versions=numbers)

    code, said = compared("--url", edge.url)

    assert code == 1
    assert "/articles/lymph-nodes/versions/1/: a text is shown that was removed." in said
    assert "/articles/lymph-nodes/versions/1/signed: a text is shown that was removed." in said
    assert ("/for/public/: a text is shown that was removed." in said) == (numbers is None)


def test_what_was_removed_and_is_gone_everywhere_is_well(page, editor, live_server):
    workflow.issue_notice(page.article, actor=editor, kind="removal", reason="A patient was named.")

    assert compared("--url", live_server.url) == (0, "Compared 0 pages with what was signed: 0 differ.\n")


@pytest.mark.once
def test_three_faults_at_three_places_are_each_found_by_name(page, edge, monkeypatch):
    spoil(page, "carer", lambda entry: entry.replace("filter lymph", "filter water"))
    edge.alter = lambda asked, body: (
        body.replace(b"filter lymph", b"filter water") if "professional" in asked.path else body
    )
    right = pages.render

    def broken(content, audience):
        made = right(content, audience)
        return replace(made, html=made.html.replace("lymph", "water")) if audience == "public" else made

    monkeypatch.setattr(pages, "render", broken)

    _, said = compared("--url", edge.url)

    places = {line.split(": ")[0].rpartition(" ")[2]: line.split(": ")[1] for line in said.splitlines()[:-1]}
    assert places == {"public": "renderer", "carer": "cache", "professional": "edge"}


def test_the_pages_that_are_served_are_compared(page, live_server):
    assert compared("--url", live_server.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")


BODIES = {
    "de": "<p>Lymphknoten filtern die Lymphe, etwa 2–4 l am Tag.</p><table><caption>Größe</caption><tbody><tr><th "
    'scope="row">Hals</th><td>10 mm</td></tr></tbody></table>',
    "ar": "<p>العقد اللمفية ترشح اللمف، حرارة 38 °C.</p><ul><li>10 mm</li></ul>",
}


@pytest.mark.once
@pytest.mark.parametrize("language", BODIES)
def test_a_page_in_another_language_is_compared_as_it_is_served(
    author, editor, clinical, specialist, live_server, language
):
    draft = factories.article(author, slug="knoten", title="38 °C", language=language, body=BODIES[language])
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    assert compared("--url", live_server.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")


@pytest.mark.once
def test_a_page_whose_full_review_is_due_is_compared_as_it_is_served(author, editor, clinical, live_server):
    Quorum.objects.create(kind="topic", risk="standard", urgent_days=7)
    version = factories.submitted(author)
    [asked] = factories.under_review(version, editor, (clinical, "clinical"))
    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")
    factories.decide(asked)
    workflow.publish(version, actor=editor)

    assert compared("--url", live_server.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")
