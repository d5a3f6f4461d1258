"""On a phone the first sentence of a text is on the first screen, in every state of the text. No warning is folded."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Section
from articles.site.keeping import kept_responses
from reviews import workflow
from reviews.models import Quorum
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
TITLE = "What is a sentinel lymph node biopsy, and who needs one?"
FIRST = "A sentinel node is the first lymph node that a cancer is likely to reach."
REASON = "The table of harms gave the rate of swelling as 5 in 1,000. It should have been 5 in 100."

END_OF_THE_FIRST_SENTENCE = """first => {
  const walker = document.createTreeWalker(document.querySelector("article.text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(first);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + first.length);
    return range.getBoundingClientRect().bottom;
  }
}"""


@pytest.fixture
def draft(author):
    draft = factories.article(author, title=TITLE, slug="sentinel", kind="question", body=f"<p>{FIRST}</p>")
    factories.save(Section(article=draft, heading="What happens", body="<p>You lie down.</p>", position=2), author)
    factories.save(Section(article=draft, heading="Harms", body="<p>The arm can swell.</p>", position=3), author)
    return draft


def first_sentence_ends_at(page) -> float:
    kept_responses.store.clear()  # the day was moved on without any step
    assert page.goto("/articles/sentinel/for/public/").status == 200
    return page.evaluate(END_OF_THE_FIRST_SENTENCE, FIRST)


def test_the_text_of_a_published_page_begins_on_the_first_screen(
    visit, draft, author, editor, clinical, specialist, monkeypatch
):
    staff = (editor, clinical, specialist)
    page = visit(viewport=PHONE, java_script_enabled=False)
    factories.published(factories.submitted(author, draft), *staff)
    ends = {"approved": first_sentence_ends_at(page)}
    expect(page.locator(".steps")).to_be_hidden()
    page.locator(".standing summary").click()
    expect(page.locator(".steps")).to_be_visible()

    factories.edit(draft, f"{FIRST} It is in the armpit.", by=author)
    version = factories.submitted(author, Article.objects.get(pk=draft.pk), change="minor")
    factories.published(version, *staff)
    ends["changed since"] = first_sentence_ends_at(page)
    expect(page.locator(".byline")).to_contain_text("Later minor change reviewed by", use_inner_text=True)

    long_after = timezone.localdate() + datetime.timedelta(days=3 * 365)
    with monkeypatch.context() as later:
        later.setattr("articles.site.facts.timezone.localdate", lambda: long_after)
        ends["past its date"] = first_sentence_ends_at(page)
        expect(page.get_by_text("Past its review date").first).to_be_visible()

    for kind in ("correction", "concern", "withdrawal", "retraction"):
        notice = workflow.issue_notice(Article.objects.get(pk=draft.pk), actor=editor, kind=kind, reason=REASON)
        ends[kind] = first_sentence_ends_at(page)
        expect(page.get_by_text(REASON)).to_be_visible()
        workflow.issue_notice(notice.article, actor=editor, kind=kind, reason="Settled.", lifts=notice)

    assert {state: end for state, end in ends.items() if end > PHONE["height"]} == {}


def test_the_text_of_a_page_that_is_not_approved_begins_on_the_first_screen(
    visit, draft, author, editor, clinical, specialist
):
    Quorum.objects.create(kind="question", risk="standard", open_review=True)
    page = visit(viewport=PHONE, java_script_enabled=False)
    version = factories.submitted(author, draft)
    ends = {"submitted": first_sentence_ends_at(page)}
    expect(page.get_by_text("Do not act on it.")).to_be_visible()

    asked = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    ends["under review"] = first_sentence_ends_at(page)
    expect(page.get_by_text("may not have been checked and may be wrong")).to_be_visible()

    for assignment in asked:
        factories.decide(assignment)
    ends["approved, not published"] = first_sentence_ends_at(page)
    expect(page.get_by_text("Until then an approval can still be withdrawn.")).to_be_visible()

    assert {state: end for state, end in ends.items() if end > PHONE["height"]} == {}
