"""A cache entry is shown only if this site wrote it under that name; else it is replaced."""

import ast
import importlib.util
import json
import logging
import pickle
import shutil
import sys
from pathlib import Path

import pytest
from django.core.cache import cache

from articles.site import page
from articles.site.keeping import kept_responses, sealed_cache
from articles.site.versions import changes
from articles.text.rendering import renderer
from tests import factories
from tests.articles.site.pages import page_for

DOSE = "filter lymph"
WITHOUT_PART = {
    "simple_history": "the models' history; no text is made with it",
    "django_stubs_ext": "names of types, read by mypy alone",
}


@pytest.fixture
def name(public_article):
    return page.cache_name(public_article.published_version, "public")


@pytest.fixture
def kept(client, public_article, name):
    """The entry of a page that a reader has asked for."""
    client.get(page_for(public_article))
    return cache.get(sealed_cache.cache_key(name))


def put(name, entry):
    cache.set(sealed_cache.cache_key(name), entry, timeout=None)


def altered(entry: str) -> str:
    assert DOSE in entry
    return entry.replace(DOSE, "filter water")


ATTACKS = {
    "one phrase": altered,
    "no digest": lambda entry: entry.partition(":")[2],
    "a digest of the attacker's": lambda entry: f"{'0' * 64}:{altered(entry).partition(':')[2]}",
    "the authors": lambda entry: entry.replace("Ada Author", "Eve Author"),
    "the note on AI": lambda entry: entry.replace('"ai_note": "', '"ai_note": "No machine. '),
    "half of it": lambda entry: entry[:200],
    "nothing": lambda entry: "",
    "bytes that are no letters": lambda entry: "\ud800:{}",
    "another type": lambda entry: {"html": "<article>water</article>"},
    "a number": lambda entry: 7,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_altered_entry_is_never_shown_is_replaced_and_is_logged(client, public_article, name, kept, attack, caplog):
    path = page_for(public_article)
    before = client.get(path)
    put(name, attack(kept))
    assert cache.get(sealed_cache.cache_key(name)) != kept

    with caplog.at_level(logging.WARNING, "imprimatur.security"):
        after = client.get(path)

    assert after.content == before.content
    assert [record.name for record in caplog.records] == ["imprimatur.security"]
    assert f"is replaced: {name}." in caplog.text
    assert DOSE not in caplog.text
    assert cache.get(sealed_cache.cache_key(name)) == kept
    caplog.clear()
    client.get(path)
    assert not caplog.records


def test_a_good_entry_under_another_name_is_not_shown(client, public_article, name, kept):
    other = page.cache_name(public_article.published_version, "carer")
    put(other, kept)

    with pytest.raises(sealed_cache.Altered):
        sealed_cache.read(other)


def test_an_entry_of_another_renderer_or_another_secret_is_no_entry(public_article, name, kept, monkeypatch, settings):
    assert sealed_cache.read(name)["html"]

    with monkeypatch.context() as changed:
        changed.setattr(sealed_cache, "RENDERER", "another")
        assert sealed_cache.read(name) is None
        put(name, kept)
        with pytest.raises(sealed_cache.Altered):
            sealed_cache.read(name)
    settings.SECRET_KEY = "another secret " * 5
    assert sealed_cache.read(name) is None


def test_what_changed_between_versions_is_kept_under_a_digest_as_well(client, public_article, author, staff, caplog):
    factories.edit(public_article, "The newer text.", by=author)
    public_article.refresh_from_db()
    factories.published(factories.submitted(author, public_article), *staff)
    path = "/articles/lymph-nodes/versions/2/changes/"
    before = client.get(path)
    (earlier, later) = public_article.versions.order_by("number")
    name = f"changes:en:{earlier.digest}:{later.digest}:public"
    put(name, cache.get(sealed_cache.cache_key(name)).replace("newer", "older"))

    assert client.get(path).content == before.content
    assert f"is replaced: {name}." in caplog.text


def test_an_altered_page_that_somebody_was_shown_is_never_confirmed(client, public_article, monkeypatch):
    """A browser or proxy that has kept other bytes gets the right ones, and no 304."""
    path = page_for(public_article)
    with monkeypatch.context() as broken:
        right = page.rendered
        broken.setattr(
            page, "rendered", lambda *of: page.Page(**{**vars(right(*of)), "html": "<article>water</article>"})
        )
        shown = client.get(path)
    cache.clear()
    kept_responses.store.clear()

    after = client.get(path, headers={"if-none-match": shown["ETag"]})

    assert "water" in shown.content.decode()
    assert after.status_code == 200
    assert DOSE in after.content.decode()


def test_nothing_that_is_kept_is_a_pickle(kept):
    assert json.loads(kept.partition(":")[2])["authors"] == ["Ada Author"]
    assert pickle.PROTO not in kept.encode()[:2]


def imported(*modules: str) -> dict[str, set[str]]:
    """Return each module of the project that these import, directly or not, with the names of all that it imports."""
    found: dict[str, set[str]] = {}
    to_read = [*modules]
    while to_read:
        module = to_read.pop()
        if module in found or not (spec := importlib.util.find_spec(module)):
            continue
        names = set()
        for node in ast.walk(ast.parse(Path(spec.origin).read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        found[module] = names
        packages = {name.rpartition(".")[0] for name in names} - {""}
        to_read += [name for name in names | packages if is_of_the_project(name) and is_module(name)]
    return found


def is_of_the_project(name: str) -> bool:
    return (renderer.CODE.parent / name.partition(".")[0] / "__init__.py").exists()


def is_module(name: str) -> bool:
    path = renderer.CODE.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


MAKERS = ("articles.site.page", "articles.site.versions.changes")  # of all that is kept


def test_a_changed_line_in_any_module_that_decides_a_page_makes_another_renderer(tmp_path):
    code = shutil.copytree(renderer.CODE, tmp_path / "articles", ignore=shutil.ignore_patterns("__pycache__"))
    before = renderer.name_of()
    assert renderer.name_of(code) == before
    modules = imported(*MAKERS)
    assert {"articles.text.rendering.numbered.tables", "articles.text.redline.marking", "articles.frozen.content"} <= {
        *modules
    }

    for module in modules:
        source = tmp_path / Path(importlib.util.find_spec(module).origin).relative_to(renderer.CODE.parent)
        text = source.read_text()
        source.write_text(f"{text}\n# another line\n")
        assert renderer.name_of(code) != before, module
        source.write_text(text)


def test_a_module_that_is_added_or_renamed_makes_another_renderer(tmp_path):
    code = shutil.copytree(renderer.CODE, tmp_path / "articles")
    rendering = code / "text" / "rendering"
    (rendering / "visible.py").rename(rendering / "seen.py")

    assert renderer.name_of(code) != renderer.name_of()


def test_another_release_of_a_library_makes_another_renderer(monkeypatch):
    before, release = renderer.name_of(), renderer.version
    for library in renderer.LIBRARIES:
        with monkeypatch.context() as upgraded:
            upgraded.setattr(renderer, "version", lambda name, own=library: "999" if name == own else release(name))
            assert renderer.name_of() != before, library
    monkeypatch.setattr(renderer.etree, "LIBXML_VERSION", (99, 0, 0))

    assert renderer.name_of() != before


def test_every_library_that_decides_a_page_is_in_the_renderers_name():
    names = {name.partition(".")[0] for names in imported(*MAKERS).values() for name in names}
    libraries = {name for name in names if not is_of_the_project(name)} - set(sys.stdlib_module_names)

    assert libraries - {library.lower() for library in renderer.LIBRARIES} <= {*WITHOUT_PART}


def test_both_kinds_of_page_are_kept_by_the_same_door():
    assert page.cached is changes.cached is sealed_cache.cached
