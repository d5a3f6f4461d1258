"""Files in and out in the browser: the report of an import as a screen reader reads it, and the files of a page."""

import re

import pytest
from playwright.sync_api import expect

from reviews.demo.cast import PASSWORD
from tests.articles.word.files import cell, docx, paragraph, run, table
from tests.browser.hands import follow, sign_in, tab_to
from tests.browser.test_accessibility import AT_THE_DESK, demonstration, looked_at

__all__ = ["demonstration"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = b"<!doctype html><nav>Home</nav><main><h1>Swollen nodes</h1><p>Give 5 mg.</p><!-- draft --></main>"


def importing(page, name: str, data: bytes, kind: str):
    page.goto("/desk/articles/import/")
    page.get_by_label("File").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    follow(page.get_by_role("button", name="Import"))


def test_the_report_of_an_import_is_read_out_sentence_by_sentence(visit, demonstration):
    page = visit(bypass_csp=True)
    sign_in(page, "author", PASSWORD)

    importing(page, "nodes.html", PAGE, "text/html")

    expect(page.get_by_role("heading", level=1)).to_have_text("Draft")
    heard = page.locator(".messages").aria_snapshot()
    said = [line.strip() for line in heard.splitlines() if "listitem" in line]
    assert [re.sub(r'^- listitem: "?|"?$', "", line) for line in said] == [
        "The draft of “Swollen nodes” is stored.",
        "Kept, and compared sign by sign: 1 paragraph.",
        "Left out, as it stands outside <main>: “Home”.",
        "Comments were left out.",
    ]
    assert looked_at(page, page.url, AT_THE_DESK) == []


def test_a_refused_file_says_each_place_in_an_alert(visit, demonstration):
    page = visit(bypass_csp=True)
    sign_in(page, "author", PASSWORD)
    struck = cell(paragraph(run("50 mg", "<w:strike/>")))
    data = docx(table(["Drug", "Dose"], ["A", struck], ["B", struck], header=True), title="Swollen nodes")

    importing(page, "nodes.docx", data, WORD)

    heard = page.get_by_role("alert").aria_snapshot()
    for row in (2, 3):
        assert f"Struck out text would be shown: “50 mg” in table 1, row {row}, column 2. Delete it." in heard
    assert looked_at(page, page.url, AT_THE_DESK) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_files_of_a_page_are_reached_by_the_keyboard(visit, demonstration, scripts):
    page = visit(bypass_csp=True, java_script_enabled=scripts)
    page.goto("/articles/sentinel-node-biopsy/for/public/")

    tab_to(page, "Other files") if scripts else page.locator(".tools summary").focus()
    page.keyboard.press("Enter")
    links = page.locator(".tools details a")
    expect(links.first).to_be_visible()
    names = []
    for number in range(links.count()):
        with page.expect_download() as started:
            links.nth(number).press("Enter")
        names.append(started.value.suggested_filename)

    slug = "sentinel-node-biopsy"
    assert names == [f"{slug}-2-public.html", "public.md", f"{slug}-v2.docx", f"{slug}-v2.xml"]
    if scripts:
        assert looked_at(page, page.url) == []


WITHOUT_TOOLS = "document.querySelectorAll('.section-tools').forEach((one) => one.remove())"


def test_a_saved_page_opens_without_the_site(visit, demonstration, tmp_path):
    page = visit()
    page.goto("/articles/sentinel-node-biopsy/for/public/")
    page.locator(".tools summary").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="HTML, this page in one file").click()
    file = tmp_path / "saved.html"
    started.value.save_as(file)
    page.evaluate(WITHOUT_TOOLS)  # what the script of the page adds
    shown, pictures = page.locator("article").inner_text(), page.locator("article img").count()
    alone = page.context.browser.new_context(offline=True)
    saved = alone.new_page()
    saved.goto(file.as_uri())

    assert saved.locator("article").inner_text() == shown
    assert saved.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert saved.locator("article img").count() == pictures > 0
    assert looked_at(saved, "the saved page") == []
    alone.close()
