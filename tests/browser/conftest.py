"""A real browser: the system's Chromium, driven without any script of ours in the page."""

import os
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

# Playwright's blocking interface runs an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items):
    """Skip, in words, where there is no browser."""
    if CHROMIUM is None:
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="needs Chromium on the path"))


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Return a page of a browser of its own; it fails on any error of the page and on any word to another host."""
    contexts, wrong = [], []

    def new_page(**options):
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda request: _note_foreign(request, live_server.url, wrong))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert wrong == []


def _note_foreign(request, home, wrong):
    if not request.url.startswith((home, "data:")):
        wrong.append(f"a request to {request.url}")
