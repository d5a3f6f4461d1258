"""The whole site as `config/deploy/start` runs it: PostgreSQL with two roles, Redis, gunicorn, and nginx in front."""

import re
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import redis
from django.contrib.auth import get_user_model
from psycopg import sql

from articles.models import Article
from articles.site.verifying import comparing, edge
from reviews import workflow
from tests.deploy.databases import as_the_suites_role, connected
from tests.deploy.site import environment, running
from tests.factories import PASSWORD

pytestmark = pytest.mark.postgresql  # one database for both: see tests/scheduling.py
PAGE = "/articles/nodes/for/public/"


@pytest.fixture(scope="module")
def site(database, checkpoints, tmp_path_factory):
    made = environment(
        tmp_path_factory.mktemp("site"),
        database.url(database.role),
        OWNER_DATABASE_URL=database.url(database.owner),
        CHECKPOINT_DIR=str(checkpoints),
    )
    with running(made, "collectstatic", "check", "web", "--with-nginx", "--with-redis"):
        made.wait()
        yield made


@pytest.fixture(scope="module")
def signed_in(site) -> dict[str, str]:
    """The headers of a browser in which an editor has signed in, with a password, through the proxy."""
    form = site.ask("/desk/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.body).group(1)
    cookies = SimpleCookie(form.headers["Set-Cookie"])
    typed = urlencode({"username": "keeper", "password": PASSWORD, "csrfmiddlewaretoken": token})
    headers = {
        "Cookie": f"csrftoken={cookies['csrftoken'].value}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"{site.address}/desk/sign-in/",
        "Origin": site.address,
    }
    answer = site.ask("/desk/sign-in/", method="POST", headers=headers, body=typed)
    assert answer.status == 302, answer.body
    for given in answer.headers.get_all("Set-Cookie"):
        assert "Secure" in given
        assert "SameSite=Lax" in given
    (session,) = [given for given in answer.headers.get_all("Set-Cookie") if given.startswith("sessionid=")]
    assert "HttpOnly" in session
    return {"Cookie": session.partition(";")[0]}


def test_a_page_has_the_headers_that_protect_its_reader(site):
    page = site.ask(PAGE)

    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Server"] == "nginx"
    assert "Set-Cookie" not in page.headers
    for name, values in ((name, page.headers.get_all(name)) for name in set(page.headers)):
        assert len(values) == 1, name


def test_plain_http_leads_to_https_whatever_it_says_of_itself(site):
    for headers in ({}, {"X-Forwarded-Proto": "https"}):
        answer = site.ask(f"{PAGE}?a=1", https=False, headers=headers)

        assert answer.status == 301
        assert answer.headers["Location"] == f"{site.address}{PAGE}?a=1"


def test_what_a_client_says_of_host_and_protocol_is_not_believed(site):
    forged = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    robots = site.ask("/robots.txt", headers=forged)
    numbered = site.ask("/", headers={"X-Request-ID": "0123456789abcdef"})

    assert robots.status == 200
    assert f"{site.address}/sitemap.xml" in robots.body
    assert "evil.example" not in robots.body
    assert numbered.headers["X-Request-ID"] != "0123456789abcdef"
    assert site.ask("/", headers={"Host": "evil.example"}).status == 421
    assert site.ask("/", headers={"Host": "evil.example"}, https=False).status == 421


@pytest.mark.usefixtures("_checkpoints_of_this_test")
def test_a_readers_page_comes_from_the_cache_and_a_notice_shows_on_the_very_next_request(
    site, database, django_db_blocker, checkpoints, settings
):
    settings.CHECKPOINT_DIR = checkpoints
    site.ask(PAGE)
    again = site.ask(PAGE)
    known = site.ask(PAGE, headers={"If-None-Match": again.headers["ETag"]})
    with django_db_blocker.unblock(), connected(database, database.role):
        workflow.issue_notice(
            Article.objects.get(slug="nodes"),
            actor=get_user_model().objects.get(username="editor"),
            kind="concern",
            reason="Another figure is being checked.",
        )
    after = site.ask(PAGE)

    assert again.headers["X-Cache"] == "REVALIDATED"
    assert "Lymph nodes filter lymph and swell" in again.body
    assert (known.status, known.body) == (304, "")
    assert after.headers["X-Cache"] == "EXPIRED"
    assert "Another figure is being checked." in after.body
    assert again.headers["X-Request-ID"] != after.headers["X-Request-ID"]


def test_a_page_that_was_altered_in_the_proxys_cache_is_found_at_the_edge(
    site, database, django_db_blocker, monkeypatch
):
    """The proxy asks the site, which confirms the ETag that the altered copy still bears: only its bytes tell."""
    site.ask(PAGE)
    copy = site.kept(PAGE)
    right = copy.read_bytes()
    copy.write_bytes(right.replace(b"filter lymph", b"filter water"))

    def ask(address, timeout, headers=None, method="GET"):
        sent = {name: value for name, value in (headers or {}).items() if name != "Accept-Encoding"}
        answer = site.ask(address.removeprefix(site.address), method=method, headers=sent)
        return edge.Answer(answer.status, "", answer.headers, answer.body.encode())

    monkeypatch.setattr(edge, "ask", ask)
    with django_db_blocker.unblock(), connected(database, database.role):
        version = comparing.versions().get(pk=Article.objects.get(slug="nodes").published_version_id)
        altered = site.ask(PAGE).body
        found = comparing.compare(version, site.address).findings
        copy.write_bytes(right)
        nothing = comparing.compare(version, site.address).findings

    assert "filter water" in altered
    assert [(finding.place, finding.page.rpartition(" ")[2]) for finding in found] == [("edge", "public")]
    assert f"{PAGE}, asked plainly, " in found[0].sentence
    assert "with a query" not in found[0].sentence
    assert nothing == []


def test_nothing_comes_from_the_cache_for_somebody_signed_in(site, signed_in):
    desk = [site.ask("/desk/", headers=signed_in) for _ in range(2)]
    pages = [site.ask(PAGE, headers=signed_in) for _ in range(2)]

    assert [answer.status for answer in [*desk, *pages]] == [200] * 4
    assert "Kim Keeper" in desk[1].body
    assert [answer.headers["X-Cache"] for answer in [*desk, *pages]] == [None, None, "BYPASS", "BYPASS"]
    assert site.ask("/desk/").status == 302


def test_files_named_by_their_content_come_from_the_cache(site):
    sheet = re.search(r'href="(/static/site\.[0-9a-f]{12}\.css)"', site.ask(PAGE).body).group(1)
    site.ask(sheet)
    again = site.ask(sheet)

    assert again.headers["X-Cache"] == "HIT"
    assert "immutable" in again.headers["Cache-Control"]


def test_the_list_up_to_a_checkpoint_comes_from_the_cache(site):
    """It never changes, and to put it together is dear."""
    address = site.ask("/ledger/export").headers["Location"]
    first, again = [site.ask(address) for _ in range(2)]
    newest = [site.ask("/ledger/checkpoint") for _ in range(2)]

    assert (first.status, again.headers["X-Cache"]) == (200, "HIT")
    assert first.body == again.body
    assert first.body.splitlines()[0].endswith('"format": "imprimatur/export/1"}')
    assert {answer.headers["X-Cache"] for answer in newest} <= {"MISS", "EXPIRED"}


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/.env", "/.git/config", "/desk/.hidden", "/static/.x"])
def test_what_is_not_for_the_public_is_not_there(site, path):
    assert site.ask(path).status == 404


def test_what_is_too_large_is_refused_with_a_sentence(site):
    answer = site.ask("/audience/", method="POST", body=b"", headers={"Content-Length": str(13 * 1024 * 1024)})

    assert answer.status == 413
    assert "more than 12 megabytes" in answer.body


def test_pages_are_served_by_a_role_that_owns_nothing_and_processes_that_know_no_other(site, database):
    with database.connect(database.owner) as owner:
        rows = owner.execute("SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s", [database.name])
        roles = {role for (role,) in rows}
    processes = site.processes()

    assert set(processes) == {"redis", "web", "nginx"}
    assert roles == {database.role, database.owner}  # the owner is who asks
    with psycopg.connect(database.url(database.role)) as application, pytest.raises(psycopg.errors.Error):
        application.execute("DELETE FROM reviews_ledgerevent")
    known = {name: Path(f"/proc/{number}/environ").read_text() for name, number in processes.items()}
    assert database.url(database.role) in known["web"]
    assert not any(database.owner in text for text in known.values())
    assert not any(site.names["SECRET_KEY"] in known[name] for name in ("redis", "nginx"))


def test_the_shared_cache_is_redis(site):
    site.ask(PAGE)

    assert redis.Redis.from_url(site.names["CACHE_URL"]).dbsize() > 0
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=site.port("CACHE_URL")).dbsize()


