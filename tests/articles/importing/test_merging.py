"""An update never undoes what was changed at the desk since: it is kept, or the file is refused with both texts."""

import datetime
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.files.drafts.merging import FIELDS, ChangedAtTheDesk
from articles.files.drafts.store import NotImported, Report, _Draft
from articles.files.markdown.parsing import parse
from articles.models import Article, ArticleTopic, Audience, LastImport, Section, Wording
from tests import factories
from tests.articles.importing.drafts import TEXT, everything, stored

pytestmark = pytest.mark.django_db

DOSE = TEXT.replace("Many.", "Give 5 mg twice a day.")


@pytest.fixture
def draft(author):
    return stored(author, DOSE)[0]


def mend(row, editor, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    factories.save(row, editor)


def remove(row, editor):
    row._history_user = editor
    row.delete()


def mend_dose(draft, editor):
    mend(draft.sections.get(heading="Causes"), editor, body="<p>Give 0.5 mg twice a day.</p>")


def refused(author, text) -> list[str]:
    before = everything()

    with pytest.raises(ChangedAtTheDesk) as caught:
        stored(author, text, update=True)

    assert everything() == before
    return caught.value.sentences


def test_the_authors_old_file_leaves_the_editors_dose(author, editor, draft):
    mend_dose(draft, editor)

    _, report = stored(author, DOSE, update=True)

    assert draft.sections.get(heading="Causes").body == "<p>Give 0.5 mg twice a day.</p>"
    assert report.warnings == ["The section “Causes” was changed at the desk, and stays as the desk has it."]


def test_the_authors_new_file_changes_what_nobody_else_changed(author, editor, draft):
    mend_dose(draft, editor)

    stored(author, DOSE.replace("Few.", "Pain."), update=True)

    assert [section.body for section in draft.sections.all()][1:] == [
        "<p>Give 0.5 mg twice a day.</p>",
        "<p>Pain.</p>",
    ]


def test_a_section_that_both_changed_is_refused_and_both_texts_are_shown(author, editor, draft):
    mend_dose(draft, editor)

    assert refused(author, DOSE.replace("5 mg twice", "5 mg three times")) == [
        "The section “Causes” was changed at the desk as well as in the file. "
        "The draft has “Give 0.5 mg twice a day.”. The file has “Give 5 mg three times a day.”.",
        "Put the draft’s text into the file and import that; then make your change and import again.",
    ]


def test_the_advice_of_the_refusal_works(author, editor, draft):
    mend_dose(draft, editor)
    theirs = DOSE.replace("5 mg twice", "0.5 mg twice")
    mine = theirs.replace("twice a day", "three times a day")
    refused(author, mine)

    stored(author, theirs, update=True)
    stored(author, mine, update=True)

    assert draft.sections.get(heading="Causes").body == "<p>Give 0.5 mg three times a day.</p>"


def test_a_long_text_is_shown_where_it_begins_to_differ(author, editor):
    text = TEXT.replace("Many.", "word " * 200 + "5 mg.")
    draft, _ = stored(author, text)
    mend(draft.sections.get(heading="Causes"), editor, body=f"<p>{'word ' * 200}0.5 mg.</p>")

    said = refused(author, text.replace("5 mg.", "6 mg."))[0]

    assert "word 0.5 mg.”" in said
    assert "word 6 mg.”" in said
    assert len(said) < 400


CHANGES = {
    "title": lambda draft, editor: mend(draft, editor, title="Cancer of the bowel"),
    "kind": lambda draft, editor: mend(draft, editor, kind="question"),
    "note": lambda draft, editor: mend(draft, editor, ai_note="Noted."),
    "risk": lambda draft, editor: mend(draft, editor, risk="high"),
    "search": lambda draft, editor: mend(draft, editor, evidence_current_to=datetime.date(2026, 3, 31)),
    "heading of a wording": lambda draft, editor: mend(Wording.objects.get(), editor, heading="For doctors"),
    "audience": lambda draft, editor: mend(draft, editor, written_for=Audience.objects.get(key="carer")),
    "heading": lambda draft, editor: mend(draft.sections.get(heading="Causes"), editor, heading="Cause"),
    "role": lambda draft, editor: mend(draft.sections.get(heading="Causes"), editor, role="urgent"),
    "body": mend_dose,
    "wording": lambda draft, editor: mend(Wording.objects.get(), editor, body="<p>Longer.</p>"),
    "new section": lambda draft, editor: factories.save(
        Section(article=draft, heading="New", body="<p>New.</p>", position=9), editor
    ),
    "new wording": lambda draft, editor: factories.save(
        Wording(section=draft.sections.last(), audience=Audience.objects.get(key="carer"), body="<p>New.</p>"), editor
    ),
    "section removed": lambda draft, editor: remove(draft.sections.get(heading="Symptoms"), editor),
    "wording removed": lambda draft, editor: remove(Wording.objects.get(), editor),
    "order": lambda draft, editor: mend(draft.sections.get(heading="Symptoms"), editor, position=1),
    "topic removed": lambda draft, editor: remove(draft.article_topics.get(topic__name="Surgery"), editor),
    "topic": lambda draft, editor: factories.save(
        ArticleTopic(article=draft, topic=factories.topic("Chest")), editor
    ),
    "reference": lambda draft, editor: factories.cite(draft, "lee2021", by=editor),
    "reference mended": lambda draft, editor: mend(
        draft.article_references.get(key="report").reference, editor, csl={"title": "The report", "type": "report"}
    ),
}  # fmt: skip


def shape(article) -> list:
    article = Article.objects.get(pk=article.pk)
    return [
        article.title, article.kind, article.risk, f"{article.ai_note}{article.evidence_current_to or ''}",
        article.written_for.key,
        [(one.role, one.heading, one.body, sorted(one.wordings.values_list("audience__key", "heading", "body")))
         for one in article.sections.all()],
        sorted(topic.name for topic in article.topics.all()),
        [(row.key, row.reference.csl) for row in article.article_references.all()],
    ]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_was_changed_at_the_desk_stays_when_the_old_file_comes_again(author, editor, draft, change):
    before = shape(draft)
    CHANGES[change](draft, editor)
    changed = shape(draft)

    _, report = stored(author, DOSE, update=True)

    assert changed != before
    assert shape(draft) == changed
    assert report.warnings or change in ("order", "heading of a wording", "search")


def test_the_order_that_both_changed_is_refused(author, editor):
    order = "## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n"
    text = TEXT[: TEXT.index("## Causes")] + order
    draft, _ = stored(author, text)
    mend(draft.sections.get(heading="C"), editor, position=1)

    said = refused(author, text.replace("## A\n\na\n\n## B\n\nb", "## B\n\nb\n\n## A\n\na"))

    assert said[0] == "The order of the sections was changed at the desk and in the file."


WORDED = DOSE.replace("Few.", "Few.\n\n::: professional\nIleus.\n:::")
NEW_NAME = WORDED.replace("## Symptoms", "## In short {summary}")


@pytest.fixture
def headed(author, editor):
    """A draft whose wording got a heading at the desk."""
    draft, _ = stored(author, WORDED)
    mend(draft.sections.last().wordings.get(), editor, heading="For doctors")
    return draft


def test_a_section_that_the_file_calls_otherwise_stays_itself_with_all_that_the_desk_gave_it(author, editor, headed):
    before = headed.sections.last()
    mend(before, editor, body="<p>Few, and late.</p>")

    _, report = stored(author, NEW_NAME, update=True)

    now = headed.sections.last()
    assert (now.key, now.role, now.heading, now.body) == (before.key, "summary", "In short", "<p>Few, and late.</p>")
    assert [(one.heading, one.body) for one in now.wordings.all()] == [("For doctors", "<p>Ileus.</p>")]
    assert report.warnings == ["The section “In short” was changed at the desk, and stays as the desk has it."]
    stored(author, NEW_NAME.replace("Many.", "Most."), update=True)
    assert headed.sections.last().wordings.get().heading == "For doctors"


@pytest.mark.parametrize(
    "text",
    [
        NEW_NAME.replace("Few.", "Pain."),
        WORDED[: WORDED.index("## Symptoms")],
        WORDED.replace("\n::: professional\nIleus.\n:::", ""),
    ],
)
def test_a_heading_that_the_desk_gave_to_a_wording_does_not_go_with_it(author, headed, text):
    assert refused(author, text)[0] == (
        "The wording for professional in the section “Symptoms” is no longer in the file, but at the desk it has "
        "a heading of its own: “For doctors”. Delete that heading at the desk, then import the file again. If you "
        "renamed the section and also changed its text, import the file twice instead: first with only the new name, "
        "then with the new text."
    )


def test_a_new_name_comes_before_a_new_text(author, headed):
    stored(author, NEW_NAME, update=True)

    stored(author, NEW_NAME.replace("Few.", "Pain."), update=True)

    assert (headed.sections.last().body, headed.sections.last().wordings.get().heading) == (
        "<p>Pain.</p>",
        "For doctors",
    )


def test_a_wording_of_the_desk_does_not_go_with_its_section(author, editor, draft):
    carer = Audience.objects.get(key="carer")
    factories.save(Wording(section=draft.sections.last(), audience=carer, body="<p>Look out.</p>"), editor)

    assert refused(author, DOSE[: DOSE.index("## Symptoms")])[0] == (
        "The wording for carer in the section “Symptoms” was changed at the desk as well as in the file. "
        "The draft has “Look out.”. The file has nothing."
    )


def test_of_two_sections_of_one_text_none_is_taken_for_the_other(author):
    text = DOSE.replace("Few.", "Give 5 mg twice a day.")
    draft, _ = stored(author, text)

    stored(author, text.replace("## Causes", "## A").replace("## Symptoms", "## B"), update=True)

    assert [(one.heading, one.body) for one in draft.sections.all()][1:] == [
        ("A", "<p>Give 5 mg twice a day.</p>"),
        ("B", "<p>Give 5 mg twice a day.</p>"),
    ]


def test_a_risk_that_an_editor_lowered_stays_low(author, editor):
    text = DOSE.replace("kind: topic", "kind: topic\nrisk: high")
    draft, _ = stored(author, text)
    mend(draft, editor, risk="standard")

    _, report = stored(author, text, update=True)

    assert Article.objects.get().risk == "standard"
    assert report.warnings == ["The risk was changed at the desk, and stays as the desk has it."]


def test_every_field_that_an_update_writes_is_merged(author, draft):
    written = _Draft(parse(DOSE.encode()), author, Report())._fields(draft)

    assert {*written, "ai_use", "ai_note"} == set(FIELDS)


def test_a_file_is_not_written_for_readers_for_whom_the_desk_has_a_wording(author, editor, draft):
    carer = Audience.objects.get(key="carer")
    row = draft.sections.get(heading="Causes")
    mine = factories.save(Wording(section=row, audience=carer, body="<p>Give 5 mg IV.</p>"), editor)
    text = DOSE.replace("kind: topic", "kind: topic\naudience: carer")
    before = everything()

    with pytest.raises(NotImported) as refusal:
        stored(author, text, update=True)

    assert everything() == before
    assert str(refusal.value) == (
        f"The main text would be written for “{carer.label}”, so the wording for these readers in “Causes” would never "
        "be shown. Move its words into the section’s text. Then delete the wording’s text at the desk and save."
    )
    remove(mine, editor)
    stored(author, text, update=True)
    assert Article.objects.get().written_for == carer


def test_a_wording_of_the_file_is_refused_for_the_readers_whom_the_desk_has_chosen(author, editor, draft):
    mend(draft, editor, written_for=Audience.objects.get(key="carer"))

    with pytest.raises(NotImported, match="the wording for these readers in the lead would never be shown"):
        stored(author, DOSE.replace(":::\n\n##", ":::\n\n::: carer\nIt takes time.\n:::\n\n##", 1), update=True)


def test_a_draft_without_a_remembered_file_is_replaced_if_it_is_the_authors_own_alone(author, editor, draft):
    """As in a database of an earlier release."""
    LastImport.objects.all().delete()
    stored(author, DOSE.replace("5 mg", "6 mg"), update=True)
    assert draft.sections.get(heading="Causes").body == "<p>Give 6 mg twice a day.</p>"

    LastImport.objects.all().delete()
    mend_dose(draft, editor)

    assert "The draft has “Give 0.5 mg twice a day.”." in refused(author, DOSE)[0]


@pytest.mark.parametrize("change", [change for change in CHANGES if "removed" not in change])
def test_without_a_remembered_file_nothing_that_somebody_else_wrote_goes(author, editor, draft, change):
    """The file may bring back what they removed: nobody knows whether it is newer."""
    LastImport.objects.all().delete()
    CHANGES[change](draft, editor)
    changed = shape(draft)

    with suppress(ChangedAtTheDesk):
        stored(author, DOSE, update=True)

    *fields, sections, topics, references = shape(draft)
    assert fields == changed[:5]
    for before, after in zip(changed[5:], (sections, topics, references), strict=True):
        assert [one for one in before if one not in after] == []


def test_at_the_desk_the_refusal_shows_both_texts(client, author, editor, draft):
    mend_dose(draft, editor)
    client.force_login(author)
    file = SimpleUploadedFile("a.md", DOSE.replace("twice", "thrice").encode())

    answer = client.post("/desk/articles/import/", {"file": file, "update": "on"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Give 0.5 mg twice a day.”" in page
    assert "“Give 5 mg thrice a day.”" in page
