"""
One story that fills every table of evidence, told through the workflow.

Whatever no outsider may read holds the word in CANARY: names of those who signed nothing public, reasons, comments,
notes, addresses and the title of a text that was never published.
"""

import datetime
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Audience, GlossaryTerm, Reference, Section, Wording
from articles.models.people import Role
from reviews import workflow
from reviews.models import Conflict, Quorum, Review, Schedule, Specialty
from reviews.verifying.evidence import DRAFT_HISTORY, EVIDENCE
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories, retractions

CANARY = "Kanarienvogel"
HOUR = datetime.timedelta(hours=1)


@dataclass
class Story:
    """The people and the texts, as far as the story was told."""

    people: dict = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def tell() -> Story:
    """Tell the whole story, and write the files of its checkpoints."""
    story = begin()
    go_on(story)
    write_files()
    return story


def begin() -> Story:
    """Tell the first half: people and settings, and a text that is published, revised and spoken of."""
    story = Story()
    _people(story)
    _quorums(story)
    _published_and_revised(story)
    return story


def go_on(story: Story):
    """Tell the second half: all that can happen to a text on its way, and what changes with the people."""
    _sent_back_in_every_way(story)
    _scheduled_in_every_way(story)
    _retracted(story)
    _unpublished(story)
    _signed_by_section(story)
    _roles_and_accounts(story)
    _names_and_addresses(story)


def _signed_by_section(story: Story):
    """Ask for specialists of the changed sections, and let one sign."""
    row = Quorum.objects.get(kind="topic", risk="high")
    row.by_section = True
    row.save()
    draft = _draft(story, "sections", risk="high")
    body = '<p>It.</p>\n<figure data-figure="drawing"></figure>'
    factories.save(Section(article=draft, heading="More", body=body, topic=factories.topic("Surgery")), story.author)
    shown = factories.figure(draft, story.author)
    shown.caption = "A round disc"
    factories.save(shown, story.author)
    version = _submit(story, "sections")
    _approve(story, version, (story.specialist, "specialist"), (story.pharmacist, "pharmacist"))


def write_files():
    """Do what waits for a commit: the files of the checkpoints."""
    for _, callback, _ in connection.run_on_commit:
        callback()
    connection.run_on_commit = []


