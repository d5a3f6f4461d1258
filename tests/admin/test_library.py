"""Topics, audiences, people and works: maintained here, kept where a version depends on them."""

import json

import pytest

from articles.models import Audience, Contributor, Question, RedFlag, Reference, Topic
from tests.admin.registry import OURS
from tests.factories import article, board_member, cite, person, rows, submitted, topic

CSL = {"type": "article-journal", "title": "On lymph"}


def said(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def test_a_topic_is_added_renamed_and_deleted_and_its_history_names_who_did(at_admin, boss):
    at_admin.post("/admin/articles/topic/add/", {"name": "Surgery", "slug": "surgery"})
    added = Topic.objects.get()
    at_admin.post(f"/admin/articles/topic/{added.pk}/change/", {"name": "Surgeries", "slug": "surgery"})
    renamed = Topic.objects.get()

    history = said(at_admin.get(f"/admin/articles/topic/{added.pk}/history/"))
    at_admin.post(f"/admin/articles/topic/{added.pk}/delete/", {"post": "yes"})

    assert renamed.name == "Surgeries"
    assert "Surgery" in history
    assert "boss" in history
    assert not Topic.objects.exists()
    assert [row.history_user for row in Topic.history.filter(id=added.pk)] == [boss] * 3


def test_topics_are_listed_by_whether_they_have_specialists_each_once(at_admin):
    topic("Surgery")
    for name in ("reviewer1", "reviewer2"):
        board_member(name, specialties=["Oncology"])

    found = [
        [row.name for row in at_admin.get(f"/admin/articles/topic/{asked}").context["cl"].result_list]
        for asked in ("?specialists=some", "?specialists=none", "")
    ]

    assert found == [["Oncology"], ["Surgery"], ["Oncology", "Surgery"]]


def test_what_a_text_depends_on_is_not_deleted_and_the_page_says_why(at_admin, author):
    draft = article(author)
    cite(draft, by=author)
    for row in (topic("Oncology"), Reference.objects.get()):
        path = f"/admin/articles/{row._meta.model_name}/{row.pk}/delete/"
        before = rows()

        answer = at_admin.post(path, {"post": "yes"})

        assert answer.status_code == 200
        assert "would require deleting the following protected related objects" in said(answer)
        assert rows() == before


def test_the_key_of_an_audience_is_given_once(at_admin):
    audience = Audience.objects.get(key="carer")

    at_admin.post(f"/admin/articles/audience/{audience.pk}/change/", {"key": "nurse", "label": "nurse", "position": 2})

    audience.refresh_from_db()
    assert (audience.key, audience.label) == ("carer", "nurse")


def test_a_public_person_stays_linked_to_their_account(at_admin, author, editor):
    free = Contributor.objects.create(name="Fiona Free")
    other = person("other")
    other.contributor.delete()

    at_admin.post(f"/admin/articles/contributor/{free.pk}/change/", {"name": "Fiona Free", "user": other.pk})
    for contributor in (author.contributor, free):
        at_admin.post(f"/admin/articles/contributor/{contributor.pk}/change/", {"name": "New Name", "user": ""})
    taken = at_admin.post("/admin/articles/contributor/add/", {"name": "Double", "user": editor.pk})

    assert Contributor.objects.get(pk=free.pk).user == other
    assert Contributor.objects.get(pk=author.contributor.pk).user == author
    assert Contributor.objects.get(pk=author.contributor.pk).name == "New Name"
    assert "Contributor with this User already exists." in said(taken)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "A", "orcid": "0000-0002-1825-0098"}, "its last character is a check digit"),
        ({"name": "A", "bio": "b" * 2_000_000}, "Ensure this value has at most 5000 characters"),
        ({"name": "\u0001"}, "U+0001 CONTROL CHARACTER is at the beginning"),
    ],
)
def test_a_wrong_person_is_told_in_a_sentence(fields, sentence, at_admin):
    before = rows()

    answer = at_admin.post("/admin/articles/contributor/add/", fields)

    assert answer.status_code == 200
    assert sentence in said(answer)
    assert rows() == before


