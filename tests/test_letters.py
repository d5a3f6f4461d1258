"""What people type is shown as letters, on every page that shows it: a label is no markup, whoever typed it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.models import Audience, Topic, Wording
from reviews import workflow
from reviews.models import Task
from tests.factories import (
    article,
    cite,
    decide,
    disclaimers,
    published,
    save,
    submitted,
    under_review,
)


def typed(name) -> str:
    """Return the words that somebody types: markup, an entity and both quotation marks."""
    return f"<i class='typed'>[{name}]</i> &amp; \"{name}\""


@pytest.fixture
def people(author, editor, editor2, clinical, specialist):
    """Everybody, under names and credentials that hold markup."""
    for user in (author, clinical):
        user.contributor.name = typed(f"name of {user.username}")
        user.contributor.credentials, user.contributor.bio = typed("credentials"), typed("bio")
        user.contributor.save()
    disclosure = clinical.board_member.disclosures.get()
    disclosure.none_declared, disclosure.statement = False, typed("interests")
    disclosure.save()
    return author, editor, editor2, clinical, specialist


@pytest.fixture
def settings_typed(people):
    """Label an audience, name a topic and write a disclaimer with markup."""
    _, editor, editor2, *_ = people
    disclaimers()
    audience = Audience.objects.get(key="carer")
    audience.label = typed("label")
    audience.save()
    oncology = Topic.objects.get(name="Oncology")
    oncology.name = typed("topic")
    oncology.save()
    public = Audience.objects.get(key="public")
    workflow.confirm_disclaimer(
        workflow.issue_disclaimer(public, actor=editor, text=typed("disclaimer")), actor=editor2
    )
    workflow.issue_disclaimer(public, actor=editor, text=typed("disclaimer to come"))
    return oncology


@pytest.fixture
def draft(people, settings_typed):
    """Return an article with two public versions, a third under review, and a word of everybody on it."""
    author, editor, _, clinical, specialist = people
    draft = article(author, slug="typed", title=typed("title"), ai_note=typed("note on AI"), topics=())
    draft.article_topics.create(topic=settings_typed)
    section = draft.sections.get()
    section.heading = typed("heading")
    save(section, author)
    wording = Wording(section=section, audience=Audience.objects.get(key="carer"), heading=typed("wording"))
    wording.body = "<p>Take one tablet.</p>"
    save(wording, author)
    published(submitted(author, draft, note=typed("first note")), editor, clinical, specialist)
    cited = cite(draft, by=author, title=typed("work"), author=[{"literal": typed("writer")}])
    wording.heading, wording.body = typed("other wording"), "<p>Take two tablets.</p>"
    save(wording, author)
    section.body = '<p>Take two.<cite data-ref="smith2020">[smith2020]</cite></p>'
    save(section, author)
    published(submitted(author, draft, note=typed("second note")), editor, clinical, specialist)
    cited.reference.csl = {**cited.reference.csl, "status": "retracted"}
    cited.reference.save()
    cited.although_retracted = typed("why")
    save(cited, author)
    say_all_there_is_to_say(draft, people)
    return draft


def say_all_there_is_to_say(draft, people):
    author, editor, _, clinical, specialist = people
    workflow.issue_notice(draft, actor=editor, kind="correction", reason=typed("notice"))
    draft.refresh_from_db()
    draft.title = typed("title to come")
    save(draft, author)
    version = submitted(author, draft, note=typed("third note"))
    first, second = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    thread = workflow.comment(version, actor=clinical, text=typed("comment"), exact=typed("heading"))
    workflow.comment(version, actor=author, text=typed("answer"), thread=thread)
    workflow.resolve_comment(thread, actor=clinical, reason=typed("resolution"))
    decide(first, "request_changes", typed("reason"))
    workflow.unassign(second, actor=editor, reason=typed("reason for letting go"))
    Task.objects.create(article=draft, role="Editors", text=typed("task"), opened_at=version.submitted_at)


def words_on(client, paths) -> set[str]:
    """Return whatever was typed and is shown on these pages; what became markup there fails the test."""
    shown = set()
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 410), (path, answer.status_code)
        page = html.document_fromstring(answer.content)
        assert page.xpath("//*[@class='typed']") == [], path
        shown |= set(re.findall(r"<i class='typed'>\[([^\]]*)\]</i> &amp;", page.text_content()))
        shown |= {name for value in page.xpath("//@value") for name in re.findall(r"'typed'>\[([^\]]*)\]", value)}
    return shown


OF_THE_TEXT = {"title", "heading", "label", "topic", "credentials", "name of author", "note on AI", "work"}


def test_no_readers_page_takes_typed_words_for_markup(client, draft, clinical, editor, author, specialist):
    gone = article(author, slug="gone", topics=())
    gone.article_topics.create(topic=Topic.objects.get(slug="oncology"))
    published(submitted(author, gone), editor, clinical, specialist)
    workflow.issue_notice(gone, actor=editor, kind="removal", reason=typed("removal"))
    slug = {"slug": draft.slug}

    shown = words_on(client, [
        "/", "/articles/", "/topics/", "/board/", "/ledger/", "/search/?q=tablet", "/search/?q=%3Ci+class",
        reverse("topic", args=["oncology"]),
        reverse("board_member", args=[clinical.contributor.pk]),
        *(reverse("article_for", kwargs={**slug, "audience": each}) for each in ("public", "carer", "professional")),
        reverse("versions", kwargs=slug),
        *(reverse(name, kwargs={**slug, "number": n}) for name in ("version", "changes") for n in (1, 2)),
        reverse("article_for", args=["gone", "public"]),
    ])  # fmt: skip

    assert shown == {
        *OF_THE_TEXT, "other wording", "writer", "bio", "interests", "name of reviewer1", "disclaimer", "first note",
        "second note", "notice", "removal",
    }  # fmt: skip


def test_no_page_of_the_desk_takes_typed_words_for_markup(draft, editor):
    section = draft.sections.get().pk
    review = draft.versions.get(number=3).review.pk
    comparisons = [
        f"?audience={each}&changes={key}" for each in ("public", "carer") for key in ("published", "approved")
    ]
    of_article = ("desk_article", "notices", "draft", "section_create", "people", "references")
    pages = [
        reverse("desk"), reverse("desk_articles"), reverse("disclaimers"),
        *(reverse(name, args=[draft.pk]) for name in of_article),
        reverse("section", args=[draft.pk, section]),
        reverse("wording", args=[draft.pk, section, "carer"]),
        *(reverse("draft_preview", args=[draft.pk, each]) for each in ("public", "carer")),
        *(reverse("desk_review", args=[review]) + query for query in ("", "?audience=carer", *comparisons)),
    ]  # fmt: skip
    client = Client()
    client.force_login(editor)

    shown = words_on(client, pages)

    assert shown == (OF_THE_TEXT - {"title"}) | {
        "title to come", "other wording", "writer", "name of reviewer1", "disclaimer", "disclaimer to come",
        "first note", "second note", "third note", "notice", "comment", "answer", "resolution", "reason",
        "reason for letting go", "task", "interests", "why",
    }  # fmt: skip
