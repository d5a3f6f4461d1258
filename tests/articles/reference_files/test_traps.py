"""Files of reference managers as they are in the world: they are read whole, or the line is named."""

import contextlib
import json

import pytest

from articles.files.imported import BadFile
from articles.files.references import MOST_BYTES, read_text, read_works
from articles.text.citations import format_reference, is_retracted


def works(text) -> list[dict]:
    return [found.reference.csl for found in read_text(text).found]


def only(text) -> dict:
    (work,) = works(text)
    return work


def ris(*lines, kind="JOUR") -> str:
    return "\n".join([f"TY  - {kind}", *lines, "ER  - ", ""])


def nbib(*lines) -> str:
    return "\n".join(["PMID- 31452104", "TI  - A trial.", *lines, ""])


def bib(fields, kind="article") -> str:
    return f"@{kind}{{key2020,\n{fields}\n}}\n"


# RIS


def test_a_byte_order_mark_loses_no_record():
    text = ris("TI  - One") + ris("TI  - Two")

    for data in ("\ufeff" + text).encode(), ("\ufeff" + text).encode("utf-16-le"):
        assert [found.reference.csl["title"] for found in read_works(data).found] == ["One", "Two"]


def test_a_missing_er_melts_no_works_together():
    text = "TY  - JOUR\nTI  - One\nDO  - 10.1000/one\nTY  - JOUR\nTI  - Two\nDO  - 10.1000/two\n"

    reading = read_text(text)

    assert [(one.reference.csl["title"], one.reference.doi) for one in reading.found] == [
        ("One", "10.1000/one"),
        ("Two", "10.1000/two"),
    ]
    assert all("no line ER" in one.remarks[0] for one in reading.found)
    assert reading.unread == []


def test_tags_in_lower_case_are_read_and_a1_stands_beside_au():
    work = only("ty  - JOUR\nau  - Okoro, Ada\nA1  - Ruiz, Eva\nti  - One\ner  -\n")

    assert [one["family"] for one in work["author"]] == ["Okoro", "Ruiz"]


def test_people_who_are_written_under_two_tags_are_named_once():
    work = only(ris("AU  - Okoro, Ada", "AU  - Ruiz, Eva", "A1  - Okoro, Ada", "A1  - Ruiz, Eva", "TI  - One"))

    assert [one["family"] for one in work["author"]] == ["Okoro", "Ruiz"]


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("Smith, Adam, Jr.", {"family": "Smith", "given": "Adam", "suffix": "Jr."}),
        ("Smith, Jr., Adam", {"family": "Smith", "given": "Adam", "suffix": "Jr."}),
        ("van der Berg, Peter", {"family": "Berg", "given": "Peter", "non-dropping-particle": "van der"}),
        ("O'Neil, J.", {"family": "O'Neil", "given": "J."}),
        ("Smith JA", {"family": "Smith", "given": "JA"}),
        ("Okoro, V", {"family": "Okoro", "given": "V"}),
        ("Ivanov, II", {"family": "Ivanov", "given": "II"}),
        ("King, Martin, IV", {"family": "King", "given": "Martin", "suffix": "IV"}),
        ("Ministry of Health,, Utopia", {"literal": "Ministry of Health, Utopia"}),
        ("Trial Unit UK,", {"literal": "Trial Unit UK"}),
        ("Institute of Nodes, Utopia", {"literal": "Institute of Nodes, Utopia"}),
        ("Plato", {"literal": "Plato"}),
        ("et al.", {"literal": "et al."}),
    ],
)
def test_organisations_are_no_persons_and_suffixes_no_given_names(written, person):
    assert only(ris(f"AU  - {written}", "TI  - One"))["author"] == [person]


@pytest.mark.parametrize(
    ("written", "issued"),
    [
        ("2019/05/12/", {"date-parts": [[2019, 5, 12]]}),
        ("2019///", {"date-parts": [[2019]]}),
        ("2019/05//", {"date-parts": [[2019, 5]]}),
        ("2019///Spring", {"date-parts": [[2019]], "season": "1"}),
        ("2019/12/30/2020-01-02", {"date-parts": [[2019, 12, 30], [2020, 1, 2]]}),
        ("2019-05-12", {"date-parts": [[2019, 5, 12]]}),
        ("2019/02/31/", {"date-parts": [[2019, 2]]}),
        ("12 May 2019", {"date-parts": [[2019, 5, 12]]}),
        ("May 12, 2019", {"date-parts": [[2019, 5, 12]]}),
        ("in press", {"literal": "in press"}),
    ],
)
def test_dates_with_strokes_are_dates(written, issued):
    assert only(ris("TI  - One", f"PY  - {written}"))["issued"] == issued


