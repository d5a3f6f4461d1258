"""
A hostile text in Chromium: opened, pasted, taken up, chosen and previewed. Nothing of it runs, without a policy too.

What is stored and sent by each door is looked at in `tests/desk/test_doors.py`.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.models import Section
from tests.articles.hostile import PAYLOADS
from tests.browser.hands import follow, settled, sign_in
from tests.factories import PASSWORD, article, save

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCRIPT = Path(__file__).parents[2] / "config" / "static" / "editor.js"
RUNS = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)></svg><p onclick=alert(4)>x</p>"
BREAKS_OUT = f"</textarea></title></script>\"'>{RUNS}"
LINKED = '<p><a href="javascript:alert(5)">5 mg</a></p>'
# A text as the editor is given it: to open, and as if it came from the clipboard of an editor of this kind.
GIVEN = """async (texts) => {
  const next = () => new Promise((done) => setTimeout(done));
  for (const text of texts) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    const editor = imprimaturEditor.mount(area);
    area.value = "<p>x</p>";
    editor.open();
    for (const html of [`<p data-pm-slice="1 1 []">x</p>${text}`, `<div data-pm-slice="0 0 []">${text}</div>`]) {
      const data = new DataTransfer();
      data.setData("text/html", html);
      data.setData("text/plain", text);
      editor.view.focus();
      const how = {clipboardData: data, bubbles: true, cancelable: true};
      editor.view.dom.dispatchEvent(new ClipboardEvent("paste", how));
      await next();
      for (const each of editor.whole.querySelectorAll("[contenteditable] *, .said-of-text *")) each.click();
    }
    const alien = editor.whole.querySelectorAll(
      "script, iframe, object, embed, style, link, form, svg, math, a[onclick], img:not(.ProseMirror-separator)," +
      "a[href^='javascript:' i], a[href^='data:' i], a[href^='vbscript:' i], [contenteditable] [onclick]"
    );
    if (alien.length) throw new Error(`${text}: ${[...alien].map((one) => one.outerHTML)}`);
    editor.whole.remove();
    area.remove();
  }
  await next();
}"""


@pytest.fixture
def watched(visit):
    """Return pages without a policy of their own, which fail as soon as a script of a text opens a window."""
    ran = []

    def page_of(username):
        page = visit(bypass_csp=True)
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.accept()))
        page.on("framenavigated", lambda frame: ran.append(frame.url) if "evil" in frame.url else None)
        sign_in(page, username, PASSWORD)
        return page

    yield page_of
    assert [each for each in ran if each] == []


@pytest.fixture
def draft(author):
    found = article(author, title="Nodes")
    save(Section(article=found, heading="Two", body="<p>Words.</p>", position=2), author)
    return found


def write_into(page, section, heading, body):
    """Put a text into the fields of a section, by hand in the text area."""
    part = page.locator(f"#s{section.pk}")
    part.get_by_label("Heading", exact=True).first.fill(heading)
    page.locator(f"[name=s{section.pk}-body]").evaluate(
        "(area, text) => { area.value = text; area.dispatchEvent(new Event('input', {bubbles: true})); }", body
    )


def test_the_editor_runs_nothing_of_what_it_is_given(chromium):
    page, ran = chromium.new_page(), []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.accept()))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.route("**/*", lambda route: ran.append(route.request.url) or route.abort())
    page.set_content("<!doctype html><html lang=en><meta charset=utf-8><body>")
    page.add_script_tag(path=SCRIPT)

    page.evaluate(GIVEN, [*PAYLOADS, RUNS, BREAKS_OUT, LINKED])

    page.close()
    assert len(PAYLOADS) > 150
    assert ran == []


def test_the_watch_sees_a_script_that_runs(chromium):
    """The test above can fail: without the editor the same text does run."""
    page, ran = chromium.new_page(), []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.accept()))
    page.route("**/*", lambda route: route.abort())
    page.set_content("<!doctype html><body>")
    page.evaluate("(text) => { document.body.innerHTML = text; }", RUNS)
    page.wait_for_timeout(200)
    page.close()

    assert "2" in ran


@pytest.mark.parametrize("text", [RUNS, BREAKS_OUT, LINKED])
def test_a_section_and_its_preview_run_nothing(watched, draft, text):
    page = watched("author")
    page.goto(f"/desk/articles/{draft.pk}/sections/{draft.sections.first().pk}/")
    page.get_by_role("button", name="Edit as HTML").click()
    page.locator("textarea[name=body]").fill(text)
    page.get_by_role("button", name="Back to the editor").click()
    expect(page.locator(".said-of-text li").first).to_be_visible()
    page.locator("[name=heading]").fill(BREAKS_OUT[:200])
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.locator("body")).to_contain_text("Line 1")
    follow(page.get_by_role("button", name="Save", exact=True))

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("textarea[name=body]")).to_have_value(text)
    settled(page)
    assert draft.sections.first().body == "<p>Lymph nodes filter lymph.</p>"


def test_a_draft_with_hostile_texts_kept_offered_and_chosen_runs_nothing(watched, draft, editor):
    one = draft.sections.first()
    mine, theirs = watched("author"), watched("editor")
    for page in (mine, theirs):
        page.goto(f"/desk/articles/{draft.pk}/write/")
    mine.get_by_label("Title", exact=True).fill(BREAKS_OUT[:200])
    write_into(mine, one, BREAKS_OUT[:200], BREAKS_OUT)
    mine.locator("[data-status]", has_text="Kept at").wait_for()
    mine.reload()
    follow(mine.locator("[data-offer]").get_by_role("link", name="Take it up"))
    expect(mine.locator(f"[name=s{one.pk}-body]")).to_have_value(BREAKS_OUT)
    theirs.get_by_label("Title", exact=True).fill(f"Theirs {BREAKS_OUT}"[:200])
    write_into(theirs, one, f"Theirs {BREAKS_OUT}"[:200], "<p>Theirs.</p>")
    follow(theirs.get_by_role("button", name="Save draft").first)

    follow(mine.get_by_role("button", name="Save draft").first)

    expect(mine.locator("h1")).to_contain_text("Somebody else changed the same words")
    expect(mine.locator("main")).to_contain_text("<script>alert(1)</script>")
    settled(mine)
    mine.goto(f"/desk/articles/{draft.pk}/draft/")
    expect(mine.locator("main")).to_contain_text("<script>alert(1)</script>")
    mine.goto(f"/desk/articles/{draft.pk}/preview/public/")
    expect(mine.locator("main")).to_contain_text("<script>alert(1)</script>")


def test_a_hostile_text_on_the_device_runs_nothing(watched, draft, author):
    """Another program, or another page of this site's address, may have put it there."""
    page = watched("author")
    key = f"imprimatur.draft.{author.pk}.{draft.pk}.{'a' * 16}"
    page.goto(f"/desk/articles/{draft.pk}/write/")
    fields = page.evaluate("[...new FormData(document.querySelector('[data-write]'))]")
    name = f"s{draft.sections.first().pk}-body"
    sent = [[each, BREAKS_OUT if each in (name, "article-title") else value] for each, value in fields]
    sent = [[each, value] for each, value in sent if each != "csrfmiddlewaretoken"]
    kept = json.dumps({"at": page.evaluate("Date.now()"), "fields": [*sent, [f'x"><b>{RUNS}', RUNS]]})
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, kept])

    page.reload()
    follow(page.locator("[data-local]").get_by_role("button", name="Take it up"))

    expect(page.locator(f"[name={name}]")).to_have_value(BREAKS_OUT)
    settled(page)