def test_a_work_is_entered_and_shown_as_csl_json(at_admin, boss):
    at_admin.post("/admin/articles/reference/add/", {"csl": json.dumps(CSL), "doi": "https://doi.org/10.1000/ABC"})

    work = Reference.objects.get()
    page = said(at_admin.get(f"/admin/articles/reference/{work.pk}/change/"))
    assert (work.csl, work.doi) == (CSL, "10.1000/abc")
    assert "&quot;title&quot;: &quot;On lymph&quot;" in page
    assert [row.pk for row in at_admin.get("/admin/articles/reference/?q=lymph").context["cl"].result_list] == [work.pk]
    assert work.history.get().history_user == boss


@pytest.mark.parametrize(
    ("csl", "sentence"),
    [
        ("", "This field is required."),
        ("lymph", "Write one work as CSL-JSON"),
        ("[]", "Write one work as CSL-JSON"),
        ('"text"', "Write one work as CSL-JSON"),
        ("[" * 50_000, "Write one work as CSL-JSON"),
        ('{"volume": 1.5}', "This work cannot be stored"),
        ('{"volume": NaN}', "This work cannot be stored"),
        (r'{"title": "\u0000"}', "This work cannot be stored"),
        (r'{"title": "\ud800"}', "This work cannot be stored"),
        ('{"ö": 1}', "This work cannot be stored"),
        ('{"title": "' + "a" * 2_000_000 + '"}', "Ensure this value has at most 100000 characters"),
        ('{"volume": ' + "9" * 5_000 + "}", "Write one work as CSL-JSON"),
    ],
)
def test_what_is_no_work_is_told_in_a_sentence(csl, sentence, at_admin):
    before = rows()

    answer = at_admin.post("/admin/articles/reference/add/", {"csl": csl})

    assert answer.status_code == 200
    assert sentence in said(answer)
    assert rows() == before


def test_a_doi_is_one_work_however_it_is_written(at_admin):
    Reference.objects.create(csl=CSL, doi="10.1000/abc")
    before = rows()

    answer = at_admin.post("/admin/articles/reference/add/", {"csl": json.dumps(CSL), "doi": "doi:10.1000/ABC"})

    assert answer.status_code == 200
    assert "The library already has a work with this DOI." in said(answer)
    assert rows() == before


def test_what_a_reader_sent_is_deleted_one_by_one(at_admin, author):
    version = submitted(author)
    day = version.submitted_at.date()
    question = Question.objects.create(
        version=version, audience="public", text="Why?", asked_at=version.submitted_at, delete_after=day
    )

    at_admin.post(f"/admin/articles/question/{question.pk}/delete/", {"post": "yes"})

    assert not Question.objects.exists()


def test_a_refusal_of_the_database_is_told_in_a_sentence(at_admin, monkeypatch):
    """As when two people save the same at the same moment."""
    page = OURS[Topic]
    monkeypatch.setattr(page, "save_model", lambda request, row, form, change: Topic.objects.create(name="A", slug="a"))
    Topic.objects.create(name="A", slug="a")
    before = rows()

    answer = at_admin.post("/admin/articles/topic/add/", {"name": "B", "slug": "b"})

    assert answer.status_code == 409
    assert "Nothing was saved" in said(answer)
    assert rows() == before


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("topic/add", {"name": "<i>Cancer</i>", "slug": "cancer"}),
        ("contributor/add", {"name": "Ann &amp; Co"}),
        ("contributor/add", {"name": "Ann", "credentials": "**MD**"}),
        ("contributor/add", {"name": "Ann", "bio": "Writes [here](https://example.org/)."}),
        ("audience/1/change", {"label": "<b>carer</b>", "position": 1}),
        ("reference/add", {"csl": '{"title": "A &amp; B"}'}),
        ("reference/add", {"csl": '{"title": "A", "author": [{"family": "<b>Smith</b>"}]}'}),
        ("reference/add", {"csl": '{"title": "H~2~O"}'}),
        ("reference/add", {"csl": '{"title": "A", "publisher": "*P*"}'}),
        ("reference/add", {"csl": '{"title": "A", "custom": {"updated": "*May*"}}'}),
    ],
)
def test_marks_of_html_and_markdown_are_refused_where_they_would_be_seen(address, fields, at_admin):
    audience = Audience.objects.get(key="carer")
    before = rows()

    answer = at_admin.post(f"/admin/articles/{address.replace('1', str(audience.pk))}/", fields)

    assert answer.status_code == 200
    assert "as it is typed" in said(answer)
    assert rows() == before