def test_the_people_of_an_edited_book_are_editors():
    work = only(ris("AU  - Okoro, Ada", "TI  - One", kind="EDBOOK"))

    assert (work["type"], work["editor"]) == ("book", [{"family": "Okoro", "given": "Ada"}])
    assert "author" not in work


def test_the_more_exact_date_counts():
    assert only(ris("TI  - One", "PY  - 2019", "DA  - 2019/05/12/"))["issued"] == {"date-parts": [[2019, 5, 12]]}


def test_a_line_of_an_abstract_that_looks_like_the_end_of_a_record_is_none():
    text = ris("TI  - One", "AB  - Tumours were", "ER - positive in 12", "AU  - Okoro, Ada")

    assert only(text)["author"] == [{"family": "Okoro", "given": "Ada"}]
    assert "abstract" not in only(text)


def test_the_second_address_and_the_notes_are_not_lost():
    work = only(ris("TI  - One", "UR  - https://doi.org/10.1000/X", "UR  - https://example.org/1", "N1  - A note"))

    assert (work["DOI"], work["URL"], work["note"]) == ("10.1000/x", "https://example.org/1", "A note")


def test_a_sici_doi_is_read_whole_and_links_to_itself():
    doi = "10.1002/(SICI)1097-0142(19960815)78:4<1661::AID-CNCR1>3.0.CO;2-2"
    work = only(ris("TI  - One", f"DO  - https://doi.org/{doi}"))

    assert work["DOI"] == doi.lower()
    assert "%3C1661::aid-cncr1%3E3.0.co;2-2" in format_reference(work)


# PubMed


def test_a_retracted_publication_is_marked_and_says_where_it_was_retracted():
    work = only(nbib("PT  - Retracted Publication", "RIN - Node J. 2021 Mar;4(1):9. PMID: 33333333"))

    assert is_retracted(work)
    assert work["custom"]["notices"] == [{"kind": "retraction in", "text": "Node J. 2021 Mar;4(1):9. PMID: 33333333"}]
    assert format_reference(work).startswith("<strong>[Retracted]</strong>")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("RIN - J. 2021.", "retracted"),
        ("PT  - Retracted Publication", "retracted"),
        ("ECI - J. 2021.", "expression of concern"),
        ("PRIN- J. 2021.", "partially retracted"),
        ("CRI - J. 2021.", "corrected and republished"),
        ("EIN - J. 2021.", "corrected"),
        ("RPI - J. 2021.", "republished"),
        ("UIN - J. 2021.", "updated"),
        ("ROF - J. 2021.", None),
        ("PROF- J. 2021.", None),
        ("ECF - J. 2021.", None),
        ("EFR - J. 2021.", None),
        ("CRF - J. 2021.", None),
        ("RPF - J. 2021.", None),
        ("UOF - J. 2021.", None),
        ("PT  - Retraction of Publication", None),
        ("PT  - Expression of Concern", None),
    ],
)
def test_each_notice_of_pubmed_is_kept_and_gives_the_work_its_standing(line, status):
    work = only(nbib(line))

    assert work.get("status") == status
    if not line.startswith("PT"):
        assert [notice["text"] for notice in work["custom"]["notices"]] == ["J. 2021."]


def test_the_gravest_notice_is_the_status():
    assert only(nbib("UIN - J. 2022.", "EIN - J. 2021.", "RIN - J. 2023.", "ECI - J. 2020."))["status"] == "retracted"


def test_every_group_is_an_author_and_au_without_fau_too():
    work = only(
        nbib("FAU - Okoro, Ada B", "AU  - Okoro AB", "AU  - van der Berg P 3rd", "CN  - Group A", "CN  - Group B")
    )

    assert work["author"] == [
        {"family": "Okoro", "given": "Ada B"},
        {"family": "Berg", "given": "P", "non-dropping-particle": "van der", "suffix": "3rd"},
        {"literal": "Group A"},
        {"literal": "Group B"},
    ]


def test_records_without_a_pmid_are_read_too():
    """So other databases write the format."""
    assert [work["title"] for work in works("OWN - ERIC\nTI  - One.\nAU  - Li, W\n\nOWN - ERIC\nTI  - Two.\n")] == [
        "One",
        "Two",
    ]


def test_lines_before_the_pmid_belong_to_the_record():
    """So PubMed Central writes them."""
    text = "PMC - PMC123456\nPMID- 5\nTI  - One.\nPMID- 6\nTI  - Two.\n\nOWN - X\nPMID- 7\nTI  - Three.\n"

    assert [(work["PMID"], work["title"]) for work in works(text)] == [("5", "One"), ("6", "Two"), ("7", "Three")]
    assert works(text)[0]["PMCID"] == "PMC123456"


