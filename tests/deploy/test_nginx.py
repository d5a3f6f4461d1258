"""What nginx, with the settings that are shipped, passes on, keeps and refuses, before a server told what to say."""

import http.server
import re
import subprocess
import threading
import time

import pytest

from tests.deploy.site import ROOT, Site, bare, environment, start_module

pytestmark = pytest.mark.once
ASKED_EACH_TIME = {"Cache-Control": "public, max-age=0, must-revalidate", "X-Accel-Expires": "@1", "ETag": '"1"'}


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answer with what the test has laid down for the path, and keep what was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.headers)
        status, headers, body = self.server.answers[self.path.partition("?")[0]]
        if self.headers.get("If-None-Match") == headers.get("ETag", "none"):
            status, body = 304, ""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET

    def log_message(self, *arguments):
        """Say nothing: the tests look at what was asked."""


class Behind:
    """nginx on free ports, and the server behind it."""

    def __init__(self, site: Site, server: http.server.ThreadingHTTPServer):
        self.site, self.server = site, server

    def ask(self, path="/page/", **more):
        return self.site.ask(path, **more)

    def lay_down(self, path="/page/", headers=None, *, status=200, body="one"):
        self.server.answers[path] = (status, headers or {}, body)
        self.server.asked.clear()

    def asked(self) -> list:
        return self.server.asked


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scripted)
    server.asked, server.answers = [], {}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = environment(folder, "sqlite://", BIND=f"127.0.0.1:{server.server_address[1]}")
    log = (folder / "said").open("w")
    process = subprocess.Popen(start_module().nginx(site.names), stdout=log, stderr=log)
    try:
        for _ in range(100):
            try:
                site.ask("/", https=False)
                break
            except OSError:
                time.sleep(0.05)
        yield Behind(site, server)
    finally:
        process.terminate()
        process.wait(10)
        server.shutdown()
        server.server_close()
        log.close()


def test_what_a_client_says_of_where_it_comes_from_is_replaced_or_taken_away(nginx):
    nginx.lay_down()
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Protocol": "ssl",
        "X-Forwarded-Ssl": "on",
        "X-Real-IP": "203.0.113.9",
        "X-Request-ID": "0123456789abcdef",
        "Forwarded": "for=203.0.113.9",
        "Proxy": "http://evil.example",
        "SCRIPT_NAME": "/evil",
        "X_FORWARDED_PROTO": "https",
    }

    answer = nginx.ask(headers=forged)

    (said,) = nginx.asked()
    assert (said["X-Forwarded-For"], said["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert said["Host"] == f"imprimatur.example:{nginx.site.port('HTTPS_PORT')}"
    assert said["X-Request-ID"] == answer.headers["X-Request-ID"] != "0123456789abcdef"
    kept = {"X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"}
    assert not {name for name in said if name in forged} - kept
    assert "evil" not in str(said)
    assert "203.0.113.9" not in str(said)


def test_a_public_page_is_kept_and_asked_for_each_time(nginx):
    nginx.lay_down("/kept/", ASKED_EACH_TIME)

    answers = [nginx.ask("/kept/") for _ in range(3)]

    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "REVALIDATED", "REVALIDATED"]
    assert [answer.body for answer in answers] == ["one"] * 3
    assert [asked.get("If-None-Match") for asked in nginx.asked()] == [None, '"1"', '"1"']
    nginx.lay_down("/kept/", {**ASKED_EACH_TIME, "ETag": '"2"'}, body="two")
    assert nginx.ask("/kept/").body == "two"


def test_a_page_that_was_taken_away_is_gone_at_once_and_shown_to_nobody_while_the_server_fails(nginx):
    nginx.lay_down("/gone/", ASKED_EACH_TIME)
    nginx.ask("/gone/")

    for status in (410, 404, 500, 503):
        nginx.lay_down("/gone/", status=status, body="not this")
        answer = nginx.ask("/gone/")
        assert (answer.status, answer.body) == (status, "not this")


@pytest.mark.parametrize(
    "headers",
    [
        {**ASKED_EACH_TIME, "Set-Cookie": "a=b"},
        {**ASKED_EACH_TIME, "Cache-Control": "private"},
        {**ASKED_EACH_TIME, "Cache-Control": "public, no-store"},
        {"X-Accel-Expires": "600"},
        {"Cache-Control": "max-age=600"},
        {},
    ],
    ids=["a cookie", "private", "no-store", "no word of public", "no word to the proxy", "no word at all"],
)
def test_what_is_not_called_public_is_never_kept(nginx, headers):
    nginx.lay_down("/mine/", headers)

    answers = [nginx.ask("/mine/") for _ in range(2)]

    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "MISS"]
    assert len(nginx.asked()) == 2
    assert not any("If-None-Match" in asked for asked in nginx.asked())


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/page/?q=melanoma", {}),
        ("/page/", {"Cookie": "sessionid=abc"}),
        ("/page/", {"Authorization": "Basic YTpi"}),
        ("/desk/", {}),
        ("/admin/", {}),
        ("/desk", {}),
    ],
    ids=["a query", "a session", "a password", "the desk", "the admin", "the desk without a slash"],
)
def test_nothing_is_kept_for_or_from_anybody_in_particular(nginx, path, headers):
    nginx.lay_down(path.partition("?")[0], ASKED_EACH_TIME)

    answers = [nginx.ask(path, headers=headers) for _ in range(2)]

    assert {answer.headers["X-Cache"] for answer in answers} <= {"BYPASS", None}
    assert len(nginx.asked()) == 2
    nginx.lay_down("/later/", ASKED_EACH_TIME)
    nginx.ask("/later/")
    folder = nginx.site.kept("/later/").parents[2]  # what nginx keeps is all there now
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"melanoma" not in kept


