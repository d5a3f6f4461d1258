"""A site on which every address has something to show, everybody who may ask for it, and their browsers."""

import datetime

from django.conf import settings
from django.test import Client
from django.utils import timezone

from articles.checks import fingerprint
from articles.models import Article, Audience, ErrorReport, Question
from articles.models.people import Role
from articles.models.reader_input.sent import digest_of
from reviews import workflow
from reviews.models import Absence, CalendarAddress, Checkpoint, Dossier, DossierPart, Message, SavedView, Task
from reviews.workflow.steps.beside.overriding import blocking
from tests.factories import (
    approved,
    article,
    board_member,
    cite,
    edit,
    illustrated,
    overridden,
    person,
    published,
    submitted,
    under_review,
)


def everybody(author, editor, asked) -> dict:
    """Return a person of each kind, by what they are to the article: `asked` is the reviewer of its newer version."""
    people = {
        "author": author,
        "other author": person("other", groups=["author"]),
        "editor": editor,
        "asked": asked,
        "not asked": board_member("late", "Lena Late", ["clinical"]),
        "admin": person("root", "Rita Root", groups=["admin"]),
        "superuser": person("super"),
        "deactivated": person("gone", groups=["editor"], active=False),
    }
    people["superuser"].is_superuser = people["superuser"].is_staff = True
    people["superuser"].save()
    return people


def sign_in(people):
    """Sign everybody in once, for all their browsers."""
    for one in people.values():
        client = Client()
        client.force_login(one)
        one.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value


def browser(people, actor) -> Client:
    client = Client(raise_request_exception=False)
    if actor != "anonymous":
        client.cookies[settings.SESSION_COOKIE_NAME] = people[actor].cookie
    return client


def fill_site(author, editor, clinical, specialist) -> dict[str, dict]:
    """
    Fill the site through the workflow, and return by its name the arguments of each address that has any.

    The policy is public; so is an article, with a newer version under review, and one with two published versions; a
    third is approved and scheduled.
    """
    publish_the_policy(author, editor, clinical, specialist)
    body = '<p>Lymph nodes filter lymph.</p>\n<figure data-figure="drawing"></figure>'
    draft = illustrated(author, slug="nodes", topics=("Oncology",), body=body)
    cited = cite(draft, by=author)
    published(submitted(author, draft), editor, clinical, specialist)
    notice = workflow.issue_notice(draft, actor=editor, kind="correction", reason="A word was missing.")
    edit(draft, "Newer.", by=author)
    newer = submitted(author, draft, change="minor", note="Newer")
    assignment = under_review(newer, editor, (clinical, "clinical"))[0]
    thread = workflow.comment(newer, actor=clinical, text="Look at this.", blocking=True)
    tied = board_member("tied", "Tina Tied", ["clinical"], conflicts=["Oncology"])
    publish_two_versions(author, editor, clinical, specialist)
    schedule = scheduled(author, editor, clinical, specialist)
    task = Task.objects.create(article=draft, role=Role.EDITOR.group, text="Look.", opened_at=timezone.now())
    disclaimer = workflow.issue_disclaimer(
        Audience.objects.get(key="public"), actor=person("issuer", groups=["editor"]), text="Newer."
    )
    quoting = article(author, title="Prescribing", body="<p>Never write 5.0 mg.</p>")
    earlier = overridden(quoting, editor)
    edit(quoting, "Never write 7.0 mg.", by=author)
    newest = Checkpoint.objects.latest("size")
    return {
        **READERS,
        "board_member": {"person": clinical.contributor.pk},
        "version_proof_at": {"slug": "nodes", "number": 1, "size": newest.size},
        **{name: {"size": newest.size, "root": newest.short_root} for name in ("ledger_checkpoint", "ledger_export")},
        **{name: {"size": newest.size} for name in ("ledger_checkpoint_at", "ledger_export_at")},
        **of_draft(draft, cited),
        "picture": {"digest": draft.figures.get().picture.sha256, "ending": "png"},
        **of_review(newer.review, assignment, thread),
        "findings": {"pk": quoting.pk},
        "override": {"pk": quoting.pk, "fingerprint": fingerprint(blocking(quoting)[0])},
        "take_back_override": {"pk": earlier.pk},
        "record_plan": {"pk": newer.review.pk, "person": tied.pk},
        "lift_notice": {"pk": notice.pk},
        "public_notice": {"pk": notice.pk},
        "cancel_schedule": {"pk": schedule.pk},
        "close_task": {"pk": task.pk},
        "open_message": {"pk": _message(editor).pk},
        "remove_view": {"pk": SavedView.objects.create(user=editor, name="Grave", address="?only=high").pk},
        "dossier": {"pk": draft.pk},
        "ask_for_archive": {"pk": draft.pk},
        "dossier_archive": {"pk": _dossier(draft, editor).pk},
        "remove_absence": {"pk": _absence(clinical).pk},
        "dashboard_table": {"name": "weeks"},
        "calendar_feed": {"token": CalendarAddress.objects.renew(clinical)},
        "issue_disclaimer": {"audience": "public"},
        "confirm_disclaimer": {"pk": disclaimer.pk},
        **of_question(question(draft)),
        **of_report(report(draft)),
    }


