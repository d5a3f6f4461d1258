"""Drafts at the desk: written by their authors, kept from others, and never lost to a stale form."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml.html import document_fromstring

from articles.desk.typed import from_typed, to_typed
from articles.models import Article, ArticleTopic, Audience, Authorship, Section, Wording
from articles.text.richtext import cited_keys
from reviews.workflow.approval.writers import draft_history, writers
from tests.articles.word.files import cell, docx, paragraph, run, table
from tests.desk.pages import text, url
from tests.factories import article, cite, evidence, person, save, topic

pytestmark = pytest.mark.django_db

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
    assert f"There are wordings for these readers in “{section}”." in text(refused)
    draft.refresh_from_db()
    assert draft.written_for == carer


def test_an_author_begins_an_article_and_is_its_author(at, author):
    audience = Audience.objects.get(key="public")
    form = {"title": "Swollen nodes", "kind": "topic", "language": "en", "written_for": audience.pk, "risk": "standard"}

    answer = at(author).post(url("draft_create"), {**form, "topics": [topic().pk], "ai_use": "none"})

    made = Article.objects.get()
    assert answer.url == url("write", made.pk)
    assert (made.slug, made.created_by) == ("swollen-nodes", author)
    assert made.has_author(author)
    assert [row.topic.name for row in made.article_topics.all()] == ["Oncology"]


def test_the_same_address_twice_is_refused_with_a_sentence(at, author):
    draft = article(author, slug="nodes")

    answer = at(author).post(url("draft_create"), {**fields(draft), "title": "Other", "seen": ""})

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
    assert "Someone else saved this after you opened it." in text(answer)
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


def test_a_draft_filed_under_another_topic_meanwhile_is_not_put_back(at, author, editor):
    draft = article(author)
    opened = form_of(at(author).get(url("draft", draft.pk)))
    save(ArticleTopic(article=draft, topic=topic("Surgery")), editor)
    before = evidence()

    refused = at(author).post(url("draft", draft.pk), opened)

    assert refused.status_code == 409
    assert "Someone else saved this after you opened it." in text(refused)
    assert evidence() == before
    assert at(author).post(url("draft", draft.pk), form_of(refused)).status_code == 302
    assert not draft.article_topics.filter(topic__name="Surgery").exists()


def test_a_topic_taken_away_meanwhile_is_not_put_back_either(at, author, editor):
    draft = article(author, topics=("Oncology", "Surgery"))
    opened = form_of(at(author).get(url("draft", draft.pk)))
    row = draft.article_topics.get(topic__name="Surgery")
    row._history_user = editor
    row.delete()

    assert at(author).post(url("draft", draft.pk), opened).status_code == 409
    assert not draft.article_topics.filter(topic__name="Surgery").exists()


def form_of(page, action="") -> dict:
    """Return the fields of the form with this action as a browser would send them."""
    forms = [form for form in document_fromstring(page.content).forms if form.get("action", "") == action]
    return {name: value or "" for name, value in forms[0].fields.items()}


@pytest.mark.parametrize("typed", ["", "Mine."])
def test_a_wording_saved_by_somebody_meanwhile_is_neither_removed_nor_replaced(at, author, editor, typed):
    draft = article(author)
    page = url("wording", draft.pk, draft.sections.get().pk, "carer")
    at(author).post(page, {"body": "First."})
    opened = form_of(at(author).get(page))
    at(editor).post(page, {**opened, "body": "<p>Theirs.</p>"})

    refused = at(author).post(page, {**opened, "body": typed})

    assert refused.status_code == 409
    assert "Someone else saved this after you opened it." in text(refused)
    assert Wording.objects.get().body == "<p>Theirs.</p>"
    again = at(author).post(page, {**form_of(refused), "body": typed})
    assert again.status_code == 302
    assert [row.body for row in Wording.objects.all()] == ([f"<p>{typed}</p>"] if typed else [])
    assert Wording.history.first().body == (f"<p>{typed}</p>" if typed else "<p>Theirs.</p>")


def test_what_was_typed_into_a_part_that_somebody_removed_is_kept_and_can_be_put_back(at, author, editor):
    draft = article(author)
    section = draft.sections.get()
    pages = {name: url(name, *places) for name, places in {
        "section": [draft.pk, section.pk], "wording": [draft.pk, section.pk, "carer"]}.items()}  # fmt: skip
    at(author).post(pages["wording"], {"body": "First."})
    opened = {name: form_of(at(author).get(page)) | {"body": "Typed meanwhile."} for name, page in pages.items()}

    at(editor).post(pages["wording"], {"body": ""})
    refused = at(author).post(pages["wording"], opened["wording"])
    assert (refused.status_code, "Someone else removed this after" in text(refused)) == (409, True)
    assert form_of(refused)["body"].strip() == "Typed meanwhile."
    assert at(author).post(pages["wording"], form_of(refused)).status_code == 302
    assert Wording.objects.get().body == "<p>Typed meanwhile.</p>"

    at(editor).post(url("section_remove", draft.pk, section.pk))
    refused = at(author).post(pages["section"], opened["section"])
    assert (refused.status_code, "Someone else removed this after" in text(refused)) == (409, True)
    assert not Section.objects.exists()
    assert at(author).post(pages["section"], form_of(refused)).status_code == 302
    put_back = Section.objects.get()
    assert (put_back.body, put_back.key) == ("<p>Typed meanwhile.</p>", section.key)
    assert at(author).post(url("section", draft.pk, 4711), opened["section"]).status_code == 404


@pytest.mark.parametrize("part", ["section", "wording"])
def test_a_section_saved_by_somebody_meanwhile_is_not_removed(at, author, editor, part):
    draft = article(author)
    section = draft.sections.get()
    remove = url("section_remove", draft.pk, section.pk)
    opened = form_of(at(author).get(url("section", draft.pk, section.pk)), action=remove)
    theirs = url(part, draft.pk, section.pk, *(["carer"] if part == "wording" else []))
    at(editor).post(theirs, {**form_of(at(editor).get(theirs)), "body": "Theirs."})

    told = at(author).post(remove, opened, follow=True)

    assert "Someone else saved this section after you opened it. Read it before you remove it." in text(told)
    assert Section.objects.filter(pk=section.pk).exists()
    at(author).post(remove, form_of(told, action=remove))
    assert not Section.objects.exists()


def test_sections_at_the_last_place_of_all_are_numbered_anew(at, author):
    draft = article(author)
    first = draft.sections.get()
    last = {"role": "body", "body": "Words.", "position": 32_767}
    for heading in ("One", "Two", "Three"):
        answer = at(author).post(url("section_create", draft.pk), {**last, "heading": heading})
        assert answer.status_code == 302

    placed = list(draft.sections.order_by("position").values_list("heading", flat=True))
    assert placed == [first.heading, "Two", "One", "Three"]
    assert max(draft.sections.values_list("position", flat=True)) <= 32_767
    for row in draft.sections.all():
        page = url("section", draft.pk, row.pk)
        assert at(author).post(page, form_of(at(author).get(page))).status_code == 302


def named(draft) -> list[str]:
    return list(draft.sections.values_list("heading", flat=True))


def test_a_section_moves_up_and_down_and_the_page_leads_back_to_it(at, author):
    draft = article(author)
    for position, heading in ((3, "Two"), (7, "Three")):
        save(Section(article=draft, heading=heading, body="<p>Words.</p>", position=position), author)
    one, two, three = draft.sections.all()
    page = at(author).get(url("draft", draft.pk))
    buttons = {
        row.xpath("string(.//a)"): [" ".join(each.text_content().split()) for each in row.xpath(".//button")]
        for row in document_fromstring(page.content).xpath("//section[@aria-labelledby='sections']/ol/li")
    }
    assert buttons == {
        one.heading: [f"Move down “{one.heading}”"],
        "Two": ["Move up “Two”", "Move down “Two”"],
        "Three": ["Move up “Three”"],
    }

    moved = at(author).post(url("section_move", draft.pk, three.pk), {"from": "3", "to": "up"}, follow=True)

    assert named(draft) == [one.heading, "Three", "Two"]
    assert moved.redirect_chain == [(f"{url('draft', draft.pk)}#section-{three.pk}", 302)]
    [back] = document_fromstring(moved.content).xpath(f"//*[@id='section-{three.pk}']")
    assert (back.tag, back.text) == ("a", "Three"), "an element that takes the focus"
    assert "“Three” is now 2 of 3." in text(moved)
    assert [row.history.latest().history_user for row in (two, three)] == [author, author]
    assert one.history.count() == 1
    at(author).post(url("section_move", draft.pk, one.pk), {"from": "1", "to": "down"})
    assert named(draft) == ["Three", one.heading, "Two"]


def test_sections_of_one_position_move_too(at, author):
    draft = article(author)
    for heading in ("Two", "Three"):
        save(Section(article=draft, heading=heading, body="<p>Words.</p>", position=1), author)
    first, *_, last = draft.sections.all()

    at(author).post(url("section_move", draft.pk, last.pk), {"from": "3", "to": "up"})

    assert named(draft) == [first.heading, "Three", "Two"]


@pytest.mark.parametrize(
    "sent", [{"from": "1", "to": "up"}, {"from": "2", "to": "down"}, {"from": "1"}, {}, {"to": "x"}]
)
def test_what_cannot_move_or_has_moved_meanwhile_stays(at, author, sent):
    draft = article(author)
    save(Section(article=draft, heading="Two", body="<p>Words.</p>", position=2), author)
    before, first = evidence(), draft.sections.first()

    answer = at(author).post(url("section_move", draft.pk, first.pk), sent, follow=True)

    assert evidence() == before
    assert ("The order had changed since you opened the page" in text(answer)) == (sent.get("from") != "1")


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
    assert "The draft already has this section" in text(again)
    assert [*draft.sections.values_list("heading", flat=True)] == ["What they do", "How", "Why"]


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


def test_a_wording_that_is_shown_to_nobody_can_only_go(at, author):
    """An import of an earlier release could leave one."""
    draft = article(author)
    section = draft.sections.get()
    save(Wording(section=section, audience=draft.written_for, body="<p>Give 5 mg.</p>"), author)
    page = url("wording", draft.pk, section.pk, "public")

    assert f'<a href="{page}">public</a> (not shown)' in text(at(author).get(url("draft", draft.pk)))
    form = form_of(at(author).get(page))
    refused = at(author).post(page, {**form, "body": "Give 6 mg."})
    assert refused.status_code == 422
    assert "this wording is never shown" in text(refused)
    assert at(author).post(page, {**form, "body": ""}).status_code == 302
    assert not section.wordings.exists()


def test_a_section_is_removed_with_its_wordings_and_history_keeps_both(at, author):
    draft = article(author)
    section = draft.sections.get()
    at(author).post(url("wording", draft.pk, section.pk, "carer"), {"body": "For carers."})

    at(author).post(url("section_remove", draft.pk, section.pk))

    assert not draft.sections.exists()
    assert Section.history.filter(id=section.pk, history_type="-").get().history_user == author


def test_scripts_typed_into_a_section_are_refused_and_not_stored(at, author):
    draft = article(author)
    before = evidence()

    answer = at(author).post(
        url("section_create", draft.pk),
        {"role": "body", "heading": "Why", "body": "<p onclick=x>a<script>alert(1)</script></p>", "position": 2},
    )

    assert answer.status_code == 422
    assert "has no place in a text and would be left out" in text(answer)
    assert evidence() == before


def test_a_file_becomes_a_draft(at, author):
    topic()
    file = SimpleUploadedFile("nodes.md", SAMPLE.encode())

    answer = at(author).post(url("draft_import"), {"file": file}, follow=True)

    assert "The draft of “Swollen nodes” is stored." in text(answer)
    assert Article.objects.get().imported_by == author


def test_a_second_import_updates_only_when_asked(at, author):
    topic()
    at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode())})

    again = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode())})
    updated = at(author).post(
        url("draft_import"), {"file": SimpleUploadedFile("nodes.md", SAMPLE.encode()), "update": "on"}, follow=True
    )

    assert (again.status_code, updated.status_code) == (422, 200)
    assert "already exists" in text(again)
    assert "The file contains nothing new. The draft of “Swollen nodes” is unchanged." in text(updated)


def test_a_word_file_becomes_a_draft_and_the_page_says_what_was_kept(at, author):
    data = docx(paragraph("Give 5 mg."), table(["Drug", "Dose"], ["A", "5 mg"], header=True), title="Swollen nodes")

    page = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.docx", data)}, follow=True)

    assert "Kept, and compared sign by sign: 1 paragraph, 1 table, 4 cells." in text(page)
    assert Article.objects.get().title == "Swollen nodes"


def test_a_page_becomes_a_draft_and_what_was_left_out_is_said(at, author):
    data = b"<!doctype html><nav>Home</nav><main><h1>Swollen nodes</h1><p>Give 5 mg.</p></main>"

    page = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.html", data)}, follow=True)

    assert "Kept, and compared sign by sign: 1 paragraph." in text(page)
    assert "Left out, as it stands outside &lt;main&gt;: “Home”." in text(page)
    assert Article.objects.get().sections.get().body == "<p>Give 5 mg.</p>"


def test_a_word_file_that_would_change_is_refused_with_the_place_and_stores_nothing(at, author):
    struck = cell(paragraph(run("50 mg", "<w:strike/>")))
    data = docx(table(["Drug", "Dose"], ["A", struck], header=True))
    before = evidence()

    page = at(author).post(url("draft_import"), {"file": SimpleUploadedFile("nodes.docx", data)})

    assert page.status_code == 422
    assert "Struck out text would be shown: “50 mg” in table 1, row 2, column 2. Delete it." in text(page)
    assert evidence() == before


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


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (20, None),
        (21, "The first 20 remarks are shown. There is 1 more."),
        (23, "The first 20 remarks are shown. There are 3 more."),
    ],
)
def test_of_many_remarks_on_a_file_the_first_twenty_are_shown_and_the_rest_counted(at, author, number, said):
    topic()
    lines = "\n\n".join(f"Line {each} has a](b) in it." for each in range(number))
    file = SimpleUploadedFile("nodes.md", f"{SAMPLE}\n{lines}\n".encode())

    page = text(at(author).post(url("draft_import"), {"file": file}, follow=True))

    assert page.count("is in the text; a link is") == 20
    assert (said in page) if said else ("The first 20 remarks" not in page)


@pytest.mark.parametrize("other", ["", "editor", "illustrator", "translator"])
def test_the_last_author_stays_whoever_else_is_named(at, author, other):
    draft = article(author)
    row = draft.authorships.get()
    if other:
        ines = person("ines", "Ines Other").contributor
        save(Authorship(article=draft, contributor=ines, role=other, position=2), author)

    answer = at(author).post(url("person_remove", draft.pk, row.pk), follow=True)

    assert "An article needs an author" in text(answer)
    assert draft.authorships.filter(pk=row.pk).exists()


def test_an_author_who_takes_themselves_off_is_led_to_what_is_still_theirs(at, author):
    draft = article(author)
    ines = person("ines", "Ines Other", groups=["author"]).contributor
    other = save(Authorship(article=draft, contributor=ines, position=2), author)
    client = at(author)

    own = draft.authorships.get(contributor=author.contributor)
    answer = client.post(url("person_remove", draft.pk, own.pk), follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain == [(url("desk"), 302)]
    assert "Ada Author is no longer named as author." in text(answer)
    assert list(draft.authorships.all()) == [other]


def test_the_same_person_is_not_named_twice_in_one_part(at, author):
    draft = article(author)

    answer = at(author).post(
        url("people", draft.pk), {"contributor": author.contributor.pk, "role": "author", "position": 2}
    )

    assert answer.status_code == 422
    assert "This person already has this role." in text(answer)


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
    assert "This is a draft. Only its authors and editors can see it." in page
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
    assert "Only an editor can lower the risk" in text(refused)
    assert at(editor).post(url("draft", draft.pk), lowered).status_code == 302

    draft.refresh_from_db()
    assert draft.risk == "standard"


def test_a_text_put_into_the_database_past_its_door_is_cleaned_where_it_is_shown(at, author):
    draft = article(author)
    section = draft.sections.get()
    Section.objects.filter(pk=section.pk).update(body="<p>Words<script>alert(1)</script></p>")

    page = text(at(author).get(url("wording", draft.pk, section.pk, "carer")))

    assert "Words" in page
    assert "alert(1)" not in page


@pytest.mark.parametrize("role", ["editor", "illustrator", "translator"])
def test_who_has_another_part_than_an_authors_sees_the_article_and_writes_nothing(at, author, role):
    """Though they are an author, with that role, of other articles."""
    draft = article(author, slug="swollen-nodes")
    other = person("ines", "Ines Other", groups=["author"])
    save(Authorship(article=draft, contributor=other.contributor, role=role), author)
    cited, section = cite(draft, by=author), draft.sections.get()
    before, client = evidence(), at(other)

    seen = client.get(url("desk_article", draft.pk))
    answers = {
        name: client.post(url(name, draft.pk, *rest), {"change": "major", "note": "Mine."}).status_code
        for name, *rest in [
            ("draft",), ("section_create",), ("people",), ("references",), ("section", section.pk),
            ("section_remove", section.pk), ("wording", section.pk, "carer"), ("reference_remove", cited.pk),
            ("section_move", section.pk), ("reference", cited.pk), ("submit",),
            ("person_remove", draft.authorships.first().pk),
        ]
    }  # fmt: skip
    file = SimpleUploadedFile("a.md", SAMPLE.encode())
    imported = client.post(url("draft_import"), {"file": file, "update": "on"})

    assert seen.status_code == 200
    assert "Edit draft" not in text(seen)
    assert "Submit draft" not in text(seen)
    assert draft.title not in text(client.get(url("desk")))
    assert answers.pop("submit") == 403
    assert set(answers.values()) == {404}
    assert client.get(url("draft_preview", draft.pk, "public")).status_code == 404
    assert "Another article has this address" in text(imported)
    assert evidence() == before
