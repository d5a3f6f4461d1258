"""A list of Retraction Watch: read row by row, and summed up for each work."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.citations.retractions.standing import ON_A_LIST, Record, Standing, standings
from articles.text.citations.retractions.watch import NotAList, read
from tests.retractions import HEADER, as_csv, row

pytestmark = pytest.mark.once


def only(**cells):
    (record,) = read(as_csv(row(**cells))).records
    return record


def test_a_row_names_the_work_the_notice_its_day_and_reasons():
    record = only(number=42, doi="10.5555/Paper", pmid="123", nature="Retraction", day="8/14/2022 0:00")

    assert record == Record(
        number=42,
        nature=Standing.RETRACTED,
        day=datetime.date(2022, 8, 14),
        identifiers=("doi:10.5555/paper", "pmid:123"),
        notice="doi:10.5555/notice",
        reasons="Error in Data; Notice - Limited or No Information",
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [("1/2/2020 0:00", (2020, 1, 2)), ("12/31/2019", (2019, 12, 31)), ("2024-02-29", (2024, 2, 29)), ("", None)],
)
def test_days_are_written_month_first(written, day):
    assert only(doi="10.5555/a", day=written).day == (datetime.date(*day) if day else None)


@pytest.mark.parametrize(
    ("doi", "pmid", "found"),
    [
        ("unavailable", "0", ()),
        ("Unavailable", "", ()),
        ("", "0", ()),
        ("https://doi.org/10.5555/X", "0", ("doi:10.5555/x",)),
        ("10.1002/(SICI)1097-0142(19990415)85:8<1661::AID-CNCR3>3.0.CO;2-2", "0",
         ("doi:10.1002/(sici)1097-0142(19990415)85:8<1661::aid-cncr3>3.0.co;2-2",)),
        (" 10.5555/x ", " 77 ", ("doi:10.5555/x", "pmid:77")),
        ("10.5555/x\x00", "12345678901", ()),
    ],
)  # fmt: skip
def test_only_what_has_the_form_of_an_identifier_is_one(doi, pmid, found):
    read_list = read(as_csv(row(1, doi=doi, pmid=pmid), row(2, doi="10.5555/other")))

    assert [record.identifiers for record in read_list.records if record.number == 1] == ([found] if found else [])
    assert read_list.unnamed == (not found)


def test_the_notice_is_not_the_work():
    (record,) = read(as_csv(row(doi="10.5555/work", notice="10.5555/notice", RetractionPubMedID="9"))).records

    assert standings([record]).keys() == {"doi:10.5555/work"}


@pytest.mark.parametrize("nature", ["Expression of concern", "Expression of Concern", "  expression  of concern "])
def test_natures_are_known_however_they_are_written(nature):
    assert only(doi="10.5555/a", nature=nature).nature == Standing.CONCERN


def test_a_row_that_cannot_be_read_is_named_and_the_others_are_used():
    rows = [row(number, doi=f"10.5555/{number}") for number in range(1, 400)]
    rows[9] |= {"RetractionNature": "Withdrawn by its dog"}
    rows[19] |= {"RetractionDate": "31/12/2020 0:00"}
    rows[29] |= {"Record ID": "thirty"}

    found = read(as_csv(*rows))

    assert len(found.records) == 396
    assert found.faults == [
        "Line 11: “Withdrawn by its dog” is no known nature of a notice.",
        "Line 21: “31/12/2020 0:00” is no day.",
        "Line 31: “thirty” is no number of a record.",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "has no column “Record ID”"),
        (b"Record ID,Title\n1,A\n", "has no column “RetractionDate”"),
        (as_csv(), "The file has no rows."),
        (as_csv(row(doi="10.5555/a"))[:-30] + b',"cut off', "can be read: unexpected end of data"),
        (as_csv(row(doi="10.5555/a"), row(2))[:-30], "The file ends within a row, so a part of it is missing."),
        (as_csv(row(nature="?"), row(2, nature="?"), row(3)), "2 of 3 rows cannot be read, so nothing is used."),
        ("\n".join([",".join(HEADER), "1,2,3", "1,2", ""]).encode(), "2 of 2 rows cannot be read"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(data, sentence):
    with pytest.raises(NotAList, match=sentence.replace("?", r"\?")):
        read(data)


def test_a_byte_order_mark_and_letters_that_are_not_utf_8_lose_no_row():
    data = as_csv(row(1, doi="10.5555/a", Title="M\u00e9nage"), row(2, doi="10.5555/b"))

    for bad in (b"\xef\xbb\xbf" + data, data.replace("é".encode(), b"\xe9"), data.replace(b"\r\n", b"\n")):
        assert [record.number for record in read(bad).records] == [1, 2]


def test_a_file_without_the_empty_last_column_is_read_too():
    lines = as_csv(row(1, doi="10.5555/a")).decode().splitlines()
    without = "\n".join(line.removesuffix(",") for line in lines).encode()

    assert read(without).records == read("\n".join(lines).encode()).records


def about(*notices):
    """Return the standing by these notices on one work: (nature, day of January or None)."""
    records = [
        Record(number, nature, datetime.date(2020, 1, day) if day else None, ("doi:10.5555/a",))
        for number, (nature, day) in enumerate(notices, start=1)
    ]
    return standings(records)["doi:10.5555/a"].nature


R, C, K, B = Standing.RETRACTED, Standing.CONCERN, Standing.CORRECTED, Standing.REINSTATED


@pytest.mark.parametrize(
    ("notices", "standing"),
    [
        ([(R, 1)], R),
        ([(C, 1)], C),
        ([(K, 1)], K),
        ([(B, 1)], B),
        ([(C, 1), (R, 2)], R),
        ([(R, 1), (K, 2)], R),  # the newest notice does not decide
        ([(R, 1), (B, 2)], B),
        ([(R, 1), (B, 1)], B),
        ([(B, 1), (R, 2)], R),
        ([(R, 1), (B, 2), (R, 3)], R),
        ([(C, 1), (R, 2), (B, 3)], B),
        ([(C, 1), (B, 2), (C, 3)], C),
        ([(R, None), (B, 2)], R),  # a day that is not known is no proof that it was lifted
        ([(R, 1), (B, None)], R),
        ([(R, 1), (B, 2), (K, 3)], K),
    ],
)
def test_a_retraction_stands_until_it_is_lifted(notices, standing):
    assert about(*notices) == standing
    assert about(*reversed(notices)) == standing


def test_records_are_of_one_work_through_any_identifier_that_they_share():
    day = datetime.date(2020, 1, 1)
    found = standings(
        [
            Record(1, R, day, ("doi:10.5555/a", "pmid:1")),
            Record(2, B, day.replace(year=2021), ("pmid:1",)),
            Record(3, C, day, ("doi:10.5555/b",)),
        ]
    )

    assert {name: record.nature for name, record in found.items()} == {
        "doi:10.5555/a": B,
        "pmid:1": B,
        "doi:10.5555/b": C,
    }


NAMES = st.sampled_from(["doi:10.5555/a", "doi:10.5555/b", "pmid:1", "pmid:2"])
DAYS = st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 5))
RECORDS = st.lists(
    st.tuples(st.sampled_from(ON_A_LIST), DAYS, st.lists(NAMES, min_size=1, max_size=2, unique=True)), max_size=8
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_and_no_retraction_is_lost(drawn, random):
    records = [Record(number, nature, day, tuple(names)) for number, (nature, day, names) in enumerate(drawn)]
    shuffled = random.sample(records, len(records))

    found = standings(records)

    assert standings(shuffled) == found
    assert found.keys() == {name for record in records for name in record.identifiers}
    if not any(record.nature == Standing.REINSTATED for record in records):
        for record in records:
            if record.nature == Standing.RETRACTED:
                assert {found[name].nature for name in record.identifiers} == {Standing.RETRACTED}