def test_files_are_kept_as_long_as_they_say_and_given_while_the_server_rests(nginx):
    nginx.lay_down("/static/site.css", {"Cache-Control": "max-age=315360000, public, immutable", "ETag": '"s"'})
    nginx.ask("/static/site.css")
    nginx.lay_down("/static/site.css", status=500, body="broken")

    assert nginx.ask("/static/site.css").headers["X-Cache"] == "HIT"
    assert nginx.asked() == []


def test_metrics_and_hidden_files_never_reach_the_server(nginx):
    nginx.lay_down()

    for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/.env", "/a/.git/HEAD", "/articles/../.env"):
        assert nginx.ask(path).status == 404, path
    assert nginx.asked() == []


def test_health_is_told_and_plain_http_never_reaches_the_server(nginx):
    nginx.lay_down("/healthz", body="ok\n")

    assert nginx.ask("/healthz").body == "ok\n"
    assert nginx.ask("/healthz", https=False).status == 301
    assert len(nginx.asked()) == 1


def test_a_server_says_of_itself_whether_it_is_well(nginx):
    command = [ROOT / "config" / "deploy" / "healthy"]
    environment = {**bare(), "BIND": nginx.site.names["BIND"], "ALLOWED_HOSTS": "imprimatur.example,127.0.0.1"}
    nginx.lay_down("/healthz", body="ok\n")
    well = subprocess.run(command, env=environment, capture_output=True, text=True)
    (asked,) = nginx.asked()
    nginx.lay_down("/healthz", status=503, body="the database does not answer\n")
    ill = subprocess.run(command, env=environment, capture_output=True, text=True)
    nobody = subprocess.run(command, env={**environment, "BIND": "127.0.0.1:1"}, capture_output=True, text=True)

    assert (well.returncode, well.stdout, asked["Host"]) == (0, "ok\n", "imprimatur.example")
    assert ill.returncode == 1
    assert "answers 503: the database does not answer" in ill.stderr
    assert nobody.returncode == 1
    assert "does not answer" in nobody.stderr


@pytest.mark.parametrize("hosts", [".imprimatur.example,127.0.0.1", " imprimatur.example , b.example"])
def test_of_a_domain_with_all_its_hosts_it_asks_for_the_domain_itself(nginx, hosts):
    environment = {**bare(), "BIND": nginx.site.names["BIND"], "ALLOWED_HOSTS": hosts}
    nginx.lay_down("/healthz", body="ok\n")

    subprocess.run([ROOT / "config" / "deploy" / "healthy"], env=environment, check=True, capture_output=True)

    assert [asked["Host"] for asked in nginx.asked()] == ["imprimatur.example"]


