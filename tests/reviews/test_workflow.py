import pytest

from articles.models import Article
from reviews import workflow
from reviews.models import LedgerEvent, Review
from reviews.workflow import NotAllowed
from tests.factories import article, evidence, published, submitted


def test_a_draft_becomes_public_through_two_signatures(author, editor, clinical, specialist):
    draft = article(author)

    version = submitted(author, draft)
    published(version, editor, clinical, specialist)

    draft = Article.objects.get(pk=draft.pk)
    assert draft.published_version == version
    assert draft.last_reviewed is not None
    assert Review.objects.get(version=version).status == "approved"
    actions = list(LedgerEvent.objects.filter(article=str(draft.public_id)).values_list("action", flat=True))
    assert actions == ["submitted", "assigned", "assigned", "accepted", "accepted", "decided", "decided", "published"]


def test_the_author_of_a_text_cannot_be_asked_to_review_it(editor, author):
    review = submitted(author).review
    before = evidence()

    with pytest.raises(NotAllowed, match="not an active member"):
        workflow.assign(review, actor=editor, reviewer=author, capacity="clinical")

    assert evidence() == before
