"""What the script of a text adds: links to sections, sharing, and reports about one section. Without it all reads."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from articles.models import GlossaryTerm, Section
from tests import factories
from tests.browser.hands import settled
from tests.browser.test_accessibility import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PATH = "/articles/lymph-nodes/for/public/"


@pytest.fixture
def harms(author, editor, clinical, specialist):
    draft = factories.article(author, title="Lymph nodes & you", slug="lymph-nodes")
    section = Section(article=draft, heading="Possible harms", body="<p>None.</p>", position=2)
    help_now = Section(article=draft, role="help_now", heading="Call", body="<p>Call 112.</p>", position=3)
    for one in (section, help_now, GlossaryTerm(word="Lymph", definition="A clear fluid.")):
        factories.save(one, author)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    return section


def copied(page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_links_to_the_page_and_to_a_section_are_copied(visit, harms):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{PATH}?campaign=x#ref-1")

    page.locator(".tools").get_by_role("button", name="Copy link").click()
    expect(page.locator(".said")).to_have_text("Link copied.", use_inner_text=True)
    assert copied(page).endswith(PATH)

    page.get_by_role("button", name="Copy link to “Possible harms”").click()
    expect(page.locator(".section-tools .said")).to_have_text("Link copied.", use_inner_text=True)
    boxes = page.locator(".section-tools:has(.said) > *").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map(({left, right}) => [left, right])"
    )
    assert all(left >= right for (_, right), (left, _) in pairwise(boxes)), "what is said lies on no button"
    address = copied(page)
    assert address.endswith(f"{PATH}#s-{harms.key}")
    page.goto(address)
    expect(page.locator(f"#s-{harms.key} h2")).to_be_visible()


def test_the_link_beside_a_section_leads_to_a_report_about_it(visit, harms):
    page = visit()
    page.goto(PATH)

    page.get_by_role("link", name="Report an error in “Possible harms”").click()

    expect(page.locator("#section")).to_have_value(harms.key)


def test_an_emergency_card_stays_bare(visit, harms):
    page = visit()
    page.goto(PATH)

    expect(page.locator("[data-role='body'] > .section-tools")).to_have_count(2)
    expect(page.locator("[data-role='help_now'] .section-tools")).to_have_count(0)


def test_sharing_is_offered_where_the_device_can_share(visit, harms):
    page = visit()
    page.add_init_script("navigator.share = async (what) => { window.shared = what; };")
    page.goto(PATH)

    page.get_by_role("button", name="Share").click()

    settled(page)
    assert page.evaluate("window.shared.url").endswith(PATH)
    assert "Lymph nodes & you" in page.evaluate("window.shared.title")


def test_without_scripts_the_page_is_complete(visit, harms):
    page = visit(java_script_enabled=False)
    page.goto(PATH)

    links = page.locator(".tools > ul > li > a")
    expect(links).to_have_text(["Cite this page", "Download as PDF", "Send by email"], use_inner_text=True)
    page.locator(".tools summary").click()
    expect(page.locator(".tools details a")).to_have_text(
        [
            "HTML, this page in one file",
            "Markdown, for programs",
            "Word, with the text for all readers",
            "JATS, for archives",
        ],
        use_inner_text=True,
    )
    expect(page.locator(".tools button, .section-tools")).to_have_count(0)
    assert links.nth(1).get_attribute("href") == PATH.rstrip("/") + ".pdf"
    address = links.nth(2).get_attribute("href")
    assert address.startswith("mailto:?subject=Lymph%20nodes%20%26%20you&body=http")
    assert address.endswith(PATH)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_script_adds(visit, harms, scheme):
    page = visit(
        bypass_csp=True, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}, color_scheme=scheme
    )
    page.goto(PATH)

    expect(page.locator(".section-tools").first).to_be_visible()
    page.locator(".words summary").click()
    expect(page.locator(".words dd")).to_be_visible()
    assert looked_at(page, "a text with its tools and words") == []