@contextmanager
def rolled_back():
    """Run in a transaction that is undone in the end; durable steps are taken in it as under Django's TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)
    connection.run_on_commit = []


def empty_tables() -> list[str]:
    """Return the tables of evidence without a row: of them the story shows nothing."""
    return [model._meta.db_table for model in [*EVIDENCE, *DRAFT_HISTORY] if not model._base_manager.exists()]


def _people(story: Story):
    people = story.people
    people["author"] = factories.person("author", f"Ada {CANARY}", groups=["author"])
    people["author2"] = factories.person("author2", f"Abel {CANARY}", groups=["author"])
    people["editor"] = factories.person("editor", f"Edith {CANARY}", groups=["editor"])
    people["editor2"] = factories.person("editor2", f"Edgar {CANARY}", groups=["editor", "author"])
    people["clinical"] = factories.board_member("clinical", "Clara Clinical", ["clinical"])
    people["specialist"] = factories.board_member(
        "specialist", "Simon Specialist", ["clinical", "specialist"], specialties=["Oncology", "Surgery", "Nursing"]
    )
    people["pharmacist"] = factories.board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])
    people["lay"] = factories.board_member("lay", "Larry Layman", ["lay"])
    people["recused"] = factories.board_member(
        "recused", f"Rita {CANARY}", ["clinical"], conflicts=["Cardiology", "Nursing"]
    )
    _board(story)


def _board(story: Story):
    """Change board rows, and delete a specialty and a conflict."""
    member = story.clinical.board_member
    member.credential_checked_by = story.editor
    member._history_user = story.editor
    member.save()
    Specialty.objects.get(member=story.specialist.board_member, topic__name="Nursing").delete()
    Conflict.objects.get(topic__name="Nursing").delete()
    disclosure = story.recused.board_member.disclosures.get()
    disclosure.statement = f"Shares of a maker: {CANARY}."
    disclosure.save()
    _disclosed(story)


def _disclosed(story: Story):
    """Let a member disclose interests on the desk, and renew that."""
    member, today = story.pharmacist.board_member, timezone.localdate()
    shares = Declared("Maker", "stock_held", today, topics=[factories.topic("Cardiology")])
    lecture = Declared("A society", "another_tie", today, today, detail="A seat")
    made = workflow.disclose(member, actor=story.pharmacist, interests=[shares, lecture])
    workflow.renew_disclosure(made, actor=story.pharmacist)


def _quorums(story: Story):
    for kind, risk in (("question", "standard"), ("topic", "high"), ("policy", "standard")):
        Quorum.objects.create(kind=kind, risk=risk, clinical=1, specialist=0)
    edited = Quorum.objects.get(kind="topic")
    edited.pharmacist, edited.open_review = 1, True
    edited.save()
    Quorum.objects.get(kind="policy").delete()


def _draft(story: Story, name: str, **fields) -> Article:
    """Make a draft with two sections, of which one is deleted again, a wording, a citation and two topics."""
    by, title = story.author, fields.pop("title", f"On {name}")
    draft = factories.article(by, title=title, topics=("Oncology", "Surgery"), slug=name, **fields)
    factories.cite(draft, key=f"{name}-2020", by=by, author=[{"family": "Œrsted", "given": "J"}])
    section = draft.sections.get(role="body")
    section.body = f"<p>Lymph nodes filter lymph{_cite(name)}. They swell.</p>"
    factories.save(section, by)
    audience = Audience.objects.get(key="professional")
    body = f"<p>Nodi lymphatici filter lymph{_cite(name)}.</p>"
    factories.save(Wording(section=section, audience=audience, body=body), story.editor2)
    extra = factories.save(Section(article=draft, heading="Gone", body="<p>Too much.</p>", position=2), by)
    extra._history_user = by
    extra.delete()
    story.articles[name] = draft
    return draft


def _cite(name: str) -> str:
    return f'<cite data-ref="{name}-2020"></cite>'


def _submit(story: Story, name: str, *, change="major", text=""):
    draft = story.articles[name]
    if text:
        factories.edit(draft, f"{text}{_cite(name)}.", by=story.author2)
    return workflow.submit(draft, actor=story.author, change=change, note=f"What is new: {CANARY}.")


def _approve(story: Story, version, *people):
    people = people or ((story.clinical, "clinical"), (story.specialist, "specialist"))
    for assignment in factories.under_review(version, story.editor, *people):
        factories.decide(assignment)
    return Review.objects.get(version=version)


def _published_and_revised(story: Story):
    _draft(story, "nodes")
    first = _submit(story, "nodes")
    tied = story.people["tied"] = factories.board_member("tied", f"Tina {CANARY}", conflicts=["Oncology"])
    plan = {"reason": f"She knows it. {CANARY}", "measures": f"A second reader. {CANARY}"}
    workflow.record_plan(first.review, actor=story.editor, reviewer=tied, **plan)
    _override(story)
    clinical = workflow.assign(
        first.review, actor=story.editor, reviewer=story.clinical, capacity="clinical", due=timezone.localdate()
    )
    clinical = factories.accepted(clinical)
    (lay,) = factories.under_review(first, story.editor, (story.lay, "lay"))
    _talk(story, first)
    factories.decide(lay)
    factories.decide(clinical, answers={"criterion:accuracy": ("partly", f"A figure is missing. {CANARY}")})
    _approve(story, first, (story.specialist, "specialist"))
    workflow.publish(first, actor=story.editor)
    second = _submit(story, "nodes", change="minor", text="Lymph nodes filter lymph and swell")
    _approve(story, second)
    workflow.schedule(second, actor=story.editor, at=timezone.now() + HOUR)
    workflow.publish_due(timezone.now() + 2 * HOUR)
    _notices(story, story.articles["nodes"])
    _read_again(story, second)


def _override(story: Story):
    """Let an editor override a finding, and take that back."""
    quoting = factories.article(story.author, title="Prescribing", body="<p>Never write 5.0 mg.</p>")
    reason = f"It quotes what it warns of. {CANARY}"
    earlier = factories.overridden(quoting, story.editor, reason)
    workflow.take_back_override(earlier, actor=story.editor, reason=reason, password=factories.PASSWORD)


def _talk(story: Story, version):
    key = Section.objects.get(article=version.article).key
    blocking = workflow.comment(
        version, actor=story.clinical, text=f"Which lymph? {CANARY}", blocking=True, section_key=key, exact="lymph"
    )
    workflow.comment(version, actor=story.author, text=f"All of it. {CANARY}", thread=blocking)
    workflow.comment(version, actor=story.lay, text=f"Among us: {CANARY}", board_only=True)
    workflow.comment(version, actor=story.editor, text=f"A comma is missing. {CANARY}")
    _suggest(story, version, key)
    workflow.resolve_comment(blocking, actor=story.clinical, reason=f"Said so: {CANARY}")


def _suggest(story: Story, version, key: str):
    """Let a reviewer suggest a wording, which is assigned to an author, who takes it over."""
    row = workflow.comment(
        version,
        actor=story.lay,
        text=f"Not always. {CANARY}",
        kind="change_request",
        section_key=key,
        exact="They swell",
        suggestion=f"They can swell. {CANARY}",
    )
    workflow.assign_comment(row, actor=story.editor, assignee=story.author)
    workflow.take_over(row, actor=story.author)


def _notices(story: Story, article: Article):
    concern = workflow.issue_notice(article, actor=story.editor, kind="concern", reason="A figure is being checked.")
    workflow.issue_notice(article, actor=story.editor, kind="concern", reason="The figure is right.", lifts=concern)
    workflow.issue_notice(article, actor=story.editor, kind="correction", reason="A dose was wrong.", versions=[1, 2])


def _read_again(story: Story, version):
    """Let two of the board find nothing to change, which moves the dates of review."""
    for who, capacity in ((story.clinical, "clinical"), (story.specialist, "specialist")):
        terms = {"capacity": capacity, "password": factories.PASSWORD, "digest": version.digest}
        workflow.attest(version, actor=who, **terms)


def _sent_back_in_every_way(story: Story):
    _draft(story, "thyroid")
    first = _submit(story, "thyroid")
    clinical, specialist = factories.under_review(
        first, story.editor, (story.clinical, "clinical"), (story.specialist, "specialist")
    )
    factories.decide(clinical, "request_changes", f"It is too long. {CANARY}")
    (again,) = factories.under_review(first, story.editor, (story.clinical, "clinical"))
    factories.decide(again)
    factories.decide(specialist, reason=f"Well said. {CANARY}")
    workflow.withdraw_approval(
        first.review, actor=story.specialist, password=factories.PASSWORD, reason=f"I was wrong. {CANARY}"
    )
    second = _submit(story, "thyroid", text="It makes hormones")
    workflow.recall(second.review, actor=story.author, reason=f"Not yet. {CANARY}")
    third = _submit(story, "thyroid", text="It makes thyroxine")
    _stepping_back(story, third)
    workflow.decline(third.review, actor=story.editor, reason=f"Not for us. {CANARY}")
    fourth = _submit(story, "thyroid", text="It makes thyroxine and more")
    asked = factories.under_review(fourth, story.editor, (story.clinical, "clinical"), (story.lay, "lay"))
    factories.decide(asked[0], "request_changes", f"It is too short. {CANARY}")
    workflow.end_round(fourth.review, actor=story.editor, reason=f"Long enough. {CANARY}")


def _stepping_back(story: Story, version):
    taken_back, recused = factories.under_review(
        version, story.editor, (story.clinical, "clinical"), (story.recused, "clinical")
    )
    (declined,) = factories.asked(version, story.editor, (story.specialist, "specialist"))
    someone = f"Dora {CANARY}, who wrote the guideline"
    workflow.recuse(declined, actor=story.specialist, because="other_field", suggestion=someone)
    workflow.unassign(taken_back, actor=story.editor, reason=f"On leave. {CANARY}")
    workflow.recuse(recused, actor=story.recused, reason=f"My sister wrote it. {CANARY}", conflict=True)


def _scheduled_in_every_way(story: Story):
    _draft(story, "does-it-hurt", kind="question")
    version = _submit(story, "does-it-hurt")
    _approve(story, version, (story.clinical, "clinical"))
    row = workflow.schedule(version, actor=story.editor, at=timezone.now() + HOUR)
    workflow.cancel_schedule(row, actor=story.editor2, reason=f"Too early. {CANARY}")
    other = factories.person("editor3", f"Elsa {CANARY}", groups=["editor"])
    workflow.schedule(version, actor=other, at=timezone.now() + HOUR)
    other.groups.clear()
    workflow.publish_due(timezone.now() + 2 * HOUR)
    workflow.schedule(version, actor=story.editor, at=timezone.now() + HOUR)
    assert set(Schedule.objects.values_list("outcome", flat=True)) == {"", "published", "refused", "cancelled"}


def _retracted(story: Story):
    _draft(story, "opioids", risk="high")
    version = _submit(story, "opioids")
    _approve(story, version, (story.clinical, "clinical"), (story.pharmacist, "pharmacist"))
    workflow.publish(version, actor=story.editor)
    workflow.issue_notice(
        story.articles["opioids"], actor=story.editor2, kind="retraction", reason="The study was made up."
    )


def _unpublished(story: Story):
    _draft(story, "secret", title=f"What nobody may read yet: {CANARY}")
    version = _submit(story, "secret")
    factories.under_review(version, story.editor, (story.clinical, "clinical"))
    _draft(story, "waiting", title=f"In the queue: {CANARY}")
    _submit(story, "waiting")
    _draft(story, "never-submitted", title=f"A draft: {CANARY}")


def _roles_and_accounts(story: Story):
    group = Group.objects.get(name=Role.EDITOR.group)
    story.author2.groups.add(group)
    group.user_set.remove(story.author2)
    story.editor2.email = f"{CANARY}@example.org".lower()
    story.editor2.save()
    leaver = factories.person("leaver", f"Lena {CANARY}", groups=["editor"])
    leaver.is_active = False
    leaver.save()
    workflow.issue_disclaimer(Audience.objects.get(key="public"), actor=story.editor, text="Ask your own doctor.")
    workflow.comment(story.articles["nodes"].versions.get(number=1), actor=story.editor, text=f"One more. {CANARY}")


def _names_and_addresses(story: Story):
    """Change what stands beside the texts: an address, a topic that goes, a name, a label."""
    moved = Article.objects.get(pk=story.articles["opioids"].pk)
    moved.slug = "opioid-medicines"
    factories.save(moved, story.editor)
    factories.save(GlossaryTerm(word="Dose", forms="doses", definition="How much is taken at once."), story.editor)
    factories.topic("Astrology").delete()
    person = story.clinical.contributor
    person.credentials = "MD, FRCP"
    factories.save(person, story.editor)
    work = Reference.objects.get(csl__contains="Work opioids-2020")
    work.csl = {**work.csl, "status": "retracted"}
    factories.save(work, story.editor)
    retractions.load(retractions.row(doi="10.5555/opioids"), retractions.row(2, pmid="77", nature="Correction"))
    label = Audience.objects.get(key="carer")
    label.label = "carer, friend or family member"
    label.save()
