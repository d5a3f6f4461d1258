"""How `config/deploy/start` refuses, watches and stops: with SQLite, for the database has no part in it."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from reviews.evidence.ledger import keys
from tests.deploy.site import HOST, START, bare, environment, running, start_module, started, stop, until

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A folder with a key and a database that `start` migrated."""
    folder = tmp_path_factory.mktemp("migrated")
    keys.make(folder / "ledger.key")
    site = environment(folder, f"sqlite:///{folder / 'site.sqlite3'}", LEDGER_KEY_FILE=str(folder / "ledger.key"))
    done = subprocess.run([START, "--environment", site.file, "migrate"], env=bare(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(migrated, tmp_path):
    shutil.copy(migrated / "site.sqlite3", tmp_path)
    made = environment(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}", LEDGER_KEY_FILE=str(migrated / "ledger.key"))
    yield made
    if made.process:
        stop(made)


def answers(port: int) -> bool:
    with socket.socket() as asked:
        asked.settimeout(2)
        return asked.connect_ex(("127.0.0.1", port)) == 0


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_asked_to_stop_it_finishes_the_request_in_flight_and_ends_all_with_0(site):
    with running(site, "web", "--with-nginx", "--with-redis"):
        site.wait()
        numbers = site.processes()
        reader = socket.create_connection(("127.0.0.1", site.port("BIND")), timeout=20)
        head = f"POST /audience/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 15\r\n\r\naudience"
        reader.sendall(head.encode())
        time.sleep(0.5)
        site.process.send_signal(signal.SIGTERM)
        refuses_new_ones = until(lambda: not answers(site.port("HTTPS_PORT")))
        still_running = is_there(numbers["web"])
        reader.sendall(b"=public")
        answer = reader.recv(4096).decode()
        code = site.process.wait(20)

    assert refuses_new_ones
    assert still_running
    assert answer.startswith("HTTP/1.1 302")
    assert "audience=public" in answer
    assert code == 0
    assert set(numbers) == {"redis", "web", "nginx"}
    assert not any(is_there(number) for number in numbers.values())
    assert not any(answers(site.port(name)) for name in ("BIND", "HTTP_PORT", "HTTPS_PORT", "CACHE_URL"))


class Reader:
    """Somebody who asks for a page over and over, and keeps what is not answered with it."""

    def __init__(self, site):
        self.site, self.failures, self.answers = site, [], 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._read)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.stopped.set()
        self.thread.join()

    def _read(self):
        while not self.stopped.is_set():
            try:
                status = self.site.ask("/").status
            except OSError as error:
                status = repr(error)
            self.answers += 1
            if status != 200:
                self.failures.append(status)
            time.sleep(0.02)


@pytest.mark.parametrize("victim", ["worker", "scheduler", "redis"])
def test_no_reader_notices_that_a_job_or_the_cache_dies_and_it_is_started_again(site, victim):
    with running(site, "collectstatic", "web", "worker", "scheduler", "--with-nginx", "--with-redis"):
        site.wait()
        before = site.processes()
        with Reader(site) as reader:
            for _ in range(2):
                number = site.processes()[victim]
                os.kill(number, signal.SIGKILL)
                assert until(lambda gone=number: site.processes()[victim] != gone), site.said()
            time.sleep(1)
        after = site.processes()
        assert site.process.poll() is None

    assert reader.failures == []
    assert reader.answers > 20
    assert {name for name in after if after[name] != before[name]} == {victim}
    assert f"{victim} has ended with -9 and restarts in 1 s." in site.said()
    assert f"{victim} has ended with -9 and restarts in 2 s." in site.said()


def test_a_planned_restart_answers_throughout(site):
    with running(site, "collectstatic", "check", "web", "worker", "--with-nginx", "--with-redis"):
        site.wait()
        before, served_by = site.processes(), children(site.processes()["web"])
        with Reader(site) as reader:
            site.process.send_signal(signal.SIGHUP)
            assert until(lambda: site.processes()["worker"] != before["worker"], 60), site.said()
            assert until(lambda: not served_by & children(before["web"]), 40)
            time.sleep(1)
        after = site.processes()

    assert reader.failures == []
    assert reader.answers > 20
    assert after["web"] == before["web"]
    assert served_by


def test_a_restart_that_would_fail_is_not_begun(site):
    with running(site, "collectstatic", "web", "worker", "--with-redis"):
        assert until(lambda: answers(site.port("BIND")), 30), site.said()
        before = site.processes()
        shutil.rmtree(site.folder / "static")
        (site.folder / "static").write_text("a file, and no folder")
        site.process.send_signal(signal.SIGHUP)
        refused = until(lambda: "Nothing is reloaded." in site.said(), 60)
        after, runs = site.processes(), site.process.poll() is None

    assert refused
    assert runs
    assert after == before


def children(number: int) -> set[int]:
    return set(map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split()))