def _message(person) -> Message:
    """Return a message in the inbox of this person, also where no transaction ends and so no job writes one."""
    written = {"subject": "Submitted", "body": "Look.", "at_once": True, "sent_at": timezone.now()}
    return Message.objects.create(recipient=person, job="of a test", **written)


def _dossier(draft, person) -> Dossier:
    """Return a finished archive that this person asked for."""
    at = timezone.now()
    made = {"requested_by_name": "Edith", "requested_at": at, "made_at": at, "size": 3, "done": 3, "total": 3}
    dossier = Dossier.objects.create(article=draft, requested_by=person, **made)
    DossierPart.objects.create(dossier=dossier, number=0, content=b"zip")
    return dossier


def _absence(person) -> Absence:
    """Return an absence of this board member that is still to come."""
    day = timezone.localdate() + datetime.timedelta(days=30)
    return Absence.objects.create(member=person.board_member, first_day=day, last_day=day)


def of_question(question) -> dict[str, dict]:
    """Return the arguments of the addresses of a reader's question at the desk."""
    return {name: {"pk": question.pk} for name in QUESTIONS}


def question(article, text="Why do nodes swell?", **fields) -> Question:
    """Return a question that a reader asked about the article's public version."""
    now = timezone.now()
    version = Article.objects.get(pk=article.pk).published_version
    fields = {"audience": "carer", "asked_at": now, "token_digest": digest_of(TOKEN), **fields}
    return Question.objects.create(version=version, text=text, delete_after=timezone.localdate(now), **fields)


def of_report(report) -> dict[str, dict]:
    """Return the arguments of the addresses of a reader's report at the desk."""
    return {name: {"pk": report.pk} for name in REPORTS}


def report(article, text="The dose is wrong.", **fields) -> ErrorReport:
    """Return a report of an error in the article's public version."""
    now = timezone.now()
    version = Article.objects.get(pk=article.pk).published_version
    fields = {"audience": "carer", "reported_at": now, "token_digest": digest_of(TOKEN), "severity": 2, **fields}
    fields = {"thought": fields["severity"], "delete_after": timezone.localdate(now), **fields}
    return ErrorReport.objects.create(version=version, text=text, **fields)


def publish_the_policy(author, editor, clinical, specialist):
    policy = article(author, kind="policy", slug="policy", topics=("Publishing",))
    board_member("policymaker", "Paul Policy", ["clinical"], specialties=["Publishing"])
    version = submitted(author, policy)
    for assignment in under_review(version, editor, (clinical, "clinical"), (specialist, "clinical")):
        workflow.decide(
            assignment, actor=assignment.reviewer, outcome="approve", password="correct horse battery",
            digest=version.digest,
        )  # fmt: skip
    workflow.publish(version, actor=editor)


def publish_two_versions(author, editor, clinical, specialist):
    draft = article(author, slug="compared", topics=("Oncology",))
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "They filter 5 mg of it.", by=author)
    published(submitted(author, draft, change="minor", note="A dose"), editor, clinical, specialist)


def scheduled(author, editor, clinical, specialist):
    """Return the schedule of an approved version, for tomorrow."""
    ready = approved(submitted(author), editor, clinical, specialist).version
    at = timezone.now() + datetime.timedelta(days=1)
    return workflow.schedule(ready, actor=editor, at=at)


