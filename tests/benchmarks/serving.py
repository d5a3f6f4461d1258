"""
What a reader's page costs, beside a bare Django view and Wagtail: CPU of the server's workers per request.

Run with: python -m tests.benchmarks.serving --articles 1000 --peers --postgresql postgres://… --pages 50000

Each server is gunicorn with two sync workers. All serve the page of `tests.benchmarks.page` in turns, several rounds of
many requests each; the median round counts.
"""

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import page

ROUNDS, REQUESTS = 5, 400
WAGTAIL = "wagtail==8.0.1"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server that runs: how to ask it, and the CPU that its workers have used."""

    name: str
    process: subprocess.Popen
    port: int
    spent: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **headers})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), body

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def seconds(self) -> float:
        """Return the CPU time of all workers so far."""
        return sum(_cpu(worker) for worker in self.workers())

    def megabytes(self) -> float:
        """Return the memory of the largest worker."""
        return max(_memory(worker) for worker in self.workers())

    def measure(self, called: str, path: str, headers: dict[str, str], expected: int, requests: int = REQUESTS) -> None:
        """Add the milliseconds of CPU per request of one round."""
        before = self.seconds()
        for _ in range(requests):
            status, _, _ = self.ask(path, headers)
            if status != expected:
                raise SystemExit(f"{self.name}: {path} answers {status}")
        self.spent.setdefault(called, []).append((self.seconds() - before) / requests * 1000)

    def median(self, called: str) -> float:
        return statistics.median(self.spent[called])


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss:",))) / 1000


@contextmanager
def served(
    name: str, application: str, port: int, environment: dict[str, str], python: str, folder: Path
) -> Iterator[Server]:
    """Serve an application with two sync workers."""
    command = [python, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen(
        [*command, application], cwd=folder, env={**os.environ, **environment}, start_new_session=True
    )
    try:
        server = Server(name, process, port)
        _wait(server)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(server: Server) -> None:
    for _ in range(300):
        try:
            server.ask("/", {})
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{server.name} does not start.")


def run(*command: str | Path, cwd: Path, **environment: str) -> None:
    subprocess.run([str(word) for word in command], cwd=cwd, check=True, env={**os.environ, **environment})


def our_environment(folder: Path, database: str) -> dict[str, str]:
    return {
        "DEBUG": "0",
        "SECRET_KEY": "only for a benchmark " * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_PROXY": "1",
        "DATABASE_URL": database,
        "LEDGER_KEY_FILE": str(folder / "ledger.key"),
        "CHECKPOINT_DIR": str(folder / "checkpoints"),
        "STATIC_ROOT": str(folder / "static"),
        "EMAIL_URL": "dummy:",
        "BACKGROUND": "0",
        "RATE_LIMITS": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def make_ours(folder: Path, database: str, articles: int) -> dict[str, str]:
    """Make a site with so many articles, and return the environment of its server."""
    environment = our_environment(folder, database)
    python = sys.executable
    run(python, "-m", "tests.benchmarks.filling", str(articles), cwd=ROOT, **environment)
    run(python, "manage.py", "collectstatic", "--noinput", "-v0", cwd=ROOT, **environment)
    return environment


def make_wagtail(folder: Path, articles: int) -> tuple[str, Path]:
    """Install Wagtail, make a project as its tutorial does, fill it; return its Python and its folder."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = str(folder / "venv/bin/python")
    run(python, "-m", "pip", "install", "-q", WAGTAIL, "gunicorn==23.0.0", cwd=folder)
    site = folder / "site"
    site.mkdir()
    run(folder / "venv/bin/wagtail", "start", "peer", site, cwd=folder)
    (site / "home/models.py").write_text((HERE / "peers/wagtail_models.py").read_text())
    (site / "home/templates/home/article_page.html").write_text((HERE / "peers/wagtail_article.html").read_text())
    (folder / "sections.json").write_text(json.dumps(page.sections()))
    settings = {"DJANGO_SETTINGS_MODULE": "peer.settings.production", "SECRET_KEY": "of a peer " * 6}
    (site / "peer/settings/local.py").write_text(
        "import os\nSECRET_KEY = os.environ['SECRET_KEY']\nALLOWED_HOSTS = ['*']\nSECURE_SSL_REDIRECT = False\n"
    )
    run(python, "manage.py", "makemigrations", "home", "-v0", cwd=site, **settings)
    run(python, "manage.py", "migrate", "-v0", cwd=site, **settings)
    script = (HERE / "peers/wagtail_fill.py").read_text()
    run(
        python,
        "manage.py",
        "shell",
        "-v0",
        "-c",
        script,
        cwd=site,
        ARTICLES=str(articles),
        SECTIONS=str(folder / "sections.json"),
        **settings,
    )
    run(python, "manage.py", "collectstatic", "--noinput", "-v0", cwd=site, **settings)
    return python, site


