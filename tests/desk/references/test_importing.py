"""Works of files at the desk: a preview that stores nothing, and the ticked works in the draft and the library."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.files.drafts.taking import compared, take
from articles.files.references import read_text
from articles.models import ArticleReference, Reference
from articles.models.rows.announced import announced_together
from tests import retractions
from tests.desk.pages import text, url
from tests.factories import article, evidence, person

pytestmark = pytest.mark.django_db

RIS = (
    "TY  - JOUR\r\nAU  - Okoro, Ada\r\nTI  - A first trial of nodes\r\nPY  - 2019\r\nDO  - 10.1000/ONE\r\nER  - \r\n"
    "TY  - JOUR\r\nAU  - Ruiz, Eva\r\nTI  - A second trial of nodes\r\nPY  - 2020\r\nER  - \r\n"
)
NBIB = (
    "PMID- 31452104\nTI  - A third trial of nodes.\nFAU - Li, Wei\nDP  - 2021 Mar\nTA  - Node J\n"
    "PT  - Retracted Publication\nRIN - Node J. 2022;4:9.\n\n"
    "PMID- 31452105\nTI  - A fourth trial of nodes.\nFAU - Ng, Ann\nDP  - 2022\n\n"
)


def file(content, name="works.ris"):
    return SimpleUploadedFile(name, content.encode())


def preview(client, draft, **data):
    return client.post(url("reference_import", draft.pk), data)


def records(answer) -> str:
    return re.search(r'name="records" value="([^"]+)"', answer.content.decode())[1]


def imported(client, draft, answer, ticked):
    return client.post(url("reference_import", draft.pk), {"records": records(answer), "take": ticked})


def test_a_preview_of_two_files_and_pasted_text_stores_nothing(at, author):
    draft = article(author)
    before = evidence()
    pasted = "@book{x, title = {Nodes of the {DNA}}, year = 2018, author = {Poe, Jo}}"

    answer = preview(at(author), draft, chosen=[file(RIS), file(NBIB, "works.nbib")], text=pasted)

    assert answer.status_code == 200
    for printed in ("Okoro A. A first trial of nodes. 2019. doi: 10.1000/one.", "Poe J. Nodes of the DNA. 2018."):
        assert printed in text(answer)
    assert "[Retracted] Li W. A third trial of nodes. Node J. 2021 Mar." in text(answer)
    assert "Retraction in: Node J. 2022;4:9." in text(answer)
    assert "New in the library: 5. In the library already: 0." in text(answer)
    assert answer.content.count(b" checked") == 5
    assert (Reference.objects.count(), draft.article_references.count()) == (0, 0)
    assert evidence() == before


def test_the_ticked_works_become_references_with_keys_and_history(at, author):
    draft = article(author)
    client = at(author)
    answer = preview(client, draft, chosen=[file(RIS), file(NBIB, "works.nbib")])

    done = imported(client, draft, answer, ["0", "2"])

    assert done.status_code == 302
    assert {row.key: row.reference.doi for row in draft.article_references.all()} == {
        "okoro2019": "10.1000/one",
        "li2021": "",
    }
    assert Reference.objects.get(pmid="31452104").is_retracted
    assert [row.history_user for row in Reference.history.all()] == [author, author]
    assert [row.history_user for row in ArticleReference.history.filter(article=draft.pk)] == [author, author]
    assert "2 references imported." in text(client.get(url("references", draft.pk)))


def test_what_the_library_and_the_article_have_is_recognised_by_each_of_three_signs(at, author):
    draft = article(author)
    by_doi = Reference.objects.create(csl={"type": "book", "title": "Other words"}, doi="10.1000/one")
    by_title = Reference.objects.create(
        csl={"type": "book", "title": "A Second <i>Trial</i> of Nodes!", "issued": {"date-parts": [[2020]]}}
    )
    by_pmid = Reference.objects.create(csl={"type": "book", "title": "X"}, pmid="31452104")
    ArticleReference.objects.create(article=draft, key="mine", reference=by_pmid)
    client = at(author)

    answer = preview(client, draft, chosen=[file(RIS), file(NBIB, "works.nbib")])
    imported(client, draft, answer, ["0", "1", "2", "3"])

    assert "Cited here as [@mine]" in text(answer)
    assert text(answer).count(">In the library<") == 2
    assert "Other words." in text(answer)  # the library's details are what will be printed
    assert {row.reference_id for row in draft.article_references.all()} >= {by_doi.pk, by_title.pk, by_pmid.pk}
    assert (Reference.objects.count(), draft.article_references.count()) == (4, 4)


def test_the_same_work_twice_in_what_was_sent_is_taken_once(at, author):
    draft = article(author)
    client = at(author)

    answer = preview(client, draft, chosen=[file(RIS), file(RIS, "again.ris")])
    imported(client, draft, answer, ["0", "1", "2", "3"])

    assert text(answer).count("Twice in what you sent") == 2
    assert draft.article_references.count() == 2


def test_two_works_with_one_title_and_year_but_other_dois_stay_two(at, author):
    draft = article(author)
    Reference.objects.create(
        csl={"type": "book", "title": "A first trial of nodes", "issued": {"date-parts": [[2019]]}}, doi="10.1000/two"
    )

    assert compared(draft, [one.reference for one in read_text(RIS).found])[0].work is None


def test_a_record_that_contradicts_the_library_is_shown_and_cannot_be_taken(at, author):
    draft = article(author)
    Reference.objects.create(csl={"type": "book", "title": "X"}, doi="10.1000/one", pmid="5")
    both = RIS.replace("DO  - 10.1000/ONE", "DO  - 10.1000/ONE\r\nAN  - 6")
    client = at(author)

    answer = preview(client, draft, chosen=[file(both)])
    imported(client, draft, answer, ["0", "1"])

    assert "Contradicts the library" in text(answer)
    assert [row.key for row in draft.article_references.all()] == ["ruiz2020"]


def test_a_broken_file_imports_its_good_records_and_names_the_lines_of_the_others(at, author):
    draft = article(author)
    client = at(author)

    answer = preview(client, draft, chosen=[file(RIS.replace("A first", "A\x00first"))])
    imported(client, draft, answer, ["0"])

    assert "works.ris, line 1: not imported." in text(answer)
    assert [row.key for row in draft.article_references.all()] == ["ruiz2020"]


def test_a_file_that_is_none_stays_beside_one_that_is(at, author):
    draft = article(author)

    answer = preview(at(author), draft, chosen=[file("A letter."), file(RIS)])

    assert answer.status_code == 422
    assert "works.ris: Line 1: This is no file of references" in text(answer)
    assert answer.content.count(b" checked") == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a file, or paste references."),
        ({"text": "A letter."}, "This is no file of references in RIS"),
        ({"text": "\x00"}, "Null characters are not allowed"),
        ({"text": "TY  - JOUR\nTI  - \u202e\nER  - \n"}, "1 record was not read"),
        ({"records": "forged", "take": "0"}, "This preview cannot be read any more."),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(at, author, data, sentence):
    draft = article(author)

    answer = preview(at(author), draft, **data)

    assert answer.status_code in (200, 422)
    assert sentence in text(answer)
    assert Reference.objects.count() == 0


def test_nothing_ticked_is_refused_and_the_preview_stays(at, author):
    draft = article(author)
    client = at(author)

    answer = imported(client, draft, preview(client, draft, text=RIS), [])

    assert answer.status_code == 422
    assert "Tick at least one reference." in text(answer)
    assert "A first trial" in text(answer)
    assert answer.content.count(b" checked") == 0


def test_too_many_references_are_refused_with_their_number(at, author):
    draft = article(author)
    many = "".join(f"TY  - JOUR\nTI  - Work {number}\nER  - \n" for number in range(2_001))

    answer = preview(at(author), draft, chosen=[file(many)])

    assert answer.status_code == 422
    assert "These are 2001 references; import at most 2000 at once." in text(answer)


@pytest.mark.parametrize("form", ["ris", "bib", "json"])
def test_what_is_exported_from_one_draft_is_imported_into_another(at, author, form):
    draft, other = article(author, title="One"), article(author, title="Two")
    client = at(author)
    imported(client, draft, preview(client, draft, chosen=[file(RIS), file(NBIB)]), ["0", "1", "2", "3"])

    sent = client.get(url("reference_export", draft.pk, form))
    answer = preview(client, other, chosen=[SimpleUploadedFile(f"works.{form}", sent.content)])
    imported(client, other, answer, ["0", "1", "2", "3"])

    works, again = ({row.key: row.reference_id for row in one.article_references.all()} for one in (draft, other))
    assert works == again
    assert len(works) == Reference.objects.count() == 4
    assert client.get(url("reference_export", draft.pk, "doc")).status_code == 404


def test_a_stranger_finds_no_page(at, author):
    draft = article(author)
    stranger = at(person("other", groups=["author"]))

    assert stranger.get(url("reference_import", draft.pk)).status_code == 404
    assert preview(stranger, draft, text=RIS).status_code == 404


def library_of(many, start=0):
    return "".join(
        f"TY  - JOUR\nAU  - Okoro, Ada\nAU  - Ruiz, Eva\nTI  - A long trial of nodes number {number}\n"
        f"T2  - Node Journal\nPY  - 2019/05/12/\nVL  - 3\nSP  - 10\nEP  - 19\nDO  - 10.1000/{number}\nER  - \n"
        for number in range(start, start + many)
    )


def queries(call) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_looking_for_duplicates_takes_two_statements(author):
    draft = article(author)
    few = [one.reference for one in read_text(library_of(2)).found]
    many = [one.reference for one in read_text(library_of(300)).found]

    assert queries(lambda: compared(draft, few)) == queries(lambda: compared(draft, many)) == 2


def test_a_thousand_references_are_imported_at_once(at, author):
    draft = article(author)
    client = at(author)

    answer = preview(client, draft, chosen=[file(library_of(1_000))])
    done = imported(client, draft, answer, [str(number) for number in range(1_000)])

    assert done.status_code == 302
    assert draft.article_references.count() == Reference.history.count() == 1_000


def test_importing_takes_no_more_statements_per_work_for_many(author):
    counts = []
    for number, many in enumerate((100, 400)):
        draft = article(author, title=f"Draft {number}")
        found = [one.reference for one in read_text(library_of(many, start=number * 1_000)).found]

        def run(draft=draft, found=found):
            with announced_together():
                take(draft, found, author)

        counts.append(queries(run))

    assert counts[1] <= 2 * counts[0]  # SQLite takes about a thousand values in one statement


def test_the_preview_says_of_a_work_that_the_list_of_retractions_names_it(at, author):
    retractions.load(retractions.row(doi="10.1000/one"))

    answer = preview(at(author), article(author), text=RIS)

    assert [row.stands.label for row in answer.context["rows"]] == ["Retracted", "Not checked for retraction"]
    assert text(answer).count("Retracted") == 1
