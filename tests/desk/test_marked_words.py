"""Every word that the staff is shown is marked for translation, on every page of the desk and after every refusal."""

from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Audience, Contributor, Reference
from tests.populated import browser
from tests.pseudo import content, unmarked, wrapped

pytestmark = pytest.mark.once

ROLES = ("author", "editor", "asked", "admin", "not asked")
WITHOUT_ARGUMENTS = ("desk", "desk_articles", "questions", "reports", "disclaimers", "draft_create", "draft_import")
WITHOUT_ARGUMENTS += ("password_change", "password_reset", "password_reset_done", "password_reset_complete", "sign_in")
OF_A_ROW = ("desk_article", "desk_review", "draft", "draft_preview", "notices", "people", "question", "references")
OF_A_ROW += ("report", "section", "section_create", "wording", "wordings", "draft_history", "draft_changes")
REFUSED = {  # what is sent to each address, besides nothing
    "decide": {"no_conflict": "on", "outcome": "approve", "password": "wrong", "digest": "0"},
    "comment": {"text": "Words.", "exact": "nowhere", "section_key": ""},
    "assign": {"ask": "1", "due": "2020-01-01"},
    "recall": {"reason": "No."},
    "decline": {"reason": "No."},
    "end_round": {"reason": "No."},
    "publish": {"despite": "9"},
    "schedule": {"at_0": "2020-01-01", "at_1": "10:00"},
    "submit": {"change": "minor", "note": "Words."},
    "notices": {"kind": "removal", "reason": "No.", "seen": "0"},
    "references": {"key": "smith2020", "type": "book", "title": "Nodes"},
    "people": {"contributor": "1", "role": "author", "position": "1"},
    "section_create": {"role": "body", "heading": "", "body": "<p>A", "position": "-1"},
    "section": {"role": "body", "heading": "**A**", "body": "<u>Words.</u> <li>A</li> **B**\u202e", "position": "1"},
    "wording": {"heading": "<b>A</b>", "body": "<blockquote>Words.</blockquote> [x](/y) [@none]"},
    "draft": {"title": "", "slug": "nodes", "language": "english"},
    "sign_in": {"username": "nobody", "password": "wrong"},
    "password_change": {"old_password": "wrong", "new_password1": "a", "new_password2": "b"},
    "merge_question": {"into": "999"},
    "merge_report": {"into": "999"},
    "correct_report": {"number": "9"},
}


def typed() -> str:
    """Return what people typed, and what is the same in every language."""
    names = [*map(str, Contributor.objects.all()), *map(str, Reference.objects.all())]
    numbered = [f"{number}. {person.name}" for person in Contributor.objects.all() for number in (1, 2, 3)]
    audiences = "; ".join(f"{row.label} ({row.key})" for row in Audience.objects.all())
    sent = [text for fields in REFUSED.values() for text in fields.values()]
    return content("xyzzy", "DOI", "PMID", audiences, *names, *numbered, *sent)


@pytest.fixture
def pages(world):
    """Return the addresses of the desk's pages, the changes of a version and the filters of the lists too."""
    _, arguments = world
    paths = [reverse(name) for name in WITHOUT_ARGUMENTS]
    paths += [reverse(name, kwargs=arguments[name]) for name in OF_A_ROW]
    review = reverse("desk_review", kwargs=arguments["desk_review"])
    lists = [f"{reverse('questions')}?state=declined", f"{reverse('reports')}?state=merged"]
    return [*paths, *lists, f"{review}?changes=previous", "/desk/articles/?q=xyzzy", "/desk/no/such/page/"]


@pytest.mark.parametrize("role", ROLES)
def test_every_word_of_the_desk_is_marked(world, pages, role):
    """To mend it: mark the words that are listed, as docs/developer.md says."""
    people, _ = world
    ours, found = typed(), {}

    with wrapped():
        for path in pages:
            response = browser(people, role).get(path, follow=True)
            if words := unmarked(response.content.decode(), ours):
                found[path] = words

    assert found == {}


@pytest.mark.parametrize("faults", ["> 60\n\n[@none] ~~5~~ mg\u200b5", "Text a](b) and [x](y.html)."])
def test_every_word_of_a_refused_file_is_marked(world, faults):
    people, _ = world
    data = f"---\ntitle: A\nkind: topic\nrisk: low\ntopics: [Unknown]\nai: none\n---\n{faults}\n"

    with wrapped():
        file = SimpleUploadedFile("a.md", data.encode())
        page = browser(people, "author").post(reverse("draft_import"), {"file": file}).content.decode()

    assert "⟦" in page
    assert unmarked(page, typed()) == []


def shown_by(response) -> str:
    """Return what a page shows, or the words that a script of ours shows."""
    if response["Content-Type"] == "application/json":
        said = response.json().get("said", "")
        return "".join(f"<p>{escape(sentence)}</p>" for sentence in ([said] if isinstance(said, str) else said))
    return response.content.decode()


@pytest.mark.parametrize("role", ["author", "editor", "asked"])
def test_every_word_of_a_refusal_is_marked(world, role):
    people, arguments = world
    ours, found = typed(), {}

    with wrapped():
        for name in [*arguments, *WITHOUT_ARGUMENTS]:
            path = reverse(name, kwargs=arguments.get(name))
            for fields in ({}, REFUSED.get(name, {})) if path.startswith("/desk/") else ():
                response = browser(people, role).post(path, fields, follow=True)
                if response.content and (words := unmarked(shown_by(response), ours)):
                    found[path, *fields] = words

    assert found == {}
