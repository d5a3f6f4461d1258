"""Works looked up by DOI and PMID: recorded answers, and everything that can go wrong on the way."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from django.test import override_settings

from articles.files.references import looked_up
from articles.files.references.looked_up import crossref, fetching, look_up, numbers_in, pubmed
from articles.text.citations import format_reference
from tests.desk.pages import text, url
from tests.factories import article

DOI = "10.5555/nodes.2021.7"
MESSAGE = {
    "DOI": "10.5555/NODES.2021.7",
    "type": "journal-article",
    "title": ["Nodes &amp; lymph: <i>in vivo</i> trials"],
    "subtitle": ["a cohort"],
    "container-title": ["Journal of Invented Nodes"],
    "short-container-title": ["J Inv Nodes"],
    "author": [
        {"given": "Ada B.", "family": "Okoro", "sequence": "first", "affiliation": [{"name": "X"}]},
        {"given": "Jan", "family": "Poe", "suffix": "Jr.", "sequence": "additional"},
        {"name": "Invented Node Group", "sequence": "additional"},
    ],
    "published-print": {"date-parts": [[2021, 3]]},
    "published-online": {"date-parts": [[2021, 2, 9]]},
    "created": {"date-time": "2021-02-09T00:00:00Z", "date-parts": [[2021, 2, 9]], "timestamp": 1},
    "volume": "7",
    "issue": "2",
    "page": "101-110",
    "ISSN": ["1234-5678"],
    "publisher": "Invented Press",
    "score": 1.0,
    "reference": [{"key": "1"}],
    "updated-by": [
        {"DOI": "10.5555/nodes.2022.1", "type": "retraction", "label": "Retraction", "source": "publisher"},
        {"DOI": "10.5555/nodes.2021.9", "type": "correction", "label": "Correction", "source": "publisher"},
    ],
}
MEDLINE = (
    "PMID- 90000001\nTI  - A first invented trial.\nFAU - Li, Wei\nAU  - Li W\nDP  - 2020 Jan\nTA  - J Inv Nodes\n\n"
    "PMID- 90000002\nTI  - A second invented trial.\nFAU - Ng, Ann\nDP  - 2021\nPT  - Retracted Publication\n\n"
)


def crossref_answer(message=MESSAGE) -> bytes:
    return json.dumps({"status": "ok", "message-type": "work", "message": message}).encode()


class Site:
    """Another site: `answers` by the beginning of the path, each bytes, a status, or a function of the handler."""

    def __init__(self):
        self.answers, self.asked, self.agents = {}, [], []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                site.agents.append(self.headers["User-Agent"])
                found = next((answer for path, answer in site.answers.items() if self.path.startswith(path)), 404)
                if callable(found):
                    found(self)
                elif isinstance(found, int):
                    self.send_error(found)
                else:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(found)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def running():
    one = Site()
    try:
        yield one
    finally:
        one.server.shutdown()
        one.server.server_close()


@pytest.fixture
def site(monkeypatch):
    with running() as one:
        monkeypatch.setattr(crossref, "HOST", one.address)
        monkeypatch.setattr(pubmed, "HOST", one.address)
        monkeypatch.setattr(fetching, "MOST_SECONDS", 1.0)
        yield one


def sentences(reading) -> list[str]:
    return [sentence for _line, sentence in reading.unread]


def test_a_work_of_crossref_is_read_with_its_people_dates_and_notices(site):
    site.answers["/works/"] = crossref_answer()

    (found,) = look_up(numbers_in(DOI)).found

    assert unquote(site.asked[0]) == f"/works/{DOI}"
    assert "/" not in site.asked[0].removeprefix("/works/")
    assert found.reference.csl["author"] == [
        {"given": "Ada B.", "family": "Okoro"},
        {"given": "Jan", "family": "Poe", "suffix": "Jr."},
        {"literal": "Invented Node Group"},
    ]
    assert found.reference.csl["status"] == "retracted"
    assert format_reference(found.reference.csl).startswith(
        "<strong>[Retracted]</strong> Okoro AB, Poe J Jr; Invented Node Group. Nodes &amp; lymph: <i>in vivo</i> "
        "trials: a cohort. J Inv Nodes. 2021 Mar;7(2):101-10. doi: "
    )
    assert found.remarks == []


def test_works_of_pubmed_take_one_request(site):
    site.answers["/entrez/"] = MEDLINE.encode()

    reading = look_up(numbers_in("PMID: 90000001, https://pubmed.ncbi.nlm.nih.gov/90000002/ 90000003"))

    assert len(site.asked) == 1
    assert "id=90000001%2C90000002%2C90000003" in site.asked[0]
    assert [one.reference.pmid for one in reading.found] == ["90000001", "90000002"]
    assert reading.found[1].reference.csl["status"] == "retracted"
    assert sentences(reading) == ["PMID 90000003: PubMed has no work with this number."]


@pytest.mark.parametrize(
    ("typed", "dois", "pmids", "others"),
    [
        ("10.1000/A\nhttps://doi.org/10.1000/b, doi: 10.1000/c;", ["10.1000/a", "10.1000/b", "10.1000/c"], [], []),
        ("12345 PMID: 678;9", [], ["12345", "678", "9"], []),
        (
            "10.1002/(SICI)1097(1996)78:4<1::AID-X>3.0.CO;2-2",
            ["10.1002/(sici)1097(1996)78:4<1::aid-x>3.0.co;2-2"],
            [],
            [],
        ),
        ("x 10.1 0", [], [], ["x", "10.1", "0"]),
        ("10.1000/a 10.1000/A", ["10.1000/a"], [], []),
    ],
)
def test_numbers_are_recognised_in_pasted_text(typed, dois, pmids, others):
    found = numbers_in(typed)

    assert (found.dois, found.pmids, found.others) == (dois, pmids, others)


def slowly(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def hugely(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" " * 100_000)


def silently(handler):
    time.sleep(3)


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")


def elsewhere(handler):
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.2:9/works/x")
    handler.end_headers()


def in_circles(handler):
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (404, "has no work with this number."),
        (500, "answered with the error 500. Try again later."),
        (429, "answered with the error 429."),
        (slowly, "did not answer in time."),
        (silently, "did not answer in time."),
        (hugely, "is too large."),
        (cut_off, "was cut off. Try again."),
        (elsewhere, "sent us to another site."),
        (in_circles, "answered with the error 302."),
        (b"<html>", "The answer cannot be read."),
        (b"\xff\xfe", "The answer cannot be read."),
        (b"[" * 100_000, "The answer cannot be read."),
        (b'{"message": []}', "The answer cannot be read."),
        (crossref_answer({**MESSAGE, "DOI": "10.1/other"}), "The answer is about another work."),
        (crossref_answer({"DOI": DOI, "author": [5, None], "title": 7, "issued": {"date-parts": [[None]]}}), ""),
    ],
)
def test_what_goes_wrong_is_a_sentence_beside_the_number(site, answer, sentence):
    site.answers["/works/"] = answer
    begun = time.monotonic()

    reading = look_up(numbers_in(DOI))

    if sentence:
        assert reading.found == []
        (said,) = sentences(reading)
        assert said.startswith(f"DOI {DOI}: ")
        assert sentence in said
    assert time.monotonic() - begun < 2.9


def test_a_site_that_cannot_be_reached_is_a_sentence_too(monkeypatch):
    monkeypatch.setattr(crossref, "HOST", "http://127.0.0.1:9")
    monkeypatch.setattr(pubmed, "HOST", "http://127.0.0.1:9")

    reading = look_up(numbers_in(f"{DOI} 123"))

    assert sentences(reading) == [
        f"DOI {DOI}: 127.0.0.1 cannot be reached. Try again later.",
        "PMID 123: 127.0.0.1 cannot be reached. Try again later.",
    ]


def test_all_numbers_together_have_an_end(site, monkeypatch):
    monkeypatch.setattr(looked_up, "MOST_SECONDS", 0.0)

    assert "There was no time left." in sentences(look_up(numbers_in(DOI)))[0]
    assert site.asked == []


def test_only_the_number_is_sent_and_a_contact_if_there_is_one(site):
    site.answers["/works/"] = crossref_answer()

    look_up(numbers_in(DOI))
    with override_settings(LOOK_UP_CONTACT="desk@publisher.example"):
        look_up(numbers_in(DOI))

    assert site.agents == ["Imprimatur", "Imprimatur (mailto:desk@publisher.example)"]


@pytest.mark.django_db
def test_without_the_setting_there_is_no_field_and_nothing_is_sent(at, author, site):
    draft = article(author)
    client = at(author)

    answer = client.post(url("reference_import", draft.pk), {"numbers": DOI})

    assert "look up" not in text(client.get(url("reference_import", draft.pk)))
    assert answer.status_code == 422
    assert site.asked == []


@pytest.mark.django_db
@override_settings(LOOK_UP_REFERENCES=True)
def test_an_author_looks_works_up_and_nothing_typed_is_lost(at, author, site):
    site.answers["/works/10.5555%2Fnodes.2021.7"] = crossref_answer()
    draft = article(author)
    client = at(author)

    answer = client.post(url("reference_import", draft.pk), {"numbers": f"{DOI}\n10.1000/missing"})

    assert answer.status_code == 200
    assert "DOI 10.1000/missing: 127.0.0.1 has no work with this number." in text(answer)
    assert "Okoro AB, Poe J Jr; Invented Node Group." in text(answer)
    assert "10.1000/missing</textarea>" in answer.content.decode()
    assert answer.content.count(b" checked") == 1


@pytest.mark.django_db
@override_settings(LOOK_UP_REFERENCES=True)
@pytest.mark.parametrize("typed", ["hello", " ".join(f"10.1000/{number}" for number in range(51))])
def test_what_is_no_number_or_too_many_is_refused_and_nothing_is_sent(at, author, site, typed):
    draft = article(author)

    answer = at(author).post(url("reference_import", draft.pk), {"numbers": typed})

    assert answer.status_code == 422
    assert "There is a problem" in text(answer)
    assert site.asked == []
