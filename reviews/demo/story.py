"""
The story of the demonstration: articles in every state, reached only through `reviews.workflow`.

Texts, people and reasons are samples.
"""

import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from articles.desk.readers.questions.handling import answer
from articles.desk.readers.reports.handling import reply, turn_away
from articles.files.drafts.store import store
from articles.files.markdown.parsing import parse
from articles.files.pictures import apart
from articles.files.pictures.storing import store as store_picture
from articles.frozen.content import thaw
from articles.models import Article, Audience, ErrorReport, Figure, GlossaryTerm, Notice, Version
from articles.models.reader_input.opinions import comment, count
from articles.models.reader_input.questions import ask
from articles.models.reader_input.reports import report
from articles.search.names import add_synonyms, groups_in
from reviews import workflow
from reviews.demo.cast import PASSWORD, changed_by, make_cast, settle_passwords
from reviews.models import AnswerChoice, Assignment, Capacity, Comment, Decision, Quorum, Review

HERE = Path(__file__).resolve().parent
TEXTS = HERE / "articles"
SYNONYMS = HERE / "synonyms.txt"
GLOSSARY = HERE / "glossary.txt"
FIGURES = {  # by the file of the article
    "sentinel-node-biopsy.md": {
        "key": "sentinel-node",
        "after": "These are the usual steps",
        "alt": (
            "A drawing. A line leads from a tumour, marked with a cross, to a lymph node inside a dashed ring, the "
            "sentinel node. From there three lines lead to five further lymph nodes. A dotted arrow beside the first "
            "line shows the way of the tracer."
        ),
        "caption": (
            "From the tumour (cross) lymph comes to the sentinel node (dashed ring) first, and from there to further "
            "nodes. The tracer (dotted arrow) goes the same way. Sample drawing, not to scale."
        ),
        "source": "Own drawing, made for this demonstration",
        "licence": "CC0 1.0",
    },
}

DISCLAIMERS = {
    "public": (
        "This page gives general information about health. It is not a diagnosis and does not replace the advice of a "
        "doctor, nurse or pharmacist who knows you.\n\nDo not delay asking for help, or stop a treatment, because of "
        "something you read here. In an emergency call your local emergency number."
    ),
    "carer": (
        "This page gives general information for people who look after somebody. It does not replace the advice of "
        "the team that knows the person you care for.\n\nIf that person seems to be in danger, call your local "
        "emergency number and do not wait."
    ),
    "professional": (
        "This page is written for healthcare professionals and supports their judgement; it does not replace it. "
        "Check doses, contraindications and local guidance before you act.\n\nThe evidence may have moved on since "
        "the date of the last review shown on this page."
    ),
}


ANSWERS = {  # to what is asked for every kind of text
    "criterion:accuracy": (AnswerChoice.YES.value, ""),
    "criterion:readability": (AnswerChoice.YES.value, ""),
}