@pytest.mark.parametrize("tag", ["LID", "AID"])
def test_the_doi_comes_from_either_field(tag):
    assert only(nbib(f"{tag:4}- S0140-1 [pii]", f"{tag:4}- 10.1000/ABC [doi]"))["DOI"] == "10.1000/abc"


def test_a_title_over_several_lines_and_a_range_of_months():
    work = only("PMID- 5\nTI  - A trial of\n      many nodes.\nDP  - 2019 Nov-Dec\nTA  - Node J\n")

    assert (work["title"], work["issued"]) == ("A trial of many nodes", {"date-parts": [[2019, 11], [2019, 12]]})


# BibTeX


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("{World Health Organization}", [{"literal": "World Health Organization"}]),
        ("Institute for Invented Nodes", [{"literal": "Institute for Invented Nodes"}]),
        ("Jane A. of York", [{"family": "York", "given": "Jane A.", "non-dropping-particle": "of"}]),
        ("{Nodes and Sons}", [{"literal": "Nodes and Sons"}]),
        ("M{\\\"u}ller, J{\\'o}zef", [{"family": "Müller", "given": "Józef"}]),
        ("Smith, Jr., Adam", [{"family": "Smith", "given": "Adam", "suffix": "Jr."}]),
        ("Ada Okoro and others", [{"family": "Okoro", "given": "Ada"}, {"literal": "et al."}]),
        ("Peter van der Berg", [{"family": "Berg", "given": "Peter", "non-dropping-particle": "van der"}]),
        ("{\\O}sterg{\\aa}rd, S{\\o}ren", [{"family": "Østergård", "given": "Søren"}]),
        ("Ho\\v{r}ej\\v{s}\\'i, V.", [{"family": "Hořejší", "given": "V."}]),
    ],
)
def test_names_are_parted_before_tex_is_decoded(written, people):
    assert only(bib(f"author = {{{written}}}, title = {{One}}"))["author"] == people


def test_a_field_given_twice_loses_no_entry():
    work = only(bib("title = {One}, year = 2019, title = {Other}, journal = {Node J}"))

    assert (work["title"], work["container-title"]) == ("One", "Node J")


def test_titles_keep_their_case_and_their_signs():
    title = r"{{Vitamin D at 20\,$^{\circ}$C: mmol/l of CO$_{2}$ \emph{in vivo}, 5\,\% \& more -- $\alpha$}}"

    assert only(bib(f"title = {title}"))["title"] == (
        "Vitamin D at 20\u202f<sup>°</sup>C: mmol/l of CO<sub>2</sub> <i>in vivo</i>, 5\u202f% & more – α"
    )


def test_amounts_in_a_title_stay_what_they_are():
    title = r"{Neutrophils below 0.5 \texttimes{} 10\textsuperscript{9}/L, loss \textless{} 5\%}"

    assert only(bib(f"title = {title}"))["title"] == ("Neutrophils below 0.5 × 10<sup>9</sup>/L, loss < 5%")


def test_strings_months_and_joined_values():
    text = '@string{nj = "Node Journal"}\n' + bib('title = "One", journal = nj # " B", month = may, year = 2019')

    assert (only(text)["container-title"], only(text)["issued"]) == ("Node Journal B", {"date-parts": [[2019, 5]]})


def test_an_entry_that_is_not_closed_does_not_take_the_next_one():
    reading = read_text(
        "@book{a, title = {open\n\n" + bib("title = {Two}") + "@comment{x}\n@article{c, title = {Three}}"
    )

    assert [one.reference.csl["title"] for one in reading.found] == ["Two", "Three"]
    assert reading.unread == [(1, "A field of the entry is not closed by a bracket.")]


def test_tex_that_cannot_be_decoded_is_said_and_never_printed():
    reading = read_text(bib(r"title = {One \unknown{x}}") + bib("title = {Two}"))

    assert [one.reference.csl["title"] for one in reading.found] == ["Two"]
    assert reading.unread[0][0] == 1
    assert r"\unknown" in reading.unread[0][1]


# CSL-JSON


def test_a_broken_item_does_not_take_the_others():
    text = '[{"id": "a", "title": "One"},\n{"id": "b", "title": },\n{"id": "c", "title": "Three", "volume": 3.5}]'

    reading = read_text(text)

    assert [one.reference.csl["title"] for one in reading.found] == ["One", "Three"]
    assert reading.found[1].reference.csl["volume"] == "3.5"
    assert reading.unread == [(2, "This is not well-formed JSON.")]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '[{"title": ' + "[" * 100_000, '{"a":' * 50_000, "[" + '{"title":},' * 5_000 + "]", "[{}]", "[5]"],
)
def test_json_that_is_no_list_of_works_is_refused_with_a_sentence(text):
    reading = refused(text)

    assert reading is None or (reading.found == [] and reading.unread)


