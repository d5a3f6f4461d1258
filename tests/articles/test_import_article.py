"""`import_article` makes a draft, replaces one, or refuses and leaves nothing behind."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.importing import references, source
from articles.importing.markdown import parse
from articles.importing.store import AlreadyThere, NotImported, Report, slug_of, store
from articles.models import Article, ArticleReference, Audience, Contributor, Reference, Section, Topic, Wording
from articles.models.reference import CITATION_KEY, normal_doi
from articles.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = """---
title: Bowel cancer
kind: topic
topics: [Oncology, Surgery]
ai_use: none
references:
  - {id: trial, title: A trial, DOI: 10.1000/Trial}
  - {id: report, title: A report, volume: 12.5}
---
It grows slowly [@trial].

::: professional
Doubling time is long [@report].
:::

## Causes

Many.

## Symptoms

Few.
"""


@pytest.fixture
def stranger(db):
    return factories.person("stranger", "Stan Stranger", groups=["author"])


def stored(author, text=TEXT, *, update=False) -> tuple[Article, Report]:
    report = Report()
    return store(parse(text.encode()), author=author, update=update, report=report), report


def everything() -> dict[str, list]:
    """Return all rows of all content tables, histories included."""
    return {
        model._meta.db_table: list(model.objects.order_by("pk").values_list())
        for model in apps.get_app_config("articles").get_models()
    }


def history_users(*models) -> set:
    return {row.history_user_id for model in models for row in model.history.all()}


def command(tmp_path, text=TEXT, author="author", **options) -> str:
    file = tmp_path / "article.md"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("import_article", str(file), author=author, stdout=out, **options)
    return out.getvalue()


def test_an_import_makes_a_draft_of_its_author(author):
    article, report = stored(author)

    assert (article.slug, article.title, article.kind, article.ai_use) == (
        "bowel-cancer",
        "Bowel cancer",
        "topic",
        "none",
    )
    assert (article.written_for.key, article.created_by, article.imported_by) == ("public", author, author)
    assert [topic.name for topic in article.topics.all()] == ["Oncology", "Surgery"]
    assert article.has_author(author)
    assert [(section.role, section.heading) for section in article.sections.all()] == [
        ("lead", ""),
        ("body", "Causes"),
        ("body", "Symptoms"),
    ]
    assert len(set(article.sections.values_list("key", flat=True))) == 3
    wording = Wording.objects.get(section__article=article)
    assert (wording.audience.key, wording.body[:24]) == ("professional", "<p>Doubling time is long")
    assert article.latest_version is None
    assert (report.created, report.references_new, report.topics_created) == (True, 2, ["Oncology", "Surgery"])


def test_a_reference_is_stored_without_floats_and_with_its_identifiers(author):
    article, _ = stored(author)

    trial, work = (row.reference for row in article.article_references.order_by("-key"))
    assert (trial.doi, trial.csl["DOI"], work.doi) == ("10.1000/trial", "10.1000/trial", "")
    assert work.csl == {"title": "A report", "volume": "12.5", "type": "document"}


def test_every_history_row_names_who_imported(author):
    article, _ = stored(author)
    stored(author, TEXT.replace("Many.", "Some.").replace("## Symptoms\n\nFew.", "## Signs\n\nFew."), update=True)

    tracked = [Article, Section, Wording, Reference, ArticleReference, Topic]
    tracked += [type(article.article_topics.get(topic__name="Surgery")), type(article.authorships.get())]
    assert history_users(*tracked) == {author.pk}
    assert not hasattr(article, "_history_user")


def test_an_author_without_public_name_gets_one_from_the_account(author):
    newcomer = author._meta.model.objects.create_user("new", first_name="Nina", last_name="Newcomer")
    newcomer.groups.add(Group.objects.get(name=Role.AUTHOR))

    article, _ = stored(newcomer)

    assert str(article.authorships.get().contributor) == "Nina Newcomer"
    assert Contributor.history.get(name="Nina Newcomer").history_user == newcomer


def test_an_account_without_any_name_is_refused(author):
    nameless = author._meta.model.objects.create_user("new")
    nameless.groups.add(Group.objects.get(name=Role.AUTHOR))
    before = everything()

    with pytest.raises(NotImported, match="has no full name"):
        stored(nameless)

    assert everything() == before


def test_topics_are_found_whatever_their_capitals_and_get_an_address_of_their_own(author):
    Topic.objects.create(name="oncology", slug="oncology")
    Topic.objects.create(name="C", slug="c")

    article, report = stored(author, TEXT.replace("Surgery", "C++, 腫瘍"))

    assert report.topics_created == ["C++", "腫瘍"]
    assert sorted(article.topics.values_list("name", "slug")) == [
        ("C++", "c-2"),
        ("oncology", "oncology"),
        ("腫瘍", "topic"),
    ]


def test_a_second_run_is_refused_unless_it_may_replace_the_draft(author):
    stored(author)
    before = everything()

    with pytest.raises(AlreadyThere) as caught:
        stored(author)

    assert str(caught.value) == "The article “Bowel cancer” exists already; use --update to replace its draft."
    assert everything() == before


def test_an_update_without_a_difference_saves_nothing(author):
    stored(author)
    before = everything()

    _, report = stored(author, update=True)

    assert (report.changes, report.references_matched, report.references_kept) == (0, 1, 1)
    assert everything() == before


def test_an_update_saves_only_what_differs(author):
    article, _ = stored(author)
    histories = {section.heading: section.history.count() for section in article.sections.all()}

    _, report = stored(author, TEXT.replace("Many.", "Some."), update=True)

    assert report.changes == 1
    assert article.sections.get(heading="Causes").body == "<p>Some.</p>"
    assert {section.heading: section.history.count() for section in article.sections.all()} == {
        **histories,
        "Causes": 2,
    }


def test_an_update_keeps_the_keys_of_sections_that_stay(author):
    article, _ = stored(author)
    keys = dict(article.sections.values_list("heading", "key"))

    changed = TEXT.replace("## Causes\n\nMany.\n\n", "").replace(
        "Few.", "Few.\n\n## Care\n\nRest.\n\n## Causes {summary}\n\nX."
    )
    stored(author, changed, update=True)

    now = {(section.role, section.heading): section for section in article.sections.all()}
    assert list(now) == [("lead", ""), ("body", "Symptoms"), ("body", "Care"), ("summary", "Causes")]
    assert now["lead", ""].key == keys[""]
    assert now["body", "Symptoms"].key == keys["Symptoms"]
    assert now["summary", "Causes"].key not in keys.values()
    assert [section.position for section in now.values()] == [1, 2, 3, 4]


def test_sections_of_one_heading_keep_their_keys_in_order(author):
    text = TEXT.replace("Symptoms", "Causes")
    article, _ = stored(author, text)
    keys = list(article.sections.values_list("key", flat=True))

    stored(author, text.replace("Few.", "None."), update=True)

    assert list(article.sections.values_list("key", flat=True)) == keys
    assert [section.body for section in article.sections.all()][1:] == ["<p>Many.</p>", "<p>None.</p>"]


def test_an_update_makes_the_file_the_draft(author):
    article, _ = stored(author)
    changed = (
        TEXT.replace("title: Bowel cancer", "title: Cancer of the bowel\nslug: bowel-cancer\naudience: carer")
        .replace("[Oncology, Surgery]", "[Surgery]")
        .replace("  - {id: report, title: A report, volume: 12.5}\n", "")
        .replace(" [@report]", "")
    )

    stored(author, changed, update=True)

    article.refresh_from_db()
    assert (article.title, article.slug, article.written_for.key) == ("Cancer of the bowel", "bowel-cancer", "carer")
    assert [topic.name for topic in article.topics.all()] == ["Surgery"]
    assert [row.key for row in article.article_references.all()] == ["trial"]
    assert Reference.objects.count() == 2
    assert Wording.objects.get().body == "<p>Doubling time is long.</p>"


def test_wordings_that_the_file_leaves_out_go(author):
    article, _ = stored(author)
    head, _, rest = TEXT.partition("::: professional")

    stored(author, head + rest.partition(":::\n")[2], update=True)

    assert article.sections.first().wordings.count() == 0
    assert Wording.history.filter(history_type="-").get().history_user == author


def test_an_update_neither_lowers_the_risk_nor_takes_back_what_was_declared(author):
    high = TEXT.replace("ai_use: none", "ai_use: assisted\nai_note: For drafts.\nrisk: high")
    article, _ = stored(author, high)

    _, report = stored(author, TEXT.replace("ai_use: none\n", ""), update=True)

    article.refresh_from_db()
    assert (article.risk, article.ai_use, article.ai_note) == ("high", "assisted", "For drafts.")
    assert report.warnings == ["The risk of the article stays high; the file cannot lower it."]


def test_a_stranger_cannot_replace_a_draft(author, stranger):
    stored(author)
    before = everything()

    with pytest.raises(NotImported, match="Only its authors can replace the draft of “Bowel cancer”"):
        stored(stranger, TEXT.replace("Many.", "None."), update=True)

    assert everything() == before


def test_a_co_author_can_replace_a_draft_and_is_named_in_its_history(author, stranger):
    article, _ = stored(author)
    article.authorships.create(contributor=stranger.contributor, position=1)

    stored(stranger, TEXT.replace("Many.", "None."), update=True)

    assert article.sections.get(heading="Causes").history.first().history_user == stranger
    article.refresh_from_db()
    assert (article.created_by, article.imported_by) == (author, author)


@pytest.mark.parametrize("identifier", ["DOI: 10.1000/SHARED", "PMID: 123", "DOI: 10.1000/shared, PMID: 123"])
def test_a_work_of_the_library_is_found_by_doi_or_pmid(author, identifier):
    work = Reference.objects.create(csl={"title": "As in the library"}, doi="10.1000/shared", pmid="123")

    article, report = stored(author, TEXT.replace("DOI: 10.1000/Trial", identifier))

    assert article.article_references.get(key="trial").reference == work
    work.refresh_from_db()
    assert work.csl == {"title": "As in the library"}
    assert (report.references_matched, report.references_new) == (1, 1)
    assert report.warnings == ["Line 7: The library has other details of the reference “trial”; they stand."]


def test_a_work_is_never_found_by_its_title(author):
    Reference.objects.create(csl={"title": "A report"})

    _, report = stored(author)

    assert (report.references_matched, report.references_new) == (0, 2)


@pytest.mark.parametrize(
    ("library", "fields", "words"),
    [
        ([("10.1000/a", "1"), ("10.1000/b", "2")], "DOI: 10.1000/a, PMID: 2", "belong to two works"),
        ([("10.1000/a", "1")], "DOI: 10.1000/a, PMID: 2", "with another PMID, 1"),
        ([("10.1000/a", "1")], "DOI: 10.1000/b, PMID: 1", "with another DOI, 10.1000/a"),
    ],
)
def test_identifiers_that_contradict_the_library_are_refused(author, library, fields, words):
    for doi, pmid in library:
        Reference.objects.create(csl={"title": doi}, doi=doi, pmid=pmid)
    before = everything()

    with pytest.raises(NotImported, match=words):
        stored(author, TEXT.replace("DOI: 10.1000/Trial", fields))

    assert everything() == before


def test_two_keys_for_one_work_of_the_library_are_refused(author):
    Reference.objects.create(csl={"title": "Both"}, doi="10.1000/trial", pmid="5")
    before = everything()

    with pytest.raises(NotImported, match="“trial” and “report” are the same work"):
        stored(author, TEXT.replace("volume: 12.5", "PMID: 5"))

    assert everything() == before


def test_a_reference_whose_details_change_becomes_a_new_work(author):
    article, _ = stored(author)
    work = article.article_references.get(key="report").reference

    _, report = stored(author, TEXT.replace("12.5", "12.6"), update=True)

    assert report.references_new == 1
    assert article.article_references.get(key="report").reference.csl["volume"] == "12.6"
    work.refresh_from_db()
    assert work.csl["volume"] == "12.5"


def test_an_audience_that_is_not_known_here_is_refused(author):
    Audience.objects.get(key="professional").delete()
    before = everything()

    with pytest.raises(NotImported, match="audience “professional” is not known here"):
        stored(author)

    assert everything() == before


def test_a_former_address_of_another_article_is_refused(author):
    article, _ = stored(author)
    article.slug = "cancer-of-the-bowel"
    article.save()
    before = everything()

    with pytest.raises(NotImported, match="still leads readers to another article"):
        stored(author)

    assert everything() == before


def test_a_title_without_latin_letters_needs_a_slug(author):
    before = everything()

    with pytest.raises(NotImported, match="give a slug"):
        stored(author, TEXT.replace("title: Bowel cancer", "title: 大腸癌"))

    assert everything() == before


def test_an_address_ends_at_a_word():
    assert slug_of("Bowel " * 20) == "-".join(["bowel"] * 13)
    assert slug_of("a" * 100) == "a" * 80
    assert slug_of("a" * 80 + " b") == "a" * 80


def test_the_rules_of_the_parser_are_those_of_the_library():
    assert references.KEY.pattern == CITATION_KEY.regex.pattern.removeprefix(r"\A").removesuffix(r"\Z")
    for doi in ("10.1000/A", "doi: 10.1000/A", "https://dx.doi.org/10.1000/A"):
        assert references.normal_doi(doi) == normal_doi(doi) == "10.1000/a"


def test_the_command_says_what_it_made(author, tmp_path):
    said = command(tmp_path, TEXT.replace(" [@report]", "")).splitlines()

    assert said == [
        "The draft of “Bowel cancer” is made (bowel-cancer): 3 sections, 2 references "
        "(2 new, 0 matched in the library).",
        "Topics created: Oncology, Surgery.",
        "Line 8: The reference “report” is never cited.",
    ]


def test_the_command_says_what_it_replaced_or_that_nothing_differs(author, tmp_path):
    command(tmp_path)

    assert command(tmp_path, update=True) == "Nothing differs: the draft of “Bowel cancer” stays as it is.\n"
    assert command(tmp_path, TEXT.replace("Many.", "Some."), update=True) == (
        "The draft of “Bowel cancer” is replaced (bowel-cancer): 3 sections, 2 references "
        "(0 new, 1 matched in the library, 1 kept).\n"
    )


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (TEXT.replace("kind: topic", "kind: essay"), {}, "Line 3: The kind “essay” is not known; it is one of topic, "),
        (TEXT.replace("[@trial]", "[@none]"), {}, "Line 10: The citation [@none] has no reference with the id “none”."),
        (TEXT.replace("::: professional", "::: nurse"), {}, "Line 12: The audience “nurse” is not known; write one of"),
        (TEXT.encode() + b"\xff", {}, "Line 23: The byte 0xFF is not UTF-8"),
        (b"x" * (source.MOST_BYTES + 1), {}, "Line 1: The file is larger than 5 MB."),
        (TEXT, {"author": "nobody"}, "There is no account “nobody”."),
        (TEXT, {"author": "gone"}, "The account “gone” is not active."),
        (TEXT, {"author": "editor"}, "The account “editor” does not have the role of author."),
    ],
)
def test_a_refusal_of_the_command_is_one_sentence_and_stores_nothing(author, editor, tmp_path, text, options, sentence):
    factories.person("gone", groups=["author"], active=False)
    before = everything()

    with pytest.raises(CommandError) as caught:
        command(tmp_path, text, **options)

    assert str(caught.value).startswith(sentence)
    assert caught.value.returncode == 1
    assert everything() == before


def test_a_refusal_in_the_middle_of_storing_leaves_nothing(author, monkeypatch, tmp_path):
    before = everything()
    monkeypatch.setattr(Wording, "full_clean", lambda row, **kwargs: Topic(name="").full_clean())

    with pytest.raises(CommandError, match="The wording “Lead for professional” cannot be stored"):
        command(tmp_path)

    assert everything() == before


def test_a_work_that_somebody_else_adds_at_the_same_moment_is_a_refusal(author, monkeypatch, tmp_path):
    Reference.objects.create(csl={"title": "A trial"}, doi="10.1000/trial")
    before = everything()
    monkeypatch.setattr("articles.importing.library.work_of", lambda reference: None)

    with pytest.raises(CommandError, match="just now; run the import again"):
        command(tmp_path)

    assert everything() == before


@pytest.mark.parametrize(
    ("name", "words"), [("none.md", "There is no file"), (".", "is a directory"), ("a\0b", "be read")]
)
def test_a_file_that_cannot_be_read_is_refused(author, tmp_path, name, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_article", str(tmp_path / name), author="author")


def test_a_file_that_may_not_be_read_is_refused(author, tmp_path, monkeypatch):
    def closed(*args):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", closed)

    with pytest.raises(CommandError, match="may not be read"):
        call_command("import_article", str(tmp_path / "a.md"), author="author")


def test_reading_stops_one_byte_over_the_limit(author):
    with pytest.raises(CommandError, match="The file is larger than 5 MB"):
        call_command("import_article", "/dev/zero", author="author")
