"""Each name that is stored with a fact is the name of the very person whom the fact is about."""

import datetime

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from articles.models import Article, Audience
from reviews import workflow
from reviews.desk.article.dossier import making
from reviews.models import Comment, Quorum
from tests import factories

pytestmark = pytest.mark.django_db

WHOSE = {"reviewer_name": "reviewer", "author_name": "author", "printed_name": "signer"}


def named_fields() -> list[tuple[type[models.Model], str, str]]:
    """Return (model, field of a name, field of the person) for every name that is stored beside a person."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label not in ("articles", "reviews") or model.__name__.startswith("Historical"):
            continue
        fields = {field.name for field in model._meta.get_fields()}
        for name in sorted(field for field in fields if field.endswith("_name")):
            whose = WHOSE.get(name, name.removesuffix("_name"))
            assert whose in fields, f"{model.__name__}.{name}: whose name is it?"
            found.append((model, name, whose))
    return found


def someone(name, **kwargs):
    """Return a new editor: whoever takes a step here takes no other one."""
    return factories.person(f"by{name.lower()}", f"{name} Only", groups=["editor"], **kwargs)


@pytest.fixture
def story(author, clinical, specialist):
    """Let a different person take each step that stores a name."""
    disclaimer = workflow.issue_disclaimer(Audience.objects.get(key="carer"), actor=someone("Issuer"), text="A word.")
    workflow.confirm_disclaimer(disclaimer, actor=someone("Confirmer"))
    draft = factories.article(author, slug="nodes")
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, urgent_days=7)
    version = factories.submitted(author, draft)
    asked = factories.under_review(version, someone("Asker"), (clinical, "clinical"), (specialist, "specialist"))
    comment = workflow.comment(version, actor=clinical, text="The dose?", blocking=True, assignee=author)
    suggested = {"exact": "Lymph nodes filter lymph.", "suggestion": "Lymph nodes filter it."}
    taken = workflow.comment(version, actor=clinical, text="Better?", **suggested)
    workflow.take_over(taken, actor=someone("Taker"))
    workflow.comment(version, actor=someone("Answerer"), text="It is that of the guideline.", thread=comment)
    workflow.resolve_comment(comment, actor=specialist, reason="Settled.")
    tied = factories.board_member("tied", "Tim Tied", conflicts=["Oncology"])
    terms = {"reason": "Nobody else knows it.", "measures": "A second specialist reads it."}
    workflow.record_plan(version.review, actor=someone("Planner"), reviewer=tied, **terms)
    workflow.declare_urgent(version.review, actor=someone("Hurrier"), reason="A recall.")
    for assignment in asked:
        factories.decide(assignment)
    at = timezone.now() + datetime.timedelta(days=1)
    schedule = workflow.schedule(version, actor=someone("Scheduler"), at=at)
    workflow.cancel_schedule(schedule, actor=someone("Canceller"), reason="Not yet.")
    workflow.publish(version, actor=someone("Publisher"))
    quoting = factories.article(author, body="<p>Never write 5.0 mg.</p>")
    factories.overridden(quoting, someone("Overrider"))
    making.ask_for(draft, someone("Requester"))
    workflow.issue_notice(
        Article.objects.get(slug="nodes"), actor=someone("Noticer"), kind="correction", reason="A word."
    )


@pytest.mark.parametrize(
    ("model", "name", "whose"), named_fields(), ids=lambda part: part if isinstance(part, str) else part.__name__
)
def test_the_name_stored_is_that_of_the_person_stored_beside_it(story, model, name, whose):
    rows = [row for row in model.objects.select_related(f"{whose}__contributor") if getattr(row, whose)]

    assert rows, "nobody in the story does this"
    for row in rows:
        assert getattr(row, name) == getattr(row, whose).contributor.name


def test_a_comment_that_another_member_resolves_bears_that_members_name(story, client, clinical, specialist):
    comment = Comment.objects.get(blocking=True)

    assert (comment.author_name, comment.resolved_by_name) == ("Clara Clinical", "Simon Specialist")
    assert comment.history.latest().resolved_by_name == "Simon Specialist"
    client.force_login(clinical)
    page = " ".join(client.get(f"/desk/reviews/{comment.version.review.pk}/").content.decode().split())
    assert "Resolved by Simon Specialist" in page