@pytest.mark.parametrize("use", ["version", "specialist", "draft", "conflict"])
@pytest.mark.parametrize(
    ("name", "is_taken"),
    [("Cardiology", False), ("Urology", False), ("Oncology in adults", False), ("ONCOLOGY", True), ("Onco-logy", True)],
)
def test_a_topic_in_use_becomes_no_other_subject(name, is_taken, use, at_admin, author):
    row = topic("Oncology")
    if use == "version":
        submitted(author, article(author))
    elif use == "draft":
        article(author)
    elif use == "conflict":
        board_member("reviewer9", "Nina Ninth", conflicts=["Oncology"])
    else:
        board_member("reviewer9", "Nina Ninth", specialties=["Oncology"])

    answer = at_admin.post(f"/admin/articles/topic/{row.pk}/change/", {"name": name, "slug": row.slug})

    row.refresh_from_db()
    assert row.name == (name if is_taken else "Oncology")
    assert ("Articles are filed under “Oncology”, or board members" in said(answer)) is not is_taken


def test_a_topic_that_nothing_hangs_on_can_become_another_subject(at_admin):
    row = Topic.objects.create(name="Surgery", slug="surgery")

    at_admin.post(f"/admin/articles/topic/{row.pk}/change/", {"name": "Cardiology", "slug": "cardiology"})

    row.refresh_from_db()
    assert row.name == "Cardiology"


def test_a_work_that_holds_a_mark_already_can_be_marked_as_retracted(at_admin):
    work = Reference.objects.create(csl={"type": "book", "title": "H~2~O"})
    address = f"/admin/articles/reference/{work.pk}/change/"

    at_admin.post(address, {"csl": json.dumps({**work.csl, "status": "retracted"})})
    refused = at_admin.post(address, {"csl": json.dumps({**work.csl, "title": "H~2~O and more"})})

    work.refresh_from_db()
    assert work.csl == {"type": "book", "title": "H~2~O", "status": "retracted"}
    assert "The field “title” would be printed with “~2~” as it is typed; write &lt;sub&gt;…" in said(refused)


def test_a_question_into_which_others_were_merged_is_deleted_and_they_keep_its_state(at_admin, author):
    version = submitted(author)
    fields = {"version": version, "audience": "public", "asked_at": version.submitted_at}
    fields["delete_after"] = version.submitted_at.date()
    first = Question.objects.create(text="Why?", state="declined", reason="No.", **fields)
    second = Question.objects.create(text="Why not?", state="merged", merged_into=first, **fields)

    answer = at_admin.post(f"/admin/articles/question/{first.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    second.refresh_from_db()
    assert (second.state, second.reason, second.merged_into) == ("declined", "No.", None)


def test_a_red_flag_is_edited_with_a_history_that_names_who_did(at_admin):
    flag = RedFlag.objects.first()
    page = f"/admin/articles/redflag/{flag.pk}/change/"
    fields = {
        "name": flag.name,
        "language": "en",
        "phrases": "chest pain",
        "advice": "Call {emergency}.",
        "position": 1,
    }

    refused = at_admin.post(page, {**fields, "advice": "Call 999 now."})
    saved = at_admin.post(page, fields)

    assert "Write {emergency} instead of a telephone number." in said(refused)
    assert saved.status_code == 302
    flag.refresh_from_db()
    assert (flag.phrases, flag.advice) == ("chest pain", "Call {emergency}.")
    assert "boss" in said(at_admin.get(f"/admin/articles/redflag/{flag.pk}/history/"))
