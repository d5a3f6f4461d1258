"""References in the browser: five works of two files come into a draft with few clicks, with and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.hands import press, sign_in, tab_to
from tests.browser.test_accessibility import looked_at
from tests.factories import PASSWORD, article, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_CLICKS = 12
RIS = (
    "TY  - JOUR\nAU  - Okoro, Ada\nTI  - A first trial of nodes\nPY  - 2019/05/12/\nDO  - 10.1000/one\nER  - \n"
    "TY  - BOOK\nAU  - Institute of Nodes\nTI  - A second book of nodes\nPY  - 2020\nER  - \n"
)
NBIB = "".join(
    f"PMID- {number}\nTI  - A trial of nodes with the number {number}.\nFAU - Li, Wei\nAU  - Li W\nDP  - 2021\n\n"
    for number in (31452104, 31452105, 31452106)
)


@pytest.fixture
def draft():
    return article(person("ada", "Ada Author", groups=["author"]), title="Fever")


@pytest.fixture
def files(tmp_path):
    for name, content in (("works.ris", RIS), ("works.nbib", NBIB)):
        (tmp_path / name).write_text(content)
    return [tmp_path / "works.ris", tmp_path / "works.nbib"]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_five_references_of_two_files_take_few_clicks(visit, draft, files, scripts, width):
    page = visit(java_script_enabled=scripts, viewport={"width": width, "height": 900})
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/references/")
    clicks = 0

    page.get_by_role("link", name="Import references").click()
    clicks += 1
    page.get_by_label("Files").set_input_files(files)
    clicks += 3  # the button of the field, the two files at once, and Open
    page.get_by_role("button", name="Show preview").click()
    clicks += 1
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(5)
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Import the ticked references").first.click()
    clicks += 1

    expect(page.locator(".messages")).to_contain_text("5 references imported.")
    assert draft.article_references.count() == 5
    assert clicks <= MOST_CLICKS


def test_the_preview_is_read_and_ticked_with_the_keyboard_alone(visit, draft, files):
    page = visit(bypass_csp=True)
    sign_in(page, "ada", PASSWORD)
    page.goto(f"/desk/articles/{draft.pk}/references/import/")
    page.get_by_label("Files").set_input_files([files[1]])
    tab_to(page, "Or paste references")
    page.keyboard.type(RIS)
    press(page, "Show preview")

    assert looked_at(page, page.url) == []
    tab_to(page, "Li W. A trial of nodes with the number 31452105.")
    page.keyboard.press("Space")
    press(page, "Import the ticked references")

    expect(page.locator(".messages")).to_contain_text("4 references imported.")
    assert set(draft.article_references.values_list("reference__pmid", flat=True)) == {"31452104", "31452106", ""}