def _file(folder: Path) -> str:
    return f"sqlite:///{folder}/sqlite/site.sqlite3"


def _servers(folder: Path, given: argparse.Namespace, running: ExitStack) -> Iterator[Server]:
    (folder / "sqlite").mkdir()
    ours = make_ours(folder / "sqlite", _file(folder), given.articles)
    yield running.enter_context(served("Imprimatur, SQLite", "config.wsgi", 8731, ours, sys.executable, ROOT))
    if given.postgresql:
        (folder / "postgresql").mkdir()
        theirs = make_ours(folder / "postgresql", given.postgresql, given.articles)
        yield running.enter_context(served("Imprimatur, PostgreSQL", "config.wsgi", 8732, theirs, sys.executable, ROOT))
    yield running.enter_context(
        served("bare Django view", "tests.benchmarks.peers.bare", 8733, {}, sys.executable, ROOT)
    )
    if given.peers:
        (folder / "wagtail").mkdir()
        python, site = make_wagtail(folder / "wagtail", given.articles)
        settings = {"DJANGO_SETTINGS_MODULE": "peer.settings.production", "SECRET_KEY": "of a peer " * 6}
        yield running.enter_context(served("Wagtail", "peer.wsgi", 8734, settings, python, site))


PATHS = {"Wagtail": "/nodes-7/", "bare Django view": "/articles/nodes/for/public/"}
OURS = "/articles/nodes-7/for/public/"
OTHERS = {
    "home": "/",
    "list": "/articles/",
    "topic": "/topics/oncology/",
    "versions": "/articles/nodes-7/versions/",
    "board": "/board/",
    "feed": "/feed/",
    "sitemap": "/sitemap.xml",
    "a page of the sitemap": "/sitemap-articles.xml",
}


def compare(servers: list[Server]) -> None:
    """Measure the page on all servers in turns, and print a line for each."""
    known: dict[str, str] = {}
    for server in servers:
        path = PATHS.get(server.name, OURS)
        status, headers, body = server.ask(path, {})
        print(f"{server.name}: {status}, {len(body):,} bytes")
        known[server.name] = headers.get("ETag", "")
        server.measure("warming", path, {}, 200, 50)
    for _ in range(ROUNDS):
        for server in servers:
            path = PATHS.get(server.name, OURS)
            server.measure("page", path, {}, 200)
            if known[server.name]:
                server.measure("304", path, {"If-None-Match": known[server.name]}, 304)
    bare = next(server for server in servers if server.name.startswith("bare")).median("page")
    for server in servers:
        print(_line(server, bare))


def _line(server: Server, bare: float) -> str:
    cost = server.median("page")
    unchanged = f", 304 {server.median('304'):.2f} ms" if "304" in server.spent else ""
    ratio = f"{bare / cost:.2f} of the bare view's requests a second"
    return f"{server.name}: {cost:.2f} ms of CPU a page ({ratio}){unchanged}; {server.megabytes():.0f} MB a worker"


def others(kept: Server, made_anew: Server) -> None:
    """Print what the other pages cost, and how long they are: kept, and made anew each time."""
    for name, path in OTHERS.items():
        status, _, body = kept.ask(path, {})
        for server, requests in ((kept, REQUESTS), (made_anew, 50)):
            server.measure("warming", path, {}, status, 10)
            server.measure(name, path, {}, status, requests)
        print(
            f"{name}: {len(body) / 1000:.0f} kB, {kept.median(name):.2f} ms kept, {made_anew.median(name):.1f} ms anew"
        )


def many(server: Server, articles: int, pages: int) -> None:
    """Print what the first reading of an article costs, and the memory of a worker after many different pages."""
    before = server.seconds()
    first = range(100, min(300, articles))
    for number in first:
        server.ask(f"/articles/nodes-{number}/for/public/", {})
    print(f"first reading of an article: {(server.seconds() - before) / len(first) * 1000:.1f} ms")
    for number in range(pages):
        server.ask(f"/articles/nodes-{1 + number % articles}/for/public/", {})
    print(f"after {pages:,} pages: {server.megabytes():.0f} MB a worker")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--peers", action="store_true", help="Wagtail too, installed into a folder that is thrown away")
    parser.add_argument("--postgresql", default="", metavar="URL", help="of an empty database")
    parser.add_argument("--pages", type=int, default=0, help="to ask for before the memory is read")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        folder = Path(scratch)
        servers = list(_servers(folder, given, running))
        compare(servers)
        anew = {**our_environment(folder / "sqlite", _file(folder)), "KEPT_RESPONSES": "0"}
        made_anew = running.enter_context(served("nothing kept", "config.wsgi", 8735, anew, sys.executable, ROOT))
        others(servers[0], made_anew)
        many(servers[0], given.articles, given.pages)


if __name__ == "__main__":
    main()
