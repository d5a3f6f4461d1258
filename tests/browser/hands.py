"""What a person does who has a keyboard and no mouse."""

import os
import re
import time
from collections.abc import Callable

from playwright.sync_api import TimeoutError

SLOWER = float(os.environ.get("IMPRIMATUR_SLOW", "1"))
WAIT = 20 * SLOWER  # seconds; a page that waits for its next word from the site gets it within these

FOCUSED = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return "";
  const labels = [...(focused.labels || [])].map(label => label.innerText).join(" ");
  const named = labels || focused.getAttribute("aria-label") || focused.innerText || focused.value || "";
  const group = focused.closest("fieldset");
  const legend = focused.type === "radio" && group ? group.querySelector("legend").innerText + ": " : "";
  return legend + named.trim().replace(/\\s+/g, " ");
}"""


# After a frame and a task the page has heard of the move of the cursor: the browser tells it of that afterwards.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def settled(page):
    """Wait until the page knows where the cursor is, before a script does what a person does some time later."""
    page.evaluate(SETTLED)


def becomes(page, read: Callable[[], object], wanted: object):
    """Wait until this is read, as `expect` does for what it knows of; fail with what is read at last."""
    last = time.monotonic() + WAIT
    while (found := read()) != wanted and time.monotonic() < last:
        page.wait_for_timeout(50)
    assert found == wanted


def ends(address: str) -> re.Pattern[str]:
    """Return what `expect(page).to_have_url` takes for an address that ends so."""
    return re.compile(f"{re.escape(address)}$")


def tab_to(page, name: str, *, most: int = 300):
    """Press Tab until what has the focus is called this, or begins so; fail when the whole page was gone through."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused == name or focused.startswith(name):
            return
        seen.append(focused)
    raise AssertionError(f"The keyboard does not come to “{name}” on {page.url}; it came by {seen}")


def press(page, name: str):
    """Go to a link or button and press Enter; wait for the page it leads to."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def follow(locator):
    """Click what leads to a page, and wait for that page: a click may return before there is anything on it."""
    with locator.page.expect_navigation():
        locator.click()


def write(page, name: str, text: str):
    tab_to(page, name)
    page.keyboard.insert_text(text)


def choose(page, name: str, label: str):
    """Choose in a list by typing what the entry begins with."""
    tab_to(page, name)
    page.keyboard.type(label)


def tick(page, name: str):
    tab_to(page, name)
    page.keyboard.press("Space")


def choose_file(page, name: str, path):
    """Open the system's window for files from the keyboard; a busy browser now and then misses a key."""
    tab_to(page, name)
    for key in ("Enter", "Space", "Enter", "Space"):
        try:
            with page.expect_file_chooser(timeout=WAIT * 250) as chooser:
                page.keyboard.press(key)
        except TimeoutError:
            continue
        chooser.value.set_files(path)
        return
    raise AssertionError(f"No key opens the window for files from “{name}” on {page.url}")


def sign_in(page, username: str, password: str):
    page.goto("/desk/sign-in/")
    write(page, "Username", username)
    write(page, "Password", password)
    press(page, "Sign in")