class Story:
    """The steps of the demonstration, with its people."""

    def __init__(self) -> None:
        self.people = make_cast()

    def tell(self) -> None:
        """Take the sample articles into every state."""
        self.synonyms()
        self.disclaimers()
        self.policy_is_published()
        self.sentinel_node_biopsy_is_published_and_corrected()
        self.lymph_nodes_are_published_and_revised()
        self.pages_in_other_languages_are_published()
        self.carcinoid_syndrome_is_approved()
        self.biopsy_question_is_scheduled()
        self.massage_question_is_retracted()
        self.lymphoedema_is_sent_back()
        self.questions_are_reviewed_in_the_open()
        self.midgut_question_is_under_review()
        self.words_are_explained()
        self.readers_ask()
        self.readers_report()
        settle_passwords(self.people)

    def synonyms(self) -> None:
        """Let search know common abbreviations, and plain words for the terms of medicine."""
        add_synonyms(groups_in(SYNONYMS.read_text(encoding="utf-8")), actor=self.people["admin"])

    def disclaimers(self) -> None:
        for audience in Audience.objects.filter(key__in=DISCLAIMERS):
            disclaimer = workflow.issue_disclaimer(
                audience, actor=self.people["editor"], text=DISCLAIMERS[audience.key]
            )
            workflow.confirm_disclaimer(disclaimer, actor=self.people["editor2"])

    def policy_is_published(self) -> None:
        version = self.submit("editorial-policy.md", note="First version of the policy.")
        first = self.assign(version, "reviewer1", Capacity.CLINICAL)
        second = self.assign(version, "reviewer3", Capacity.CLINICAL)
        self.approve(first, "It says what we do, in the order in which we do it.")
        self.approve(second, "The part on corrections is clear. I would want to work under this policy.")
        workflow.publish(version, actor=self.people["editor"])

    def sentinel_node_biopsy_is_published_and_corrected(self) -> None:
        version = self.submit("sentinel-node-biopsy.md", note="First version.")
        clinical = self.assign(version, "reviewer1", Capacity.CLINICAL)
        specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
        lay = self.assign(version, "lay", Capacity.LAY)
        question = workflow.comment(
            version,
            actor=self.people["lay"],
            kind=Comment.Kind.QUESTION,
            text="I had to read this twice: is the dye still in me when I go home, or only the stain?",
            section_key=self.section(version, "Possible harms"),
            exact="A skin stain can last for months",
        )
        workflow.comment(
            version,
            actor=self.people["author"],
            thread=question,
            text="Only the stain in the skin. The dye itself leaves with the urine, as the same row says.",
        )
        workflow.resolve_comment(question, actor=self.people["lay"], reason="Thank you, that answers it.")
        self.approve(lay, "Clear. I would know what to ask before the operation.")
        self.approve(clinical, "The harms agree with what we say at consent, and the figures with their source.")
        self.approve(
            specialist, "Mapping and the follow-up of small deposits are right. No claim beyond breast and melanoma."
        )
        workflow.publish(version, actor=self.people["editor"])
        self.edit(version.article, "It is oftten used", "It is often used")
        corrected = workflow.submit(
            version.article,
            actor=self.people["author"],
            change=Version.Change.CORRECTION,
            note="Puts a misspelt word right.",
        )
        self.approve(
            self.assign(corrected, "reviewer1", Capacity.CLINICAL), "The spelling of one word, and nothing else."
        )
        workflow.publish(corrected, actor=self.people["editor"])

    def lymph_nodes_are_published_and_revised(self) -> None:
        version = self.submit("lymph-nodes-and-cancer-spread.md", note="First version.")
        clinical = self.assign(version, "reviewer3", Capacity.CLINICAL)
        specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
        self.approve(clinical, "Good on when to see a doctor. It reassures without making light of a lasting lump.")
        self.approve(specialist, "The two routes of spread are kept apart, which most leaflets do not manage.")
        workflow.publish(version, actor=self.people["editor"])

        revised = self.submit(
            "lymph-nodes-and-cancer-spread.v2.md",
            update=True,
            note="Adds a pooled analysis of trials on removing fewer nodes, and a row on small bowel tumours.",
        )
        clinical = self.assign(revised, "reviewer1", Capacity.CLINICAL)
        self.assign(revised, "reviewer2", Capacity.SPECIALIST)
        workflow.comment(
            revised,
            actor=self.people["reviewer1"],
            text="Good to have the trials in. Could the lay reader be told what “live longer” was measured over?",
            section_key=self.section(revised, "What we do not know"),
            exact="removing every node does not help them to live longer",
        )
        self.ask(revised, "reviewer3", Capacity.CLINICAL)
        workflow.recuse(
            self.ask(revised, "pharmacist", Capacity.PHARMACIST),
            actor=self.people["pharmacist"],
            because=Assignment.Because.OTHER_FIELD,
            suggestion="A surgeon who removes lymph nodes: nothing here is about medicines.",
        )
        self.approve(clinical, "The new sentence says no more than the trials do: some people, two cancers.")

    def pages_in_other_languages_are_published(self) -> None:
        notes = {"ar": "First version, in Arabic.", "de": "Erste Version, aus dem Arabischen übersetzt."}
        for language, note in notes.items():
            version = self.submit(f"in_other_languages/swollen-lymph-nodes.{language}.md", note=note)
            clinical = self.assign(version, "reviewer3", Capacity.CLINICAL)
            specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
            self.approve(clinical, "The three weeks and the two centimetres are those of the guidance.")
            self.approve(specialist, "It says when to wait and when not to.")
            workflow.publish(version, actor=self.people["editor"])

    def carcinoid_syndrome_is_approved(self) -> None:
        version = self.submit("carcinoid-syndrome.md", note="First version.")
        assignments = [
            self.assign(version, "reviewer1", Capacity.CLINICAL),
            self.assign(version, "reviewer2", Capacity.SPECIALIST),
            self.assign(version, "pharmacist", Capacity.PHARMACIST),
        ]
        reasons = [
            "The emergency list is what I would want my own patients to carry.",
            "Heart checks and planning before procedures are both there. The open questions are put honestly.",
            "No doses are given, which is right here. The side effects named for the injections are the common ones.",
        ]
        for assignment, reason in zip(assignments, reasons, strict=True):
            self.approve(assignment, reason)

    def biopsy_question_is_scheduled(self) -> None:
        version = self.submit("lymph-node-biopsy-what-to-expect.md", author="author2", note="First version.")
        clinical = self.assign(version, "reviewer3", Capacity.CLINICAL)
        specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
        self.approve(clinical, "Matches what happens in our clinic, and it tells people not to stop blood thinners.")
        self.approve(specialist, "The three ways of sampling are compared fairly.")
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        at = tomorrow.replace(hour=8, minute=0, second=0, microsecond=0)
        workflow.schedule(version, actor=self.people["editor2"], at=at)

    def massage_question_is_retracted(self) -> None:
        version = self.submit("lymph-node-massage-and-spread.md", author="author2", note="First version.")
        clinical = self.assign(version, "reviewer3", Capacity.CLINICAL)
        specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
        self.approve(clinical, "Sensible advice on pressure and on when to wait.")
        self.approve(specialist, "A short answer to a question that we hear every week.")
        article = workflow.publish(version, actor=self.people["editor"]).article
        workflow.issue_notice(
            article,
            actor=self.people["editor2"],
            kind=Notice.Kind.RETRACTION,
            reason=(
                "This page says that a study settles whether any massage can spread any cancer. That study looked at "
                "comfort and sleep on one day unit; it did not look at the spread of cancer. The answer “no” is "
                "therefore not supported by the reference given for it.\n\n"
                "A new answer is being written. Until then, ask your cancer team before you book a massage."
            ),
        )

    def lymphoedema_is_sent_back(self) -> None:
        version = self.submit("living-with-lymphoedema.md", author="author2", note="First version, for carers.")
        clinical = self.assign(version, "reviewer1", Capacity.CLINICAL)
        specialist = self.assign(version, "reviewer2", Capacity.SPECIALIST)
        blocking = workflow.comment(
            version,
            actor=self.people["reviewer1"],
            kind=Comment.Kind.CHANGE_REQUEST,
            blocking=True,
            assignee=self.people["author2"],
            suggestion="ask the clinic, or call 111 when it is closed, whether to pause massage and compression",
            text=(
                "A carer who reads this on a Saturday evening cannot ask the clinic. Say what to do until somebody "
                "answers, above all when the garment hurts over hot skin."
            ),
            section_key=self.section(version, "Lowering the risk of infection"),
            exact="ask the clinic whether to pause massage and compression",
        )
        workflow.comment(
            version,
            actor=self.people["author2"],
            thread=blocking,
            text="Agreed. I will add what to do out of hours, and cite the consensus for it.",
        )
        workflow.comment(
            version,
            actor=self.people["reviewer2"],
            text="“Long-term swelling” is good. Please keep it in the other wordings too.",
            section_key=self.section(version, ""),
            exact="Lymphoedema is long-term swelling",
        )
        self.request_changes(
            specialist,
            "The lead says that there is often no cure and leaves it at that. Add in a sentence how far daily care can "
            "bring the swelling down; the review you cite has it.",
        )
        self.request_changes(
            clinical,
            "Two things before I can approve. The advice on compression during an infection needs an answer for nights "
            "and weekends. And the line on people having cancer treatment stands last, though for them it comes first: "
            "move it to the top of the list.",
        )

    def questions_are_reviewed_in_the_open(self) -> None:
        """Open the review of questions submitted from here on; earlier submissions stay closed."""
        row = Quorum(
            kind=Article.Kind.QUESTION, risk=Article.Risk.STANDARD, open_review=True, urgent_days=14, by_section=True
        )
        changed_by(self.people["admin"], row).save()

    def midgut_question_is_under_review(self) -> None:
        version = self.submit("midgut-neuroendocrine-tumour-first-spread.md", note="First version.")
        clinical = self.assign(version, "reviewer3", Capacity.CLINICAL)
        self.assign(version, "reviewer2", Capacity.SPECIALIST)
        workflow.comment(
            version,
            actor=self.people["reviewer3"],
            text="Is the fibrosis worth a word in the public wording? People are often told about it after surgery.",
            section_key=self.section(version, "The usual order"),
            exact="A fibrotic reaction around the mass",
        )
        self.approve(clinical, "The limits of the surgical series are plain. I leave the imaging to the specialist.")

    def words_are_explained(self) -> None:
        """The editors explain some words of the texts in plain language."""
        for line in GLOSSARY.read_text().splitlines():
            word, forms, definition = line.split("|")
            term = GlossaryTerm(word=word, forms=forms.replace(",", "\n"), definition=definition)
            changed_by(self.people["editor"], term).save()

    def readers_ask(self) -> None:
        """Two readers send questions; an editor answers the first with a passage. Nobody has their addresses."""
        version = Article.objects.get(slug="sentinel-node-biopsy").published_version
        if version is None:
            raise ValueError("The article is not published.")
        asked = "How long will my skin stay blue after the biopsy?"
        first = ask(version, version.written_for, asked, get_random_string(32))
        harms = self.section(version, "Possible harms")
        answer(first, actor=self.people["editor"], version=version.pk, section=harms)
        asked = "I have chest pain after my sentinel node biopsy. Is this one of the possible harms?"
        ask(version, version.written_for, asked, get_random_string(32))

    def readers_report(self) -> None:
        """Readers say whether a page was helpful, and two report what they think is wrong. An editor replies."""
        version = Article.objects.get(slug="sentinel-node-biopsy").published_version
        if version is None:
            raise ValueError("The article is not published.")
        for helpful in (True, True, True, False):
            count(version, version.written_for, helpful=helpful)
        harms, (_, wrong, _, other) = self.section(version, "Possible harms"), ErrorReport.Severity
        said = "The table says “weeks” for soreness. My nurse told me that three months is common after this operation."
        first = report(version, version.written_for, get_random_string(32), section=harms, text=said, thought=wrong)
        reply(first, actor=self.people["editor"], reply="Thank you. We have asked the authors to look at this.")
        said = "There is no telephone number of the clinic on this page."
        last = report(version, version.written_for, get_random_string(32), section="", text=said, thought=other)
        turn_away(last, actor=self.people["editor"], reply="This page is about the test. Please ask your own clinic.")
        comment(version, version.written_for, helpful=False, text="A picture of the blue skin would help.")

    def submit(self, file: str, *, note: str, author: str = "author", update: bool = False) -> Version:
        """Import the file as this author's draft and submit it."""
        user = self.people[author]
        article = store(parse((TEXTS / file).read_bytes()), author=user, update=update)
        if file in FIGURES:
            self.illustrate(article, **FIGURES[file])
        return workflow.submit(article, actor=user, change=Version.Change.MAJOR, note=note)

    def illustrate(self, article: Article, *, key: str, after: str, **words: str) -> None:
        """Add the figure drawn in the file of this name, and place it after the paragraph with these words."""
        made = apart.read((HERE / f"{key}.svg").read_bytes())
        with transaction.atomic():
            picture = store_picture(made)
        figure = Figure(article=article, key=key, picture=picture, **words)
        changed_by(self.people["author"], figure).save()
        section = next(section for section in article.sections.all() if after in section.body)
        place = section.body.index("</p>", section.body.index(after)) + len("</p>")
        section.body = f'{section.body[:place]}\n<figure data-figure="{key}"></figure>{section.body[place:]}'
        changed_by(self.people["author"], section).save()

    def edit(self, article: Article, old: str, new: str) -> None:
        """Replace these words of the draft, as its author."""
        section = next(section for section in article.sections.all() if old in section.body)
        section.body = section.body.replace(old, new)
        changed_by(self.people["author"], section).save()

    def assign(self, version: Version, reviewer: str, capacity: str) -> Assignment:
        """Ask a reviewer, who accepts."""
        return workflow.accept(self.ask(version, reviewer, capacity), actor=self.people[reviewer])

    def ask(self, version: Version, reviewer: str, capacity: str) -> Assignment:
        return workflow.assign(
            Review.objects.get(version=version),
            actor=self.people["editor"],
            reviewer=self.people[reviewer],
            capacity=capacity,
            due=timezone.localdate() + datetime.timedelta(days=14),
        )

    def approve(self, assignment: Assignment, reason: str) -> Decision:
        return self._decide(assignment, Decision.Outcome.APPROVE, reason)

    def request_changes(self, assignment: Assignment, reason: str) -> Decision:
        return self._decide(assignment, Decision.Outcome.REQUEST_CHANGES, reason)

    def _decide(self, assignment: Assignment, outcome: str, reason: str) -> Decision:
        return workflow.decide(
            assignment,
            actor=assignment.reviewer,
            outcome=outcome,
            password=PASSWORD,
            digest=assignment.review.version.digest,
            reason=reason,
            answers=ANSWERS if outcome == Decision.Outcome.APPROVE else None,
        )

    def section(self, version: Version, heading: str) -> str:
        """Return the key of the version's section with this heading; the lead has the heading ""."""
        sections = thaw(version.frozen.text)["sections"]
        return next(section["key"] for section in sections if section["heading"] == heading)
