"""Submitted, or under review: each page that says how a text stands says the same."""

import pytest

from reviews import workflow
from reviews.models import Review
from reviews.workflow import NotNow
from tests import factories
from tests.articles.site.pages import page_for, parsed, under_review, words


def test_a_newer_version_that_nobody_is_asked_about_is_said_to_be_submitted(
    client, public_article, author, editor, clinical
):
    def hint() -> list[str]:
        return [words(each) for each in parsed(client.get(page_for(public_article))).find_class("hint")]

    factories.edit(public_article, "The newer text.", by=author)
    newer = factories.submitted(author, public_article)
    waits = ["A newer version is submitted and is waiting for reviewers."]
    assert hint() == waits

    asked = workflow.assign(newer.review, actor=editor, reviewer=clinical, capacity="clinical")
    assert hint() == ["A newer version is under review."]
    workflow.recuse(asked, actor=clinical, reason="I have no time.")

    assert hint() == waits


@pytest.mark.parametrize("step", ["unassign", "recuse"])
def test_a_text_that_nobody_is_asked_about_any_more_is_submitted_again_on_every_page(
    client, pending_article, editor, author, clinical, step
):
    [asked] = under_review(pending_article, editor, (clinical, "clinical"))
    assert said_of(client, pending_article, editor, author) == {"Under review"}

    getattr(workflow, step)(asked, actor=editor if step == "unassign" else clinical, reason="She is ill.")

    assert said_of(client, pending_article, editor, author) == {"Submitted"}


def test_a_text_that_one_reviewer_has_approved_stays_under_review_while_nobody_else_is_asked(
    client, pending_article, editor, author, clinical, specialist
):
    asked = under_review(pending_article, editor, (clinical, "clinical"), (specialist, "specialist"))
    factories.decide(asked[0])
    workflow.unassign(asked[1], actor=editor, reason="He is ill.")

    assert said_of(client, pending_article, editor, author) == {"Under review"}
    caution = words(parsed(client.get(page_for(pending_article))).find_class("caution")[0])
    assert "is waiting for another reviewer" in caution


def said_of(client, article, editor, author) -> set[str]:
    """Return in one word how the only article stands, from each page that says it, to readers and to staff."""
    page = parsed(client.get(page_for(article)))
    tag = words(page.find_class("head")[0].find_class("tag")[0])
    found = {"Submitted" if tag == "Awaiting human review" else tag.removesuffix(" by our medical advisory board")}
    found |= {words(page.xpath("//*[@aria-current='step']/*[@class='step']")[0])}
    found |= {words(page.xpath("//*[@class='status']/p/strong")[0]).capitalize()}
    review = Review.objects.get()
    with pytest.raises(NotNow) as refused:
        workflow.publish(review.version, actor=editor)
    found |= {str(refused.value).removeprefix("Version 1 is ").partition(".")[0].capitalize()}
    client.force_login(editor)
    for path in [f"/desk/articles/{article.pk}/", f"/desk/reviews/{review.pk}/", "/desk/articles/"]:
        found |= {words(each) for each in parsed(client.get(path)).xpath("//main//strong[@class='tag']")}
    for state in ["submitted", "under_review"]:
        if "Why do nodes swell?" in client.get("/desk/articles/", {"state": state}).content.decode():
            found |= {Review.Status(state).label}
        if parsed(client.get("/desk/")).xpath(f"//section[@aria-labelledby='{state}']//li"):
            found |= {Review.Status(state).label}
    client.force_login(author)
    found |= {words(each) for each in parsed(client.get("/desk/")).xpath("//main//strong[@class='tag']")}
    client.logout()
    return found
