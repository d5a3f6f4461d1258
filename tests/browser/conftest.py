"""
A real browser: the system's Chromium, driven without any script of ours in the page.

IMPRIMATUR_SLOW=6 makes the processor of every page six times slower, and waits that much longer. A test that fails
then, and passes otherwise, looks at the page before the page has done what it was asked:
IMPRIMATUR_SLOW=6 python -m pytest -n 2 -m "browser and not pictures" tests/browser
"""

import os
import shutil

import pytest

from tests.browser.hands import SLOWER, WAIT

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
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT * 1000)
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
        context.set_default_timeout(WAIT * 1000)
        contexts.append(context)
        context.on("page", slow_down)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("request", lambda request: _note_foreign(request, live_server.url, wrong))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert wrong == []


def slow_down(page):
    if SLOWER > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _note_foreign(request, home, wrong):
    if not request.url.startswith((home, "data:")):
        wrong.append(f"a request to {request.url}")