@pytest.mark.parametrize("every", ["0.0.0.0", "[::]"])
def test_of_a_server_that_listens_at_every_address_it_asks_at_the_machines_own(nginx, every):
    port = nginx.site.names["BIND"].rpartition(":")[2]
    environment = {**bare(), "BIND": f"{every}:{port}", "ALLOWED_HOSTS": "imprimatur.example"}
    nginx.lay_down("/healthz", body="ok\n")

    well = subprocess.run([ROOT / "config" / "deploy" / "healthy"], env=environment, capture_output=True, text=True)

    assert (well.returncode, well.stdout, well.stderr) == (0, "ok\n", "")


def test_as_typed_it_takes_the_sites_own_environment_file(nginx, tmp_path):
    command = [ROOT / "config" / "deploy" / "healthy"]
    nginx.lay_down("/healthz", body="ok\n")

    well = subprocess.run(
        command, env={**bare(), "ENVIRONMENT_FILE": str(nginx.site.file)}, capture_output=True, text=True
    )
    (asked,) = nginx.asked()
    folder = subprocess.run(command, env={**bare(), "ENVIRONMENT_FILE": str(tmp_path)}, capture_output=True, text=True)

    assert (well.returncode, well.stdout, well.stderr, asked["Host"]) == (0, "ok\n", "", "imprimatur.example")
    assert folder.returncode == 1
    assert "which says where the site listens, cannot be read" in folder.stderr
    assert "Traceback" not in folder.stderr


def test_a_server_that_does_not_answer_gives_a_sentence_and_the_headers_that_protect(nginx):
    nginx.server.answers["/broken/"] = None  # the handler fails, and the connection is cut

    answer = nginx.ask("/broken/")

    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "Please try again in a minute." in answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "method", "at_most"),
    [("/search/?q=lymph", "GET", 30), ("/audience/", "POST", 40)],
    ids=["search", "forms"],
)
def test_who_asks_far_too_often_is_told_to_wait_and_may_still_read(nginx, path, method, at_most):
    nginx.lay_down(path.partition("?")[0], body="found")
    nginx.lay_down("/read/", body="a page")

    answers = [nginx.ask(path, method=method) for _ in range(at_most + 20)]

    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.status for answer in answers[:15]} == {200}
    assert len(refused) >= 5
    assert "Please wait ten seconds and try again." in refused[0].body
    assert refused[0].headers["Retry-After"] == "10"
    assert refused[0].headers["X-Content-Type-Options"] == "nosniff"
    assert {nginx.ask("/read/").status for _ in range(40)} == {200}


def test_names_and_places_of_the_settings_are_those_that_start_puts_in(tmp_path):
    site = environment(tmp_path, "sqlite://", ALLOWED_HOSTS="a.example,b.example,127.0.0.1")
    start_module().nginx(site.names)
    written = (tmp_path / "run" / "site.conf").read_text()
    shipped = (ROOT / "config" / "deploy" / "nginx.conf").read_text()

    assert "server_name a.example b.example;" in written
    assert "imprimatur.example" not in written
    assert not [path for path in ("/etc/imprimatur", "/var/log", "/var/cache") if path in written]
    assert not re.search(r"listen (\[::\]:)?(80|443)\b", written)
    assert shipped.count("imprimatur.example") == 3


@pytest.mark.parametrize(("port", "host"), [("443", "$host"), ("8443", "$host:8443")])
def test_every_address_names_the_port_unless_it_is_the_usual_one(tmp_path, port, host):
    site = environment(tmp_path, "sqlite://", HTTPS_PORT=port)
    start_module().nginx(site.names)
    written = (tmp_path / "run" / "site.conf").read_text()

    assert f"return 301 https://{host}$request_uri;" in written
    assert f"proxy_set_header Host {host};" in written


@pytest.mark.parametrize("there", [True, False])
def test_it_listens_on_ipv6_where_there_is_any(tmp_path, monkeypatch, there):
    start = start_module()
    monkeypatch.setattr(start, "has_ipv6", lambda: there)
    start.nginx(environment(tmp_path, "sqlite://").names)
    written = (tmp_path / "run" / "site.conf").read_text()

    assert written.count("listen [::]:") == (4 if there else 0)
    assert len(re.findall(r"listen \d+", written)) == 4
