"""The library of references at the desk: found, followed to where it is cited, corrected, and merged."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.desk.references.shared.merging import NotMerged, merge
from articles.models import ArticleReference, Reference, VersionReference
from tests import retractions
from tests.articles.frozen import cite as mark
from tests.desk.pages import text, url
from tests.factories import article, cite, person, submitted

pytestmark = pytest.mark.django_db

TITLE = "A long trial of many nodes"


def work(title=TITLE, year=2019, **fields):
    doi, pmid = fields.pop("doi", ""), fields.pop("pmid", "")
    csl = {"type": "article-journal", "title": title, "issued": {"date-parts": [[year]]}, **fields}
    return Reference.objects.create(csl=csl, doi=doi, pmid=pmid)


@pytest.fixture
def two():
    """Two records of one work."""
    return work(doi="10.1000/one"), work(title="A Long Trial of many <i>nodes</i>", pmid="31452104")


def listed(answer) -> list[str]:
    return [row.printed for row in answer.context["rows"]]


def test_works_are_found_by_words_and_numbers_in_what_is_printed(at, author):
    work(doi="10.1000/one", author=[{"family": "Müller", "given": "Ada"}])
    work("Another paper about lymph", 2020, pmid="31452104")
    client = at(author)

    for words, many in (
        ("", 2),
        ("müller", 1),
        ("many nodes 2019", 1),
        ("31452104", 1),
        ("10.1000/ONE", 1),
        ("family", 0),
    ):
        assert len(listed(client.get(url("library"), {"q": words}))) == many, words


@pytest.mark.parametrize("words", ["\x00", "%", "_" * 300, "‮", "a" * 500])
def test_any_words_are_answered(at, author, words):
    work()

    assert at(author).get(url("library"), {"q": words, "only": words, "after": words}).status_code == 200


def test_the_list_tells_what_is_perhaps_twice_retracted_or_cited_nowhere(at, author, two):
    retracted = work("A paper that was withdrawn", 2021, status="retracted")
    draft = article(author)
    ArticleReference.objects.create(article=draft, key="a", reference=retracted)
    client = at(author)

    assert len(listed(client.get(url("library"), {"only": "twice"}))) == 2
    assert [row[:11] for row in listed(client.get(url("library"), {"only": "retracted"}))] == ["[Retracted]"]
    assert len(listed(client.get(url("library"), {"only": "uncited"}))) == 2
    assert text(client.get(url("library"))).count("Perhaps twice</span>") == 2


def test_the_list_has_pages_and_takes_as_many_statements_for_many_works(at, author):
    client = at(author)
    client.get(url("library"))
    counts = []
    for many in (2, 60):
        for number in range(many):
            work(f"A paper about nodes number {number} of {many}", pmid=str(1_000 * many + number))
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url("library"))
        counts.append(len(captured))

    rest = client.get(url("library"), {"after": answer.context["more"]})
    assert len(listed(answer)) == 50
    assert len(listed(rest)) == 12
    assert counts[0] == counts[1] <= 12


def test_a_record_names_the_drafts_and_versions_that_cite_it(at, author, editor):
    draft = article(author, title="Cited here", body=f"<p>x{mark('smith2020')}</p>")
    row = cite(draft, by=author, title="A cited work of nodes")
    submitted(author, draft)
    others = article(person("other", groups=["author"]), title="Hidden draft")
    ArticleReference.objects.create(article=others, key="x", reference=row.reference)

    mine = text(at(author).get(url("library_work", row.reference_id)))
    all_of_them = text(at(editor).get(url("library_work", row.reference_id)))

    assert "Cited here, version 1" in mine
    assert "1 other draft cites it." in mine
    assert "Hidden draft" not in mine
    assert "Hidden draft" in all_of_them


def test_a_correction_is_kept_in_the_history_and_a_version_keeps_what_it_was_signed_with(at, author, editor):
    draft = article(author, body=f"<p>x{mark('smith2020')}</p>")
    row = cite(draft, by=author, title="A cited wrok of nodes")
    version = submitted(author, draft)
    before = version.version_references.get().csl_text
    client = at(editor)
    form = client.get(url("library_work_edit", row.reference_id)).context["form"]

    done = client.post(url("library_work_edit", row.reference_id), {**form.initial, "title": "A cited work of nodes"})

    assert done.status_code == 302
    page = text(client.get(url("library_work", row.reference_id)))
    assert "Title: “A cited wrok of nodes” became “A cited work of nodes”." in page
    assert Reference.history.filter(id=row.reference_id).latest().history_user == editor
    assert version.version_references.get().csl_text == before


def test_who_saves_second_is_told(at, author, editor):
    known = work()
    form = at(author).get(url("library_work_edit", known.pk)).context["form"].initial
    at(editor).post(url("library_work_edit", known.pk), {**form, "title": "First correction"})

    late = at(author).post(url("library_work_edit", known.pk), {**form, "title": "Second correction"})

    assert late.status_code == 409
    assert "Second correction" in text(late)
    assert Reference.objects.get(pk=known.pk).csl["title"] == "First correction"


def test_merging_moves_every_draft_and_leaves_signed_versions(at, author, editor, two):
    kept, gone = two
    draft = article(author, title="Theirs", body=f"<p>x{mark('theirs')}</p>")
    row = ArticleReference.objects.create(article=draft, key="theirs", reference=gone)
    version = submitted(author, draft)
    signed = list(VersionReference.objects.values())
    client = at(editor)

    done = client.post(url("library_work_merge", kept.pk), {"other": str(gone.pk)})

    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.key, row.reference) == ("theirs", kept)
    assert list(VersionReference.objects.values()) == signed
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.doi, kept.pmid, kept.csl["title"]) == ("10.1000/one", "31452104", TITLE)
    assert gone.merged_into == kept
    assert row.history.latest().history_user == editor
    assert f"Merged into record {kept.pk}" in gone.history.latest().history_change_reason
    assert f"record {kept.pk}. It stays for the signed versions" in text(client.get(url("library_work", gone.pk)))
    assert f"version {version.number}" in text(client.get(url("library_work", kept.pk)))
    assert [one.work for one in client.get(url("library")).context["rows"]] == [kept]


def test_an_article_that_cites_both_is_named_and_nothing_is_changed(at, author, editor, two):
    kept, gone = two
    draft = article(author, title="Both")
    for key, reference in (("a", kept), ("b", gone)):
        ArticleReference.objects.create(article=draft, key=key, reference=reference)

    answer = at(editor).post(url("library_work_merge", kept.pk), {"other": str(gone.pk)})

    assert answer.status_code == 422
    assert "“Both” cites both records, as [@a], [@b]." in text(answer)
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert draft.article_references.get(key="b").reference == gone


@pytest.mark.parametrize("other", ["", "0", "x", "9" * 18, "99", "\x00"])
def test_a_number_that_is_no_record_is_refused_with_a_sentence(at, editor, two, other):
    answer = at(editor).post(url("library_work_merge", two[0].pk), {"other": other})

    assert answer.status_code == 422
    assert "There is a problem" in text(answer)


def test_two_works_are_not_merged(editor):
    one, other = work(doi="10.1000/one"), work(doi="10.1000/two")

    with pytest.raises(NotMerged, match=r"different DOIs, 10[.]1000/one and 10[.]1000/two"):
        merge(one.pk, other.pk, actor=editor)
    with pytest.raises(NotMerged, match="this is the same one"):
        merge(one.pk, one.pk, actor=editor)


def test_a_merged_record_is_not_merged_again_and_what_was_merged_into_it_moves_on(editor, two):
    kept, gone = two
    last = work()
    merge(kept.pk, gone.pk, actor=editor)

    with pytest.raises(NotMerged, match="merged or deleted meanwhile") as refusal:
        merge(last.pk, gone.pk, actor=editor)
    merge(last.pk, kept.pk, actor=editor)

    assert refusal.value.is_stale
    assert set(Reference.objects.filter(merged_into=last)) == {kept, gone}
    assert (Reference.objects.in_use().get().doi, Reference.objects.in_use().get().pmid) == ("10.1000/one", "31452104")


@pytest.mark.parametrize("which", [0, 1])
def test_a_retraction_is_lost_in_no_direction(author, editor, two, which):
    marked = two[which]
    marked.csl = {**marked.csl, "status": "retracted"}
    marked.save()

    merge(two[0].pk, two[1].pk, actor=editor)

    assert all(one.is_retracted for one in Reference.objects.all())


def test_signed_versions_of_a_merged_record_show_a_retraction_that_is_entered_later(author, editor, two):
    kept, gone = two
    draft = article(author, body=f"<p>x{mark('theirs')}</p>")
    ArticleReference.objects.create(article=draft, key="theirs", reference=gone)
    version = submitted(author, draft)
    merge(kept.pk, gone.pk, actor=editor)

    kept.refresh_from_db()
    kept.csl = {**kept.csl, "status": "retracted"}
    kept.save()

    now = version.version_references.get().reference
    assert (now.pk, now.is_retracted) == (gone.pk, True)


def test_a_merged_record_is_neither_found_nor_cited_again(at, author, editor, two):
    kept, gone = two
    draft = article(author)
    merge(kept.pk, gone.pk, actor=editor)
    client = at(author)

    client.post(
        url("references", draft.pk), {"key": "a", "type": "book", "title": TITLE, "pmid": "31452104", "details": "keep"}
    )

    assert draft.article_references.get().reference == kept
    assert client.post(url("citations", draft.pk), {"work": gone.pk}).status_code == 422


def test_only_editors_merge_and_only_authors_and_editors_read(at, author, editor, two):
    reviewer = person("rita", groups=["reviewer"])
    kept, gone = two

    assert at(reviewer).get(url("library")).status_code == 403
    assert at(reviewer).get(url("library_work", kept.pk)).status_code == 403
    assert at(author).post(url("library_work_merge", kept.pk), {"other": gone.pk}).status_code == 403
    assert "Merge" not in text(at(author).get(url("library_work", kept.pk)))
    assert at(editor).get(url("library_work", 99)).status_code == 404


def test_the_library_says_how_works_stand_by_the_list_of_retractions(at, author):
    gone = work("Once trusted", doi="10.5555/gone")
    work("Still trusted", doi="10.5555/stays")
    retractions.load(retractions.row(doi="10.5555/gone"))
    client = at(author)

    (only,) = listed(client.get(url("library") + "?only=retracted"))
    record = text(client.get(url("library_work", gone.pk)))

    assert "Once trusted" in only
    assert "14 August 2022" in record
