"""What no page ever shows: drafts, texts that are not published, comments and reasons."""

import json

from django.utils import timezone

from articles.models import ArticleTopic, Autosave
from reviews import workflow
from tests import factories
from tests.articles.site.pages import every_public_page, under_review


def test_no_draft_is_ever_shown(client, author, public_article):
    factories.article(author, title="Canary draft", slug="draft", body="<p>Canary text.</p>", topics=["Canary topic"])
    public_article.title = "Canary title"
    factories.save(public_article, author)
    factories.edit(public_article, "Canary edit.", by=author)
    factories.save(ArticleTopic(article=public_article, topic=factories.topic("Canary topic")), author)

    assert "Canary" not in every_public_page(client, "draft", "lymph-nodes")


def test_nothing_that_was_typed_and_not_saved_is_ever_shown(client, author, public_article):
    fields = json.dumps([["whole", "1"], ["article-title", "Canary title"], ["n1-body", "Canary text."]])
    kept = {"page": "0" * 16, "part": "n1", "fields": fields, "kept_at": timezone.now()}
    Autosave.objects.create(article=public_article, user=author, **kept)

    assert "Canary" not in every_public_page(client, "lymph-nodes")


def test_no_text_under_closed_review_is_ever_shown(client, author, editor, clinical, specialist):
    draft = factories.article(author, title="Canary", slug="closed", body="<p>Canary text.</p>")
    version = factories.submitted(author, draft, note="Canary note")
    assert "Canary" not in every_public_page(client, "closed")

    factories.under_review(version, editor, (clinical, "clinical"))
    assert "Canary" not in every_public_page(client, "closed")


def test_no_approved_text_is_shown_before_it_is_published(client, author, staff):
    draft = factories.article(author, title="Canary", slug="closed", body="<p>Canary text.</p>")
    factories.approved(factories.submitted(author, draft), *staff)

    assert "Canary" not in every_public_page(client, "closed")


def test_no_text_is_shown_once_changes_are_requested(client, pending_article, editor, clinical):
    (assignment,) = under_review(pending_article, editor, (clinical, "clinical"))
    factories.decide(assignment, "request_changes", "Canary reason.")

    shown = every_public_page(client, "why")

    assert "Canary" not in shown
    assert "filter lymph" not in shown
    assert "Why do nodes swell?" not in shown


def test_no_comment_or_reason_is_ever_shown(client, author, editor, clinical, specialist):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    first, second = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.comment(version, actor=clinical, text="Canary comment.")
    factories.decide(first, reason="Canary reason.")
    factories.decide(second)
    workflow.publish(version, actor=editor)

    assert "Canary" not in every_public_page(client, "signed")
