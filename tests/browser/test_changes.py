"""The changes between two versions: a reader goes from one to the next, by links or by keys, and by links alone."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests import factories
from tests.articles.frozen import DRUGS, row, table
from tests.browser.hands import becomes, ends, settled
from tests.browser.test_accessibility import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

COMPARED = "/articles/doses/versions/1...2/"
REACHED = "document.querySelector(':target')?.id"
FOCUSED = "document.activeElement.id"


@pytest.fixture
def doses(author, editor, clinical, specialist):
    """An article of which a phrase, a dose in a table and a paragraph changed, far apart."""
    wide = row("th", *(f"Heading number {number}" for number in range(9)))
    filler = "".join(f"<p>Paragraph {number} stays the same.</p>" for number in range(30))
    before = f"<p>Take it with food.</p>{filler}{table(DRUGS)}{table(wide)}{filler.replace('stays', 'is')}"
    after = before.replace("with food", "without food").replace("75 mg", "7.5 mg") + "<p>Do not share it.</p>"
    draft = factories.article(author, slug="doses", body=before)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    section.body = after
    factories.save(section, author)
    factories.published(factories.submitted(author, Article.objects.get(pk=draft.pk)), editor, clinical, specialist)


def test_keys_and_links_lead_from_one_change_to_the_next(visit, doses):
    page = visit(viewport={"width": 390, "height": 844})
    page.goto("/articles/doses/versions/")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(ends(COMPARED))
    expect(page.locator(".counts")).to_have_text(
        "3 changes: 1 dose, 1 paragraph, 1 phrase. Go to the first change", use_inner_text=True
    )
    page.keyboard.press("j")
    assert page.evaluate(REACHED) is None, "a key does nothing before a change is reached"

    page.get_by_role("link", name="Go to the first change").click()
    becomes(page, lambda: page.evaluate(FOCUSED), "change-1")
    for key, change in (("j", 2), ("j", 3), ("j", 3), ("k", 2), ("Control+k", 2), ("k", 1), ("k", 1)):
        page.keyboard.press(key)
        settled(page)
        becomes(page, lambda: page.evaluate(FOCUSED), f"change-{change}")

    page.locator("#change-1").get_by_role("link", name="Next place with changes").click()
    becomes(page, lambda: page.evaluate(REACHED), "change-2")
    expect(page.locator("#change-2")).to_contain_text("7.5 mg", use_inner_text=True)
    assert page.locator("#change-2").bounding_box()["y"] < 844


def test_links_lead_without_scripts(visit, doses):
    page = visit(java_script_enabled=False)
    page.goto(COMPARED)
    expect(page.get_by_text("the keys J and K")).to_be_hidden()

    page.get_by_role("link", name="Go to the first change").click()
    for here in ("change-1", "change-2"):
        expect(page).to_have_url(ends(f"#{here}"))
        page.locator(f"#{here}").get_by_role("link", name="Next place with changes").click()

    expect(page).to_have_url(ends("#change-3"))
    expect(page.locator("#change-3").get_by_role("link", name="Next place with changes")).to_have_count(0)


def test_the_pages_of_versions_and_their_proofs_are_open_to_everybody(visit, doses):
    page = visit(bypass_csp=True)

    for address in ("/articles/doses/versions/", COMPARED, f"{COMPARED}#change-2", "/articles/doses/proof/"):
        page.goto(address)
        assert looked_at(page, address) == []