TOKEN = "a-private-token"
QUESTIONS = ("question", "answer_question", "merge_question", "decline_question", "write_question", "reopen_question")
REPORTS = ("report", "judge_report", "reply_to_report", "correct_report", "leave_report", "turn_away_report")
REPORTS += ("merge_report", "reopen_report")
READERS = {
    "article": {"slug": "nodes"},
    "article_for": {"slug": "nodes", "audience": "carer"},
    "article_markdown": {"slug": "nodes", "audience": "carer"},
    "article_pdf": {"slug": "nodes", "audience": "carer"},
    "article_saved": {"slug": "nodes", "audience": "carer"},
    "versions": {"slug": "nodes"},
    "version": {"slug": "nodes", "number": 1},
    "changes": {"slug": "nodes", "number": 1},
    "signed": {"slug": "nodes", "number": 1},
    "version_file": {"slug": "nodes", "number": 1, "form": "docx"},
    "choose_comparison": {"slug": "compared"},
    "comparison": {"slug": "compared", "earlier": 1, "number": 2},
    "comparison_for": {"slug": "compared", "earlier": 1, "number": 2, "audience": "carer"},
    "proof": {"slug": "nodes"},
    "proof_file": {"slug": "nodes"},
    "version_proof": {"slug": "nodes", "number": 1},
    "version_proof_file": {"slug": "nodes", "number": 1},
    "ask": {"slug": "nodes", "audience": "carer"},
    "answers": {"text": "sealed-by-nobody", "slug": "nodes", "audience": "carer"},
    "cite": {"slug": "nodes", "number": 1},
    "citation": {"slug": "nodes", "number": 1, "form": "ris"},
    "references_file": {"slug": "nodes", "number": 1, "form": "bib"},
    "helpful": {"slug": "nodes", "number": 1, "audience": "carer"},
    "report_error": {"slug": "nodes", "number": 1, "audience": "carer"},
    "report_status": {"token": TOKEN},
    "delete_report": {"token": TOKEN},
    "question_status": {"token": TOKEN},
    "delete_question": {"token": TOKEN},
    "topic": {"slug": "oncology"},
    "topic_feed": {"slug": "oncology"},
    "public_notices_of": {"kind": "correction"},
    "sitemap_of": {"section": "articles"},
    "password_reset_confirm": {"uidb64": "MQ", "token": "a-b"},
}


def of_draft(draft, cited) -> dict[str, dict]:
    """Return the arguments of the addresses where a draft is written and submitted."""
    whole = {"pk": draft.pk}
    section = {**whole, "section": draft.sections.get().pk}
    figure = {**whole, "figure": getattr(draft.figures.first(), "pk", 1)}
    names = (
        "draft",
        "section_create",
        "typed",
        "citations",
        "links",
        "people",
        "references",
        "reference_import",
        "desk_article",
        "submit",
        "notices",
        "attestations",
    )
    return {
        **dict.fromkeys(names, whole),
        **dict.fromkeys(("write", "autosave", "draft_checks"), whole),
        "draft_preview": {**whole, "audience": "public"},
        **dict.fromkeys(("draft_history", "draft_changes", "restore"), whole),
        "section": section,
        "section_remove": section,
        "wordings": section,
        "differing_doses": section,
        "section_move": section,
        "wording": {**section, "audience": "carer"},
        "person_remove": {**whole, "person": draft.authorships.get().pk},
        "figures": whole,
        "figure_choice": whole,
        "figure": figure,
        "figure_remove": figure,
        "reference": {**whole, "reference": cited.pk},
        "although_retracted": {**whole, "reference": cited.pk},
        "reference_remove": {**whole, "reference": cited.pk},
        "reference_export": {**whole, "form": "ris"},
        "draft_file": {**whole, "form": "md"},
        "library": {},
        **{name: {"pk": cited.reference_id} for name in ("library_work", "library_work_edit", "library_work_merge")},
    }


def of_review(review, assignment, thread) -> dict[str, dict]:
    """Return the arguments of the addresses of a review, of a request in it and of a comment on it."""
    steps = ("assign", "recall", "decline", "declare_urgent", "end_round", "withdraw_approval", "publish", "schedule")
    return {
        **{name: {"pk": review.pk} for name in ("desk_review", "comment", *steps)},
        "read_changes": {"pk": review.pk, "number": 1},
        "desk_version_file": {"pk": review.pk, "form": "md"},
        **{name: {"pk": assignment.pk} for name in ("decide", "keep_answers", "accept", "recuse", "unassign")},
        **{name: {"pk": thread.pk} for name in ("answer", "assign_comment", "take_over", "resolve_comment")},
    }
