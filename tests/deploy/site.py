"""A site as it runs in production: its environment file, its certificate, `config/deploy/start`, and who asks it."""

import datetime
import http.client
import importlib.machinery
import importlib.util
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

ROOT = Path(__file__).parents[2]
START = ROOT / "config" / "deploy" / "start"
HOST = "imprimatur.example"
CACHE_PASSWORD = "what-the-cache-asks-for"


def until(true, seconds=15) -> bool:
    """Wait until the question is answered with yes; tell whether it was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass
class Site:
    """A folder with an environment file, and the running process of `start` once there is one."""

    folder: Path
    names: dict[str, str]
    process: subprocess.Popen | None = None
    arguments: tuple[str, ...] = ()
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.folder / "environment"

    def port(self, name: str) -> int:
        return int(self.names[name].rpartition(":")[2].partition("/")[0])

    @property
    def address(self) -> str:
        """The site's address as a browser shows it: with its port, which is not 443 here."""
        return f"https://{HOST}:{self.port('HTTPS_PORT')}"

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def logged(self, *paths: str) -> list[dict]:
        """Return the lines of nginx's log once it has one for each of these paths: it writes them after its answer."""
        log, lines = self.folder / "run" / "access.log", []

        def complete():
            lines[:] = [json.loads(line) for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]
            return set(paths) <= {line["path"] for line in lines}

        assert until(complete), f"the log has no line for one of {paths}: {lines}"
        return lines

    def kept(self, path: str) -> Path:
        """Return the file in which nginx keeps this page once it is there: it is laid down after the answer."""
        key, found = f"{path}\n".encode(), []

        def there():
            files = (self.folder / "run" / "cache").glob("?/??/" + "?" * 32)  # a file in the making has a longer name
            found[:] = [file for file in files if key in file.read_bytes()]
            return len(found) == 1

        assert until(there), f"nginx keeps {len(found)} files for {path}"
        return found[0]

    def processes(self) -> dict[str, int]:
        """Return the number of each process, once `start` has said all those that it was asked for."""
        assert until(lambda: self._asked_for() <= set(self._named())), self.said()
        return self._named()

    def _asked_for(self) -> set[str]:
        names = {argument.removeprefix("--with-") for argument in self.arguments}
        return names & {"redis", "web", "worker", "scheduler", "nginx"}

    def _named(self) -> dict[str, int]:
        return {
            name: int(number)
            for name, number in re.findall(r"^start: (\w+) runs as process (\d+)\.$", self.said(), re.M)
        }

    def ask(self, path: str, *, method="GET", headers=None, body=None, https=True) -> Answer:
        """Ask as a browser would, on this machine but by the site's own name."""
        port = self.port("HTTPS_PORT" if https else "HTTP_PORT")
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        connection.sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        if https:
            trusting = ssl.create_default_context(cafile=self.names["TLS_CERTIFICATE"])
            connection.sock = trusting.wrap_socket(connection.sock, server_hostname=HOST)
        connection.request(method, path, body=body, headers={"Host": f"{HOST}:{port}", **(headers or {})})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode(errors="replace"))
        connection.close()
        return answer

    def wait(self):
        """Wait until the site is well, asked as its readers ask."""
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.ask("/healthz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the site does not answer: {self.said()}")


def environment(folder: Path, database: str, **more: str) -> Site:
    """Return a site that is not started yet, on free ports, with a cache, a certificate and the suite's ledger key."""
    ports = iter(free_ports(4))
    certificate, key = certify(folder)
    kept = {
        "DATABASE_URL": database,
        "SECRET_KEY": settings.SECRET_KEY,
        "LEDGER_KEY_FILE": str(settings.LEDGER_KEY_FILE),
        "CHECKPOINT_DIR": str(folder / "checkpoints"),
        "STATIC_ROOT": str(folder / "static"),
        "RUN_DIR": str(folder / "run"),
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "BEHIND_PROXY": "1",
        "EDGE_URL": "",
        "WEB_WORKERS": "1",
        "BIND": f"127.0.0.1:{next(ports)}",
        "HTTP_PORT": str(next(ports)),
        "HTTPS_PORT": str(next(ports)),
        "CACHE_URL": f"redis://:{CACHE_PASSWORD}@127.0.0.1:{next(ports)}/0",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
        "PYTHON": sys.executable,
        **more,
    }
    site = Site(folder, kept)
    site.file.write_text("".join(f"{name}={value}\n" for name, value in kept.items()))
    site.file.chmod(0o600)
    return site


def bare() -> dict[str, str]:
    """Return what of this process's own environment the site needs: nothing of the suite's."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {"DEBUG": "0"}


def started(site: Site, *arguments: str) -> Site:
    command, site.arguments = [str(START), "--environment", str(site.file), *arguments], arguments
    with (site.folder / "said").open("w") as said:
        site.process = subprocess.Popen(command, env=bare(), stdout=said, stderr=said, start_new_session=True)
    return site


@contextmanager
def running(site: Site, *arguments: str):
    """Start the site, and leave nothing of it behind."""
    started(site, *arguments)
    try:
        yield site
    finally:
        stop(site)


def stop(site: Site) -> int:
    """Ask the site to stop and return its exit code; what does not obey is killed, by its number."""
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
    try:
        return site.process.wait(30)
    except subprocess.TimeoutExpired:
        site.process.kill()
        return site.process.wait()


def free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


def certify(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for the site, signed by itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    key.chmod(0o600)
    return certificate, key


def start_module():
    """Return `config/deploy/start` as a module, for its tables and functions."""
    loader = importlib.machinery.SourceFileLoader("start", str(START))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("start", loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module