def test_the_pause_before_a_process_is_started_again_grows_up_to_a_minute(monkeypatch):
    start = start_module()
    watched, clock = start.Watched.__new__(start.Watched), [0.0]
    watched.pauses, watched.restart_at, watched.started_at = {}, {}, {"worker": 0.0}
    monkeypatch.setattr(start.time, "monotonic", lambda: clock[0])
    pauses = []
    for _ in range(9):
        watched._restart("worker", 1)
        pauses.append(watched.pauses["worker"])
        watched.restart_at.clear()
    clock[0] = 100.0
    watched._restart("worker", 1)

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert watched.pauses["worker"] == 1


@pytest.mark.parametrize("victim", ["web", "nginx"])
def test_a_process_without_which_there_are_no_pages_takes_all_the_others_with_it(site, victim):
    with running(site, "web", "--with-redis", "--with-nginx"):
        assert until(lambda: answers(site.port("BIND")) and "nginx" in site.processes(), 30), site.said()
        numbers = site.processes()
        os.kill(numbers[victim], signal.SIGKILL)
        code = site.process.wait(20)

    assert code == 1
    assert f"{victim} has ended with -9: all processes are stopped." in site.said()
    assert until(lambda: not answers(site.port("BIND")))
    assert not any(is_there(number) for number in numbers.values())


def test_nothing_goes_on_when_it_is_killed_itself(site):
    with running(site, "--with-redis", "web"):
        assert until(lambda: "redis" in site.processes()), site.said()
        redis = site.processes()["redis"]
        site.process.kill()
        site.process.wait(5)

        assert until(lambda: not is_there(redis) or _is_defunct(redis))


