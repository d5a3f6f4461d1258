"""An article in every state that readers can meet, each reached through the workflow."""

import datetime

from django.utils import timezone

from articles.models import Article, Section, Wording
from reviews import workflow
from reviews.models import Quorum
from tests import factories
from tests.articles.frozen import cite

LEAD = f"<p>A count above 5 × 10<sup>9</sup>/L is high.{cite('one')} Ask a doctor about it.</p>"
BODY = f"""
<p>Take 2.5&nbsp;mg of CO<sub>2</sub>-free <strong>salts</strong>, and <em>no more</em>.{cite("two", "one")}</p>
<ul><li>Once a day</li><li>With with water<ol start="3"><li>Third</li><li>Fourth</li></ol></li></ul>
<table><caption>Doses</caption><tr><th>Age</th><th>Dose</th></tr><tr><td>1–5</td><td>0.5 mg|kg{cite("two")}</td></tr>
<tr><td colspan="2">None *under* 1</td></tr></table>
<p>More at <a href="https://example.org/a_(b)">the register</a>.</p>
"""


def draft(author, kind="topic", slug="nodes"):
    """Return a draft with a lead, a table, lists, two cited works and a wording for carers."""
    made = factories.article(
        author, title="Lymph <nodes> & glands", slug=slug, kind=kind, body=BODY, ai_use="assisted", ai_note="Grammar."
    )
    section = Section(article=made, role="lead", body=LEAD, position=0)
    factories.save(section, author)
    carers = factories.Audience.objects.get(key="carer")
    words = f"<p>Their count is high above 5.{cite('one')}</p>"
    factories.save(Wording(section=section, audience=carers, body=words), author)
    people = [{"family": "Smith", "given": "Jane A."}, {"literal": "World Health Group"}]
    dated = {"issued": {"date-parts": [[2020, 3]]}}
    factories.cite(
        made, "one", by=author, title="Counts of 10<sup>9</sup>", author=people, DOI="10.1000/a<b>&c", **dated
    )
    factories.cite(made, "two", by=author, title='"Doses"', type="webpage", URL="https://example.org/doses", **dated)
    return made


def again(made) -> Article:
    return Article.objects.get(pk=made.pk)


def open_reviews(kind="topic"):
    Quorum.objects.create(kind=kind, risk="standard", open_review=True)


def submitted(author, staff, kind="topic"):
    open_reviews(kind)
    return factories.submitted(author, draft(author, kind)).article


def under_review(author, staff, kind="topic"):
    made = submitted(author, staff, kind)
    factories.under_review(again(made).latest_version, staff[0], (staff[1], "clinical"), (staff[2], "specialist"))
    return made


def approved(author, staff, kind="topic"):
    open_reviews(kind)
    version = factories.submitted(author, draft(author, kind))
    factories.approved(version, *staff)
    return version.article


def published(author, staff, kind="topic"):
    return factories.published(factories.submitted(author, draft(author, kind)), *staff).article


def changed(author, staff, change, old, new, kind="topic"):
    made = again(published(author, staff, kind))
    section = made.sections.get(role="body")
    assert old in section.body
    section.body = section.body.replace(old, new)
    factories.save(section, author)
    version = factories.submitted(author, made, change=change, note="Better.")
    people = [(staff[1], "clinical"), (staff[2], "specialist")][: 1 if change == "correction" else 2]
    for assignment in factories.under_review(version, staff[0], *people):
        factories.decide(assignment)
    workflow.publish(version, actor=staff[0])
    return made


def major(author, staff, kind="topic"):
    return changed(author, staff, "major", "Once a day", "Twice a day", kind)


def minor(author, staff):
    return changed(author, staff, "minor", "with water", "with cold water")


def correction(author, staff):
    return changed(author, staff, "correction", "With with", "With")


def with_notice(kind):
    def state(author, staff, of="topic"):
        made = again(published(author, staff, of))
        reason = "5 mg </script><!-- should read 0.5 mg."
        workflow.issue_notice(made, actor=staff[0], kind=kind, reason=reason)
        return made

    return state


def corrected(author, staff):
    made = again(published(author, staff))
    workflow.issue_notice(made, actor=staff[0], kind="correction", reason="5 mg should read 0.5 mg.")
    factories.edit(made, "The newer text.", by=author)
    factories.published(factories.submitted(author, again(made)), *staff)
    return made


def question(state):
    return lambda author, staff: state(author, staff, "question")


def policy(author, staff):
    made = factories.article(author, kind="policy", slug="nodes", title="Lymph <nodes> & glands")
    version = factories.submitted(author, made)
    for assignment in factories.under_review(version, staff[0], (staff[1], "clinical"), (staff[2], "clinical")):
        factories.decide(assignment)
    workflow.publish(version, actor=staff[0])
    return made


PENDING = {
    "submitted": submitted,
    "under review": under_review,
    "approved and not published": approved,
    "question under review": question(under_review),
}
PUBLIC = {
    "published": published,
    "major": major,
    "minor": minor,
    "correction": correction,
    "concern": with_notice("concern"),
    "correction notice": with_notice("correction"),
    "corrected": corrected,
    "retracted": with_notice("retraction"),
    "withdrawn": with_notice("withdrawal"),
    "question": question(published),
    "question changed": question(major),
    "question under concern": question(with_notice("concern")),
    "question retracted": question(with_notice("retraction")),
    "policy": policy,
}
PULLED = {"retracted", "withdrawn", "question retracted"}
DOUBTED = {"concern", "question under concern"}


def overdue(monkeypatch, made):
    """Let the review of the article become overdue."""
    late = again(made).next_review_due + datetime.timedelta(days=1)
    monkeypatch.setattr("articles.site.facts.timezone.localdate", lambda *_: late)
    assert timezone.localdate() == late