def refused(text):
    """Return what was read of a text, or None if it was refused with a sentence."""
    with contextlib.suppress(BadFile):
        return read_text(text)


# Any file


@pytest.mark.parametrize("text", ["", "   \n", "A letter.", "<xml/>", "PMID 3", "\x00\x01", "@", "TY", "\ud800"])
def test_a_text_of_no_format_is_refused(text):
    with pytest.raises(BadFile) as refusal:
        read_text(text)

    assert len(refusal.value.sentences) == 1


def test_a_file_of_another_encoding_names_its_line():
    with pytest.raises(BadFile, match="Line 2: The byte 0xFC is not UTF-8"):
        read_works(ris("AU  - Müller, A").encode("latin-1"))


def test_a_giant_file_is_refused_before_it_is_read():
    with pytest.raises(BadFile, match="larger than 10 MB"):
        read_works(b" " * (MOST_BYTES + 1))


@pytest.mark.parametrize("bad", ["\x00", "\u202e", "\x07"])
def test_a_record_with_a_character_that_is_not_allowed_is_left_out_with_its_line(bad):
    reading = read_text(ris("TI  - One") + ris(f"TI  - T{bad}o") + ris("TI  - Three"))

    assert [one.reference.csl["title"] for one in reading.found] == ["One", "Three"]
    assert [line for line, _sentence in reading.unread] == [4]


def test_a_malformed_identifier_is_left_out_and_said():
    found = read_text(ris("TI  - One", "DO  - none")).found[0]

    assert found.reference.doi == ""
    assert found.remarks == ["The DOI “none” is not well-formed and was left out."]


EACH = {
    "ris": "TY  - JOUR\nAU  - Okoro, Ada\nTI  - One {0}\nPY  - 2019/05/12/\nDO  - 10.1000/{0}\nER  - \n",
    "nbib": "PMID- {0}\nTI  - One {0}.\nFAU - Okoro, Ada\nAU  - Okoro A\nLID - 10.1000/{0} [doi]\n\n",
    "bib": "@article{{a{0}, author = {{Okoro, Ada and Ruiz, Eva}}, title = {{{{One {0}}}}}, doi = {{10.1000/{0}}}}}\n",
    "json": "",
}


@pytest.mark.parametrize("form", EACH)
def test_reading_takes_ten_times_as_long_for_ten_times_as_many(form, timed):
    def text(many):
        if form == "json":
            return json.dumps([{"id": f"a{number}", "title": f"One {number}"} for number in range(1, many + 1)])
        return "".join(EACH[form].format(number) for number in range(1, many + 1))

    few, many = text(1_000), text(10_000)

    assert len(read_text(few).found) == 1_000
    assert len(read_text(many).found) == 10_000
    assert timed(lambda: read_text(many)) < 25 * timed(lambda: read_text(few))


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\n" * 12_000,
        "@a{" * 200_000,
        "@a{b, c = {" + "{" * 300_000,
        "@a{b, c = {" + "\\'" * 200_000 + "}}",
        "@a{b, author = {" + "and " * 200_000 + "}}",
        "PMID- 1\n" + "AU  - A B\n" * 100_000,
        "TY  - JOUR\nTI  - " + "{" * 300_000,
        "@a{b, author={" + ", " * 9_000 + "}}",
        "@a{b, title={" + "$^" * 4_000 + "}}",
    ],
)
def test_no_text_keeps_a_reader_busy(text, timed):
    def read():
        with contextlib.suppress(BadFile):
            read_text(text)

    assert timed(read) < 10


# BibLaTeX: what an entry takes from others, and what stands in fields of its own


def test_an_entry_takes_what_it_lacks_from_the_entry_it_refers_to():
    book = bib("title = {Nodes}, subtitle = {A Guide}, editor = {Ruiz, Eva}, publisher = {Press}, date = 2019", "book")
    chapter = "@incollection{one,\n author = {Okoro, Ada}, title = {Lymph}, pages = {1-9}, crossref = {KEY2020}\n}\n"

    first, second = works(chapter + book)

    assert first == {
        "type": "chapter",
        "author": [{"family": "Okoro", "given": "Ada"}],
        "editor": [{"family": "Ruiz", "given": "Eva"}],
        "title": "Lymph",
        "container-title": "Nodes: A Guide",
        "publisher": "Press",
        "page": "1-9",
        "issued": {"date-parts": [[2019]]},
    }
    assert second["title"] == "Nodes: A Guide"