def _is_defunct(number: int) -> bool:
    """Tell whether a process has ended and merely waits for its parent to hear of it."""
    with open(f"/proc/{number}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] == "Z"


def refusal(site, *arguments) -> str:
    command = [str(START), "--environment", str(site.file), *arguments]
    done = subprocess.run(command, env=bare(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    return done.stderr


def rewrite(site, **names):
    site.file.write_text("".join(f"{name}={value}\n" for name, value in {**site.names, **names}.items()))


def test_a_file_of_secrets_that_everybody_can_read_is_refused(site):
    site.file.chmod(0o644)

    assert "Everybody on this machine can read" in refusal(site, "check")


def test_a_line_of_no_sense_is_refused_by_its_number_and_not_repeated(site):
    site.file.write_text("# the names\n\nSECRET KEY: hush\n")

    said = refusal(site, "check")

    assert "Line 3 of" in said
    assert "hush" not in said


def test_a_step_that_fails_stops_the_start(site):
    rewrite(site, SECRET_KEY="short")

    said = refusal(site, "check", "web")

    assert "SECRET_KEY is too short" in said
    assert "The step “check” failed" in said


def test_a_secret_is_read_from_its_file(site):
    secret = site.folder / "secret"
    secret.write_text("short\n")
    site.file.write_text(f"SECRET_KEY_FILE={secret}\nLEDGER_KEY_FILE={site.names['LEDGER_KEY_FILE']}\n")

    assert "SECRET_KEY is too short" in refusal(site, "check")

    secret.unlink()
    assert "SECRET_KEY_FILE names" in refusal(site, "check")


def test_redis_elsewhere_and_nginx_for_nobody_are_refused(site):
    rewrite(site, CACHE_URL="redis://cache.example:6379/0")
    assert "set CACHE_URL to redis://:PASSWORD@127.0.0.1" in refusal(site, "--with-redis", "web")

    rewrite(site, ALLOWED_HOSTS="127.0.0.1")
    assert "ALLOWED_HOSTS names no public host" in refusal(site, "--with-nginx", "web")
    assert "there is no nonsense" in refusal(site, "nonsense")


@pytest.mark.parametrize("password", ["", "short", "with%20a-space", "with%22quotes", "with%0anewline"])
def test_a_cache_without_a_good_password_is_refused(site, password):
    rewrite(site, CACHE_URL=f"redis://:{password}@127.0.0.1:{site.port('CACHE_URL')}/0")

    assert "CACHE_URL has no usable password." in refusal(site, "--with-redis", "web")


def test_a_command_is_run_with_the_environment_of_the_site_and_the_owners_where_it_makes_tables(site):
    owner = site.folder / "owner"
    owner.write_text(f"OWNER_DATABASE_URL=sqlite:///{site.folder / 'of-the-owner.sqlite3'}\n")
    names = {"ENVIRONMENT_FILE": str(site.file), "OWNER_FILE": str(owner), "SITE_USER": getpass.getuser()}
    manage = START.with_name("manage")

    def run(*words):
        return subprocess.run([manage, *words], env=bare() | names, capture_output=True, text=True, timeout=60)

    said = run("ledger_key", "show")
    unknown = run("nosuch")
    migrated = run("migrate", "--verbosity", "0")

    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Key ")
    assert unknown.returncode == 1
    assert migrated.returncode == 0, migrated.stderr
    assert (site.folder / "of-the-owner.sqlite3").exists()


@pytest.mark.parametrize("name", ["BIND", "CACHE_URL", "HTTP_PORT", "HTTPS_PORT"])
def test_a_taken_port_is_refused_before_anything_is_done(site, name):
    database = site.folder / "site.sqlite3"
    database.unlink()
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port(name)))
        other.listen()

        said = refusal(site, "--with-redis", "--with-nginx")

    assert said == f"start: Nothing can listen on port {site.port(name)}, which {name} names: Address already in use.\n"
    assert not database.exists()


@pytest.mark.parametrize("address", ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0", "unix:/run/site"])
def test_every_address_that_gunicorn_takes_is_looked_at_as_it_is_meant(address):
    start, alone = start_module(), SimpleNamespace(with_redis=False, with_nginx=False)
    if "[" in address and not start.has_ipv6():
        address = "127.0.0.1:0"

    start.require_ports_and_files(alone, ["web"], {"BIND": address})

    for wrong in ("127.0.0.1:http", "127.0.0.1:99999", "127.0.0.1:", "nowhere.invalid:8000"):
        with pytest.raises(start.Refused, match="which BIND names: "):
            start.require_ports_and_files(alone, ["web"], {"BIND": wrong})


def test_a_certificate_that_is_not_there_is_refused_before_anything_is_done(site):
    rewrite(site, TLS_KEY="/nonexistent/key.pem")

    said = refusal(site, "web", "--with-nginx")

    assert said == "start: TLS_KEY names /nonexistent/key.pem, which cannot be read: No such file or directory.\n"


def test_a_migration_is_finished_before_it_stops(site):
    database = site.folder / "site.sqlite3"
    database.unlink()
    started(site, "migrate", "web")
    assert until(database.exists)

    code = stop(site)

    again = subprocess.run(
        [str(START), "--environment", str(site.file), "check"], env=bare(), capture_output=True, text=True
    )
    assert code == 0
    assert "web runs" not in site.said()
    assert again.returncode == 0, again.stderr  # the triggers are there: they are what a migration makes last
