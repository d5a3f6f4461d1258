"""Drafts at the desk: written by their authors, kept from others, and never lost to a stale form."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.desk.bodytext import from_typed, to_typed
from articles.models import Article, Audience, Reference, Section, Wording
from articles.richtext import cited_keys
from reviews.writers import draft_history, writers
from tests.factories import article, cite, evidence, person, save, topic

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = """---
title: Swollen nodes
kind: topic
topics: [Oncology]
audience: public
ai_use: none
references:
  - {id: okoro2021, type: book, title: Nodes, author: ["Okoro, A"], issued: 2021}
---

Nodes swell [@okoro2021].

## Why

They filter lymph.
"""


def url(name, *args):
    return reverse(name, args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def fields(draft, **changed) -> dict:
    return {
        "title": draft.title,
        "slug": draft.slug,
        "kind": draft.kind,
        "language": "en",
        "written_for": draft.written_for_id,
        "risk": draft.risk,
        "ai_use": "none",
        "ai_note": "",
        "topics": [row.topic_id for row in draft.article_topics.all()],
        "seen": draft.history.first().pk,
        **changed,
    }


def test_an_article_is_not_written_for_readers_who_have_wordings_of_their_own(at, author):
    draft = article(author)
    carer = Audience.objects.get(key="carer")
    section = draft.sections.get()
    wording = save(Wording(section=section, audience=carer, body="<p>They filter.</p>"), author)

    refused = at(author).post(url("draft", draft.pk), fields(draft, written_for=carer.pk))
    at(author).post(url("wording", draft.pk, section.pk, "carer"), {"body": "", "seen": wording.history.first().pk})
    accepted = at(author).post(url("draft", draft.pk), fields(draft, written_for=carer.pk))

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert f"There are wordings of their own for these readers, in “{section}”." in text(refused)
    draft.refresh_from_db()
    assert draft.written_for == carer


def test_an_author_begins_an_article_and_is_its_author(at, author):
    audience = Audience.objects.get(key="public")
    form = {"title": "Swollen nodes", "kind": "topic", "language": "en", "written_for": audience.pk, "risk": "standard"}

    answer = at(author).post(url("draft_create"), {**form, "topics": [topic().pk], "ai_use": "none"})

    made = Article.objects.get()
    assert answer.url == url("draft", made.pk)
    assert (made.slug, made.created_by) == ("swollen-nodes", author)
    assert made.has_author(author)
    assert [row.topic.name for row in made.article_topics.all()] == ["Oncology"]


def test_the_same_address_twice_is_refused_with_a_sentence(at, author):
    draft = article(author, slug="nodes")

    answer = at(author).post(url("draft_create"), {**fields(draft), "title": "Other"})

    assert answer.status_code == 422
    assert "Another article has this address." in text(answer)
    assert Article.objects.count() == 1


def test_a_draft_saved_by_somebody_meanwhile_is_not_overwritten(at, author, editor):
    draft = article(author, title="Nodes")
    stale = fields(draft, title="Mine")
    at(editor).post(url("draft", draft.pk), fields(draft, title="Theirs"))
    draft.refresh_from_db()

    answer = at(author).post(url("draft", draft.pk), stale)

    assert answer.status_code == 409
    assert "Somebody saved this since you opened it." in text(answer)
    assert 'value="Mine"' in text(answer)
    draft.refresh_from_db()
    assert draft.title == "Theirs"


def test_a_stale_form_can_be_saved_once_it_was_read(at, author, editor):
    draft = article(author, title="Nodes")
    stale = fields(draft, title="Mine")
    at(editor).post(url("draft", draft.pk), fields(draft, title="Theirs"))
    page = text(at(author).post(url("draft", draft.pk), stale))
    seen = page.split('name="seen" value="')[1].split('"')[0]

    answer = at(author).post(url("draft", draft.pk), {**stale, "seen": seen})

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_the_history_says_who_saved_what_at_the_desk(at, author, editor):
    draft = article(author)
    section = draft.sections.get()

    at(editor).post(
        url("section", draft.pk, section.pk), {"role": "body", "heading": "New", "body": "One.", "position": 1}
    )

    assert section.history.first().history_user == editor
    assert editor.pk in {writer["id"] for writer in writers(draft, draft_history(draft))}


def test_plain_text_becomes_paragraphs_and_keys_become_citations(at, author):
    draft = article(author)
    cite(draft, "lee2021", by=author)
    form = {"role": "body", "heading": "Why", "body": "One [@lee2021].\n\nTwo <b>bold</b>.", "position": 2}

    at(author).post(url("section_create", draft.pk), form)

    made = Section.objects.get(heading="Why")
    assert made.body == ('<p>One <cite data-ref="lee2021">[lee2021]</cite>.</p>\n<p>Two <strong>bold</strong>.</p>')
    assert "[@lee2021]" in text(at(author).get(url("section", draft.pk, made.pk)))


def test_a_section_sent_twice_is_there_once(at, author):
    draft = article(author)
    form = {"role": "body", "heading": "Why", "body": "One.", "position": 2}

    first = at(author).post(url("section_create", draft.pk), form)
    again = at(author).post(url("section_create", draft.pk), {**form, "position": 3})
    another = at(author).post(url("section_create", draft.pk), {**form, "heading": "How"})

    assert (first.status_code, again.status_code, another.status_code) == (302, 409, 302)
    assert "The draft has this very section already" in text(again)
    assert list(draft.sections.values_list("heading", flat=True))[1:] == ["Why", "How"]


@pytest.mark.parametrize(
    "body", ["<p>A [@a; @b] and [@c]</p>", "<ul><li>x [@a-1]</li></ul>", "<p>[not a key] &lt;</p>"]
)
def test_what_is_typed_comes_back_as_it_was_typed(body):
    stored = from_typed(body)

    assert from_typed(to_typed(stored)) == stored
    assert len(cited_keys(stored)) == body.count("@")


def test_a_wording_is_written_and_saved_empty_goes(at, author):
    draft = article(author)
    section = draft.sections.get()
    page = url("wording", draft.pk, section.pk, "carer")

    at(author).post(page, {"body": "For carers."})
    assert section.wordings.get().body == "<p>For carers.</p>"
    at(author).post(page, {"body": " "})

    assert not section.wordings.exists()
    assert at(author).get(url("wording", draft.pk, section.pk, "public")).status_code == 404


def test_a_section_is_removed_with_its_wordings_and_history_keeps_both(at, author):
    draft = article(author)
    section = draft.sections.get()
    at(author).post(url("wording", draft.pk, section.pk, "carer"), {"body": "For carers."})

    at(author).post(url("section_remove", draft.pk, section.pk))

    assert not draft.sections.exists()
    assert Section.history.filter(id=section.pk, history_type="-").get().history_user == author


def test_scripts_typed_into_a_section_are_not_stored(at, author):
    draft = article(author)

    at(author).post(
        url("section_create", draft.pk),
        {"role": "body", "heading": "Why", "body": "<p onclick=x>a<script>alert(1)</script></p>", "position": 2},
    )

    assert Section.objects.get(heading="Why").body == "<p>a</p>"


def test_a_reference_with_a_known_doi_brings_the_librarys_work(at, author):
    known = Reference.objects.create(csl={"type": "book", "title": "Nodes", "DOI": "10.1000/xyz"}, doi="10.1000/xyz")
    draft = article(author)
    form = {"key": "okoro2021", "type": "article-journal", "title": "Otherwise", "doi": "https://doi.org/10.1000/XYZ"}

    at(author).post(url("references", draft.pk), form)
    again = at(author).post(url("references", draft.pk), {**form, "key": "other"})

    assert draft.article_references.get().reference == known
    assert again.status_code == 422
    assert "cites this work already" in text(again)


def test_a_reference_in_plain_fields_is_csl(at, author):
    draft = article(author)

    at(author).post(
        url("references", draft.pk),
        {
            "key": "smith2020",
            "type": "article-journal",
            "title": "On nodes",
            "authors": "Smith, Jane A\nLee, Kim",
            "container": "Lancet",
            "issued": "2020-03",
            "page": "1023-31",
        },
    )

    assert draft.article_references.get().reference.csl == {
        "type": "article-journal",
        "title": "On nodes",
        "author": [{"family": "Smith", "given": "Jane A"}, {"family": "Lee", "given": "Kim"}],
        "container-title": "Lancet",
        "issued": {"date-parts": [[2020, 3]]},
        "page": "1023-31",
    }


@pytest.mark.parametrize(("field", "typed"), [("issued", "soon"), ("doi", "x"), ("key", "a b"), ("pmid", "0")])
def test_a_reference_that_cannot_be_read_is_refused_with_a_sentence(at, author, field, typed):
    draft = article(author)
    before = evidence()

    answer = at(author).post(url("references", draft.pk), {"key": "k", "type": "book", "title": "T", **{field: typed}})

    assert answer.status_code == 422
    assert "Line 0" not in text(answer)
    assert evidence() == before


def test_a_file_becomes_a_draft(at, author):
    file = SimpleUploadedFile("nodes.md", SAMPLE.encode())

    answer = at(author).post(url("draft_import"), {"file": file}, follow=True)

    assert "The draft of “Swollen nodes” is stored." in text(answer)
    assert Article.objects.get().imported_by == author


def test_a_second_import_replaces_only_when_asked(at, author):
    at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode())})

    again = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode())})
    replaced = at(author).post(
        url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode()), "update": "on"}
    )

    assert (again.status_code, replaced.status_code) == (422, 302)
    assert "exists already" in text(again)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"---\ntitle: x\nsecret: y\n---\n\nText.", "Line 3"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"", "empty"),
    ],
    ids=["not utf-8", "unknown key", "too large", "empty"],
)
def test_a_broken_file_is_refused_and_nothing_is_stored(at, author, data, sentence):
    before = evidence()

    answer = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("x.md", data)})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert evidence() == before


def test_the_last_author_stays(at, author):
    draft = article(author)
    row = draft.authorships.get()

    answer = at(author).post(url("person_remove", draft.pk, row.pk), follow=True)

    assert "An article needs an author" in text(answer)
    assert draft.authorships.count() == 1


def test_the_same_person_is_not_named_twice_in_one_part(at, author):
    draft = article(author)

    answer = at(author).post(
        url("people", draft.pk), {"contributor": author.contributor.pk, "role": "author", "position": 2}
    )

    assert answer.status_code == 422
    assert "This person has this part already." in text(answer)


def test_a_draft_is_nobodys_but_its_writers(at, author, clinical):
    draft = article(author)
    other, admin = person("other", groups=["author"]), person("root", groups=["admin"])
    section = draft.sections.get()
    pages = [
        url("draft", draft.pk),
        url("section", draft.pk, section.pk),
        url("wording", draft.pk, section.pk, "carer"),
        url("people", draft.pk),
        url("references", draft.pk),
        url("draft_preview", draft.pk, "public"),
    ]

    answers = {
        (user.username, page): at(user).get(page).status_code for user in (other, clinical, admin) for page in pages
    }

    assert set(answers.values()) == {404}


def test_the_preview_shows_the_draft_and_what_the_checks_say(at, author):
    draft = article(author, ai_use="")

    page = text(at(author).get(url("draft_preview", draft.pk, "carer")))

    assert "Lymph nodes filter lymph." in page
    assert "Declare whether artificial intelligence was used" in page


def test_hostile_input_gets_a_sentence_never_an_error(at, author):
    draft = article(author)
    client = at(author)

    long = client.post(
        url("section_create", draft.pk), {"role": "body", "heading": "H", "body": "<b>" * 20_000, "position": 2}
    )
    huge = client.post(
        url("section_create", draft.pk), {"role": "body", "heading": "H", "body": "x" * 2_000_001, "position": 2}
    )
    null = client.post(url("section_create", draft.pk), {"role": "body", "heading": "a\0b", "body": "x", "position": 2})
    far = client.post(
        url("section_create", draft.pk), {"role": "body", "heading": "H", "body": "x", "position": 10**12}
    )
    odd = client.post(url("draft", draft.pk), fields(draft, seen="x", written_for="999", topics=["a"], risk="none"))

    assert [answer.status_code for answer in (long, huge, null, far, odd)] == [422] * 5
    assert draft.sections.count() == 1


def test_the_desk_imports_no_step():
    """What is written here moves no pointer: submitting is a step, and lies elsewhere."""
    for path in (Path(__file__).parents[2] / "articles" / "desk").glob("*.py"):
        assert "latest_version" not in path.read_text()


def test_a_high_risk_is_lowered_by_nobody_but_an_editor(at, author, editor):
    draft = article(author, risk="high")
    lowered = fields(draft, risk="standard")

    refused = at(author).post(url("draft", draft.pk), lowered)
    assert refused.status_code == 422
    assert "only an editor can lower it" in text(refused)
    assert at(editor).post(url("draft", draft.pk), lowered).status_code == 302

    draft.refresh_from_db()
    assert draft.risk == "standard"


def test_a_text_put_into_the_database_past_its_door_is_cleaned_where_it_is_shown(at, author):
    draft = article(author)
    section = draft.sections.get()
    Section.objects.filter(pk=section.pk).update(body="<p>Words<script>alert(1)</script></p>")

    page = text(at(author).get(url("wording", draft.pk, section.pk, "carer")))

    assert "Words" in page
    assert "<script" not in page
