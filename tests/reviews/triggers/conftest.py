"""One article whose life has left a row in every append-only table."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article, ArticleName, Audience, GlossaryTerm, SynonymGroup, Wording
from reviews import workflow
from reviews.models import Quorum, Task
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories, retractions
from tests.factories import decide, save, submitted, under_review
from tests.reviews.triggers.tables import POSTGRESQL, execute


@pytest.fixture
def story(author, editor, clinical, specialist):
    """
    Fill every append-only table through one article's long life, and return it.

    Version 1 was public; version 2 is, with a notice; version 3 is approved and scheduled; a comment stands.
    """
    cited = '<p>Lymph nodes filter lymph. <cite data-ref="smith2020">[1]</cite></p>'
    draft = factories.illustrated(author, body=f'{cited}\n<figure data-figure="drawing"></figure>')
    factories.cite(draft, by=author)
    audience = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.first(), audience=audience, body="<p>They filter.</p>"), author)
    factories.published(submitted(author, draft), editor, clinical, specialist)
    draft.refresh_from_db()
    draft.slug = f"moved-{draft.slug}"
    save(draft, author)
    _second_and_third_version(draft, author, editor, clinical, specialist)
    interest = Declared("Acme", "grants", timezone.localdate(), topics=[factories.topic("Cardiology")])
    workflow.disclose(clinical.board_member, actor=clinical, interests=[interest])
    retractions.load(retractions.row(doi="10.5555/smith"))
    Quorum.objects.create(kind="topic", risk="high", clinical=2, specialist=1, pharmacist=1)
    quoting = factories.article(author, title="Prescribing", body="<p>Never write 5.0 mg.</p>")
    factories.overridden(quoting, editor)
    save(ArticleName(article=draft, name="lymph glands"), editor)
    save(SynonymGroup(names="gland\nnode"), editor)
    save(GlossaryTerm(word="Lymph", definition="A clear fluid."), editor)
    Task(article=draft, role="Editors", text="Read it again.", opened_at=timezone.now()).save()
    _let_constraints_speak_now()
    return Article.objects.get(pk=draft.pk)


def _second_and_third_version(draft, author, editor, clinical, specialist):
    factories.edit(draft, 'Lymph nodes swell. <cite data-ref="smith2020">[1]</cite>', by=author)
    second = submitted(author, draft, note="Swelling added")
    tied = factories.board_member("tied", "Tina Tied", conflicts=["Oncology"])
    workflow.record_plan(
        second.review, actor=editor, reviewer=tied, reason="She knows it.", measures="A second reader."
    )
    asked = under_review(second, editor, (clinical, "clinical"), (specialist, "specialist"))
    thread = workflow.comment(second, actor=clinical, text="Which nodes?", blocking=True)
    workflow.resolve_comment(thread, actor=clinical)
    for assignment in asked:
        decide(assignment, answers={"criterion:accuracy": ("is_so", "")})
    workflow.publish(second, actor=editor)
    terms = {"capacity": "clinical", "password": factories.PASSWORD, "digest": second.digest}
    workflow.attest(second, actor=clinical, **terms)
    workflow.issue_notice(draft, actor=editor, kind="correction", reason="A word was missing.")
    factories.edit(draft, 'Lymph nodes hurt. <cite data-ref="smith2020">[1]</cite>', by=author)
    third = submitted(author, draft, note="Pain added")
    factories.approved(third, editor, clinical, specialist)
    workflow.schedule(third, actor=editor, at=timezone.now() + datetime.timedelta(days=1))


def _let_constraints_speak_now():
    """Check deferred foreign keys at once: PostgreSQL refuses a TRUNCATE while some wait, which would prove nothing."""
    if connection.vendor == POSTGRESQL and connection.in_atomic_block:
        execute("SET CONSTRAINTS ALL IMMEDIATE")