def test_details_come_through_several_entries_and_a_day_of_its_own_stays():
    text = """
@inbook{part, title = {Part}, crossref = {volume}, year = 1999}
@book{volume, title = {Volume}, volume = 3, date = 1975, crossref = {all}}
@mvbook{all, title = {All}, author = {Okoro, Ada}, publisher = {Press}, date = {1970/1980}}
"""
    part, volume, _whole = works(text)

    assert part["container-title"] == "All: Volume"
    assert (part["author"], part["container-author"]) == ([{"family": "Okoro", "given": "Ada"}],) * 2
    assert (part["publisher"], part["volume"]) == ("Press", "3")
    assert part["issued"] == {"date-parts": [[1999]]}
    assert volume["issued"] == {"date-parts": [[1975]]}


def test_shared_data_is_taken_and_is_no_work():
    text = "@xdata{press, publisher = {Press}, location = {Bern}}\n" + bib("title = {One}, xdata = {press}", "book")

    assert only(text) == {"type": "book", "title": "One", "publisher": "Press", "publisher-place": "Bern"}


def test_an_entry_that_refers_to_itself_or_in_vain_is_read():
    circle = (
        bib("title = {One}, crossref = {key2020}") + "@book{a, title = {Two}, crossref = {b}}\n@book{b, crossref = {a}}"
    )

    assert [work["title"] for work in works(circle)] == ["One", "Two", "Two"]
    (found,) = read_text(bib("title = {One}, crossref = {gone}")).found
    assert found.remarks == ["It takes details from the entry “gone”, which the file does not have."]


def test_names_whose_parts_are_named_are_read_by_them():
    text = bib(
        "title = {One}, author = {given=Jane A., family=Berg, prefix=van der and family=Ruiz, given=Eva, suffix=Jr.}"
    )

    assert only(text)["author"] == [
        {"family": "Berg", "given": "Jane A.", "non-dropping-particle": "van der"},
        {"family": "Ruiz", "given": "Eva", "suffix": "Jr."},
    ]


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("title = {One}, titleaddon = {A Reply}", "title", "One. A Reply"),
        ("title = {Two}, maintitle = {All}, mainsubtitle = {Works}, volume = 7, part = 2", "title", "All: Works: Two"),
        ("title = {Two}, volume = 7, part = 2", "volume", "7.2"),
        ("title = {One}, journaltitle = {Node J}, journalsubtitle = {Clinics}", "container-title", "Node J: Clinics"),
        ("title = {One}, eventtitle = {Node Days}", "event-title", "Node Days"),
        ("title = {One}, eventdate = {2020-05-02}", "event-date", {"date-parts": [[2020, 5, 2]]}),
        ("title = {One}, origdate = 1890", "original-date", {"date-parts": [[1890]]}),
        ("title = {One}, bookauthor = {Okoro, Ada}", "container-author", [{"family": "Okoro", "given": "Ada"}]),
        ("title = {On \\mkbibquote{nodes} and \\enquote{a \\enquote{lump}}}", "title", "On “nodes” and “a ‘lump’”"),
        ("title = {In \\it vitro}", "title", "In <i>vitro</i>"),
        ("title = {The {\\TeX} dose\\hyphen response}", "title", "The TeX dose-response"),
        ("title = {$10\\sp{9}$ cells}", "title", "10<sup>9</sup> cells"),
    ],
)
def test_what_biblatex_says_in_fields_of_its_own_is_kept(fields, name, value):
    assert only(bib(fields, "book"))[name] == value


def test_what_a_work_has_no_place_for_is_said():
    (found,) = read_text(bib("title = {One}, annotator = {Ruiz, Eva}, pubstate = {inpress}")).found

    assert found.remarks == ["Not kept: annotator, pubstate."]


def test_an_unknown_command_within_a_word_is_refused():
    reading = read_text(bib("title = {Nodes\\unknowncommand of lymph}"))

    assert reading.found == []
    assert "\\unknowncommand" in reading.unread[0][1]


def test_an_issue_of_a_periodical_is_called_by_its_own_title():
    work = only(bib("title = {Node Journal}, issuetitle = {Lymph}, volume = 3, year = 2011", "periodical"))

    assert (work["title"], work["container-title"]) == ("Lymph", "Node Journal")


def test_a_doi_that_other_databases_write_with_its_name_is_read():
    assert only(nbib("AID - doi:10.1000/Nodes"))["DOI"] == "10.1000/nodes"