EVERY_KIND = [
    PAGE,
    "/",
    "/articles/",
    "/topics/",
    "/search/?q=lymph",
    "/feed/",
    "/sitemap.xml",
    "/sitemap-articles.xml",
    "/board/",
    "/ledger/",
]


def test_connections_that_the_database_has_ended_are_noticed_by_nobody(site, database):
    for path in [*EVERY_KIND, "/healthz"]:
        with database.connect(database.role) as application:
            application.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
        assert site.ask(path).status == 200, path


def test_every_page_says_soon_that_the_database_is_away_and_is_back_with_it(site, database):
    name = sql.Identifier(database.name)
    with as_the_suites_role() as server:
        server.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name])
        try:
            found = {}
            for path in [*EVERY_KIND, "/healthz"]:
                began = time.monotonic()
                found[path] = (site.ask(path).status, time.monotonic() - began < 6)
        finally:
            server.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(name))
    site.wait()

    assert found == dict.fromkeys(found, (503, True))
    assert site.ask(PAGE).status == 200


def test_the_log_holds_no_query_and_no_address_but_the_staffs(site):
    site.ask("/search/?q=melanoma")
    site.ask("/desk/?q=melanoma")
    lines = site.logged("/search/", "/desk/")

    assert "melanoma" not in f"{lines}{site.said()}"
    assert {line["from"] for line in lines if line["path"] == "/search/"} == {""}
    assert {line["from"] for line in lines if line["path"] == "/desk/"} == {"127.0.0.1"}
