"""The main job in a browser, by keyboard alone: from a file to a published page, as each person with a part in it."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from reviews.verifying import verify
from tests import factories, samples
from tests.browser.hands import choose_file, press, sign_in, tab_to, tick, write
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(sample, author, editor, clinical):
    subjects = samples.read(sample).topics
    specialist = factories.board_member("reviewer2", "Simon Specialist", ["specialist"], specialties=subjects)
    factories.disclaimers()
    return [(clinical, "Clinical"), (specialist, "Specialist")]


@pytest.mark.parametrize("sample", samples.FILES, ids=lambda path: path.stem)
def test_from_a_file_to_a_published_page_by_keyboard(visit, people, sample):
    author = visit()
    sign_in(author, "author", PASSWORD)
    press(author, "Import a file")
    choose_file(author, "Word or Markdown file", sample)
    press(author, "Import")
    article = Article.objects.get()
    press(author, article.title[:40])  # back from the draft to the article
    write(author, "What changed and why", "First version.")
    press(author, "Submit draft")
    expect(author.locator("main")).to_contain_text("Version 1 is submitted for review.", use_inner_text=True)

    editor = visit()
    sign_in(editor, "editor", PASSWORD)
    press(editor, article.title[:40])
    press(editor, "Ask reviewers")
    press(editor, "Ask those chosen")  # the two who are proposed
    expect(editor.locator("main")).to_contain_text("2 reviewers are asked.", use_inner_text=True)

    for reviewer, _ in people:
        page = visit(viewport={"width": 390, "height": 800})
        sign_in(page, reviewer.username, PASSWORD)
        press(page, article.title[:40])
        press(page, "I have no conflict of interest: accept and read")
        expect(page.locator(".statements").first).to_contain_text(article.title, use_inner_text=True)
        tick(page, "I have no conflict of interest on this article")
        tab_to(page, "Your decision")
        page.keyboard.press("Space")  # the first of the two is Approve
        write(page, "Your password", PASSWORD)
        press(page, "Sign")
        expect(page.locator("main")).to_contain_text("Your decision is signed", use_inner_text=True)

    editor.goto("/desk/")
    press(editor, article.title[:40])
    press(editor, "Publish now")
    expect(editor.locator("main")).to_contain_text("Version 1 is public.", use_inner_text=True)

    reader = visit(java_script_enabled=False)
    reader.goto("/")
    reader.get_by_role("link", name=article.title).click()
    page = reader.inner_text("main")
    assert "Approved by our medical advisory board" in page
    assert "Clara Clinical, MD" in page
    assert "Simon Specialist, MD" in page
    expect(reader.locator("article table")).to_have_count(sample.read_text().count("\n|---"))
    cookies = reader.context.cookies()
    assert cookies == []
    assert verify().problems == []


def test_the_audience_is_chosen_by_keyboard_and_remembered(visit, author, editor, clinical, specialist):
    draft = factories.article(author)
    draft.sections.get().wordings.create(audience=_audience("carer"), body="<p>Words for carers.</p>")
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    page = visit()

    page.goto(draft.get_absolute_url())
    tab_to(page, "Help us tailor your experience: which best describes you?")
    page.keyboard.press("Enter")
    tab_to(page, "Which best describes you?")
    page.keyboard.press("ArrowDown")
    press(page, "Show the text for my choice")

    expect(page.locator("article")).to_contain_text("Words for carers.", use_inner_text=True)
    assert [(cookie["name"], cookie["value"]) for cookie in page.context.cookies()] == [("audience", "carer")]


def _audience(key):
    from articles.models import Audience

    return Audience.objects.get(key=key)


def test_a_wrong_password_leaves_the_reviewer_where_they_were(visit, author, editor, clinical):
    factories.under_review(factories.submitted(author), editor, (clinical, "clinical"))
    page = visit()
    sign_in(page, clinical.username, PASSWORD)
    press(page, "Lymph nodes")

    tick(page, "I have no conflict of interest on this article")
    tab_to(page, "Your decision")
    page.keyboard.press("ArrowDown")
    write(page, "What needs to change, or your remarks", "The second paragraph is wrong.")
    write(page, "Your password", "not this one")
    press(page, "Sign")

    expect(page.locator("[role=alert]")).to_contain_text("Nothing was signed", use_inner_text=True)
    expect(page.locator("[name=reason] >> nth=0")).to_have_value("The second paragraph is wrong.")
    expect(page.locator("[name=password]")).to_have_value("")
