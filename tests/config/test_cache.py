"""The shared cache is plain JSON, and a cache that is away or hangs is an empty one."""

import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest
import redis
from django.core.cache import caches
from django.urls import reverse

from articles.models import Article
from config.cache import SECONDS_OF_PAUSE, Cache
from reviews.operations import health
from tests import factories
from tests.config.test_production import ROOT, production
from tests.deploy.site import free_ports

__all__ = ["production"]

PASSWORD = "a-password-of-the-cache"


class Trap:
    """What runs when it is read from a pickle."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was read",))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Redis of our own, and its address."""
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server")
    (port,) = free_ports(1)
    command = ["redis-server", "--port", str(port), "--save", "", "--requirepass", PASSWORD]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path_factory.mktemp("redis"))
    address = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            redis.Redis.from_url(address).ping()
            break
        except redis.RedisError:
            time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(10)


@pytest.fixture
def cache(server):
    made = Cache(server, {})
    made.clear()
    return made


@pytest.fixture
def hanging():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held, stopped = [], threading.Event()

        def take():
            while not stopped.is_set():
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
        stopped.set()
        for each in held:
            each.close()


@pytest.fixture(params=["refused", "hanging"])
def away(request, settings):
    """The site with a cache that is away, as if it had never been asked."""
    address = f"redis://127.0.0.1:{free_ports(1)[0]}/0" if request.param == "refused" else None
    address = address or request.getfixturevalue("hanging")
    settings.CACHES = {"default": {"BACKEND": "config.cache.Cache", "LOCATION": address}}
    return caches["default"]


@pytest.mark.parametrize("value", ["text", 7, True, None, {"a": [1, "two"]}, "1", "{}"])
def test_what_is_kept_comes_back_as_it_was(cache, value):
    cache.set("name", value)

    assert cache.get("name", "nothing") == value
    assert type(cache.get("name", "nothing")) is type(value)


def test_it_counts_and_adds_as_other_caches_do(cache):
    assert cache.add("count", 0, 60)
    assert not cache.add("count", 5, 60)
    assert (cache.incr("count"), cache.incr("count"), cache.get("count")) == (1, 2, 2)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")


def test_nothing_that_somebody_lays_into_the_cache_is_run(cache, server):
    raw = redis.Redis.from_url(server)
    for entry in (pickle.dumps(Trap()), b"\x80\x04.", b"[" * 100_000, b"\xff"):
        raw.set(cache.make_key("name"), entry)
        with pytest.raises(ValueError):  # noqa: PT011 (of whatever kind: it is never an object)
            cache.get("name")
    raw.delete(cache.make_key("name"))
    raw.rpush(cache.make_key("name"), "a list")
    with pytest.raises(ValueError, match="another kind"):
        cache.get("name")


def test_a_page_is_shown_whatever_lies_in_the_cache(client, public_article, server, settings, caplog):
    settings.CACHES = {"default": {"BACKEND": "config.cache.Cache", "LOCATION": server}}
    raw = redis.Redis.from_url(server)
    raw.flushdb()
    settings.KEPT_RESPONSES = 0  # as in a process that has just begun
    right = client.get(page_of(public_article)).content
    (name,) = raw.keys()

    for spoil in (
        lambda: raw.set(name, pickle.dumps(Trap())),
        lambda: raw.set(name, b"[" * 100_000),
        lambda: raw.set(name, raw.get(name).replace(b"filter lymph", b"filter water")),
        lambda: (raw.delete(name), raw.rpush(name, "a list")),
    ):
        spoil()
        caplog.clear()
        assert client.get(page_of(public_article)).content == right
        assert "is replaced" in caplog.text


@pytest.fixture
def public_article(author, editor, clinical, specialist):
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    return Article.objects.get(pk=draft.pk)


def page_of(article):
    return reverse("article_for", args=[article.slug, "public"])


def test_readers_are_answered_at_once_while_the_cache_is_away(client, public_article, away):
    began = time.monotonic()
    answers = [
        client.get(path).status_code for path in [page_of(public_article), "/", "/articles/", "/search/?q=lymph"]
    ]
    took = time.monotonic() - began

    assert answers == [200] * 4
    assert took < 2


def test_one_that_hangs_is_waited_for_once_in_a_while(away):
    away.get("first")
    began = time.monotonic()

    for number in range(50):
        assert away.get(f"name {number}") is None
        assert away.set(f"name {number}", 1) is None
    assert away.add("name", 1)
    assert away.get_many(["name"]) == {}
    with pytest.raises(ValueError, match="not found"):
        away.incr("name")

    assert time.monotonic() - began < 0.2


def test_health_says_so_at_once_each_time_and_truly(client, db, away):
    for _ in range(2):
        began = time.monotonic()
        answer = client.get("/healthz")
        assert time.monotonic() - began < 1.5
        assert answer.status_code == 503
        assert answer.content == b"cache: The cache does not answer: pages are shown, but more slowly.\n"


def test_a_cache_that_is_back_is_used_again(cache, server, settings, monkeypatch):
    (port,) = free_ports(1)
    lost = Cache(f"redis://127.0.0.1:{port}/0", {})
    lost.set("name", 1)
    monkeypatch.setattr(lost, "_cache", cache._cache)
    assert lost.get("name") is None

    later = time.monotonic() + SECONDS_OF_PAUSE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    lost.set("name", 1)
    assert lost.get("name") == 1


def test_health_finds_a_cache_that_refuses_the_password(db, server, settings):
    settings.CACHES = {"default": {"BACKEND": "config.cache.Cache", "LOCATION": server.replace(PASSWORD, "another")}}

    assert health.findings().keys() == {"cache"}


@pytest.mark.parametrize("address", ["file:///tmp/cache", "db://table", "memcached://127.0.0.1:11211"])
def test_a_cache_of_pickles_is_refused(production, address):
    words = [sys.executable, "manage.py", "check"]
    refused = subprocess.run(words, cwd=ROOT, env={**production, "CACHE_URL": address}, capture_output=True, text=True)

    assert refused.returncode == 1
    assert "CACHE_URL names a cache whose entries are Python objects" in refused.stderr
    assert "Traceback" not in refused.stderr
