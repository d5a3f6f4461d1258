"""What pages tell programs: allowed by schema.org, shown on the page too, and silent where a reader is warned."""

import json
import re

import pytest
from lxml import html

from articles.site.machines.json_ld import as_script
from articles.site.machines.json_ld.frozen import TYPES, cited
from articles.text.rendering.visible import visible
from reviews import workflow
from tests import factories
from tests.articles.site.machines import schema_org, states
from tests.articles.site.machines.schema_org import PARENTS, PROPERTIES, problems
from tests.articles.site.pages import page_for, parsed, words

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # by rdflib itself
]
SCRIPT = "//script[@type='application/ld+json']"
TITLE = "Lymph <nodes> & glands"


def said(page) -> dict:
    (script,) = page.xpath(SCRIPT)
    return json.loads(script.text)


@pytest.fixture(params=states.PUBLIC)
def shown(request, client, author, staff):
    """Return the name of each public state, and the page of an article in it."""
    made = states.PUBLIC[request.param](author, staff)
    return request.param, parsed(client.get(page_for(made)))


def test_schema_org_allows_all_that_a_page_says_in_every_state(shown):
    assert problems(said(shown[1])) == []


SILENT = {"@context", "@type", "@id", "audienceType", "encodingFormat", "digitalSourceType", "answerCount"}
ADDRESSES = {"url", "sameAs", "publishingPrinciples", "correctionsPolicy", "contentUrl"}


def claims(data, name=""):
    """Yield the name and value of each claim, at any depth."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from claims(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from claims(value, name)
    elif name not in SILENT:
        yield name, str(data)


def seen(text: str) -> str:
    """Return the text on one line, without marks of citations."""
    return " ".join(re.sub(r"\[[0-9,–]+\]", "", text).split())


def is_shown(page, name, value, html_of_page, text) -> bool:
    if name in ADDRESSES:
        local = value.removeprefix("http://testserver")
        own = page.xpath("//meta[@property='og:url']/@content")
        return value in own or local in page.xpath("//a/@href | //link/@href")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value in page.xpath("//time/@datetime")
    if name == "inLanguage":
        return page.xpath("//article/@lang") == [value]
    if name == "position":
        return bool(page.xpath(f"//li[@id='ref-{value}']"))
    if name == "creativeWorkStatus" and value == "Retracted":
        return "retracted" in text.lower()
    sentences = re.split(r"(?<=\.) ", value) if name == "description" else value.split("\n")
    return all(seen(sentence).rstrip(".") in text for sentence in sentences)


def test_a_page_tells_programs_nothing_that_it_does_not_show_its_readers(shown):
    _, page = shown
    text = seen(visible(page.find("body")))

    hidden = [claim for claim in claims(said(page)) if not is_shown(page, *claim, page, text)]

    assert len([*claims(said(page))]) > 12
    assert hidden == []


def test_only_a_text_that_rests_on_a_full_review_today_says_who_reviewed_it(shown):
    name, page = shown
    data = said(page)

    if name in states.PULLED | states.DOUBTED:
        assert not {"reviewedBy", "lastReviewed"} & set(data)
        return
    byline = words(page.find_class("byline")[0])
    full = re.search(r"Medically reviewed (?:in full )?by (.*?)(?:$|Later|Minor|Correction)", byline)[1]
    assert [person["name"] for person in data["reviewedBy"]] == re.findall(r"(\w+ \w+), MD", full)
    assert [person["name"] for person in data["reviewedBy"]] == ["Clara Clinical", "Simon Specialist"]
    assert [data["lastReviewed"]] == page.xpath("//dt[.='Page last reviewed']/../dd/time/@datetime")


@pytest.mark.parametrize("state", states.PENDING)
@pytest.mark.parametrize("audience", ["public", "carer"])
def test_a_text_that_nobody_has_approved_tells_programs_nothing(client, author, staff, state, audience):
    made = states.PENDING[state](author, staff)

    response = client.get(page_for(made, audience))
    page = parsed(response)

    assert TITLE in words(page)
    assert page.xpath(f"{SCRIPT} | //meta[@name='description'] | //meta[@property] | //link[@rel='canonical']") == []
    assert response["X-Robots-Tag"] == "noindex"


def test_a_pulled_text_says_so_first_and_offers_nothing_else(client, author, staff):
    made = states.PUBLIC["question retracted"](author, staff)

    page = parsed(client.get(page_for(made)))
    data = said(page)

    assert data["name"] == f"Retracted: {TITLE}"
    assert (data["creativeWorkStatus"], data["description"]) == (["Retracted"], "Retracted. Do not rely on this text.")
    assert data["mainEntity"] == {"@type": "Question", "name": TITLE}
    assert data["@type"] == "MedicalWebPage"
    assert [comment["name"] for comment in data["comment"]] == ["Retraction"]
    assert page.xpath("//meta[@property='og:title']/@content") == [f"Retracted: {TITLE}"]


def test_a_lifted_notice_gives_back_what_was_said(client, author, staff):
    made = states.with_notice("concern")(author, staff)
    before = said(parsed(client.get(page_for(made))))

    notice = made.notices.get()
    workflow.issue_notice(states.again(made), actor=staff[0], kind="concern", reason="It is right.", lifts=notice)

    after = said(parsed(client.get(page_for(made))))
    assert before["creativeWorkStatus"] == ["Under an expression of concern"]
    assert before["description"].startswith("Under an expression of concern. A count above")
    assert after["creativeWorkStatus"] == ["Approved by our medical advisory board"]
    assert "comment" not in after
    assert len(after["reviewedBy"]) == 2


@pytest.mark.parametrize(
    ("state", "kind"), [("question", "acceptedAnswer"), ("question under concern", "suggestedAnswer")]
)
def test_an_approved_answer_is_accepted_and_a_doubted_one_only_suggested(client, author, staff, state, kind):
    made = states.PUBLIC[state](author, staff)

    data = said(parsed(client.get(page_for(made))))

    assert data["@type"] == ["MedicalWebPage", "QAPage"]
    assert {"acceptedAnswer", "suggestedAnswer"} & set(data["mainEntity"]) == {kind}
    assert data["mainEntity"][kind]["text"] == "A count above 5 × 10^9/L is high. Ask a doctor about it."


def test_a_replaced_version_claims_no_review_and_says_that_it_is_older(client, author, staff):
    made = states.PUBLIC["question changed"](author, staff)

    response = client.get(f"/articles/{made.slug}/versions/1/")
    page = parsed(response)
    data = said(page)

    assert response["X-Robots-Tag"] == "noindex"
    assert problems(data) == []
    assert data["name"] == f"{TITLE}, version 1"
    assert data["creativeWorkStatus"] == ["Older version"]
    assert data["description"].startswith("Older version. ")
    assert not {"reviewedBy", "lastReviewed"} & set(data)
    assert data["mainEntity"] == {"@type": "Question", "name": TITLE}
    text = seen(visible(page.find("body"))) + page.findtext(".//title")
    assert [claim for claim in claims(data) if not is_shown(page, *claim, page, text)] == []


def test_an_older_version_under_a_concern_has_both_in_its_name(client, author, staff):
    made = states.PUBLIC["question changed"](author, staff)
    workflow.issue_notice(made, actor=staff[0], kind="concern", reason="It may be wrong.", versions=[1])

    page = parsed(client.get(f"/articles/{made.slug}/versions/1/"))
    data = said(page)

    assert data["name"] == f"Under an expression of concern: {TITLE}, version 1"
    assert data["name"] in page.findtext(".//title")
    assert data["creativeWorkStatus"] == ["Under an expression of concern", "Older version"]
    assert said(parsed(client.get(page_for(made))))["name"] == TITLE


def test_a_review_that_is_overdue_is_called_so(client, author, staff, monkeypatch):
    made = states.PUBLIC["published"](author, staff)
    states.overdue(monkeypatch, made)

    data = said(parsed(client.get(page_for(made))))

    assert data["creativeWorkStatus"] == ["Approved by our medical advisory board", "Past its review date"]


@pytest.mark.parametrize(
    ("audience", "kind", "words"),
    [("public", "Patient", None), ("carer", "PeopleAudience", "Caregiver"),
     ("professional", "MedicalAudience", "Clinician")],
)  # fmt: skip
def test_each_audience_is_named_and_has_its_own_words_and_address(client, author, staff, audience, kind, words):
    made = states.PUBLIC["published"](author, staff)

    data = said(parsed(client.get(page_for(made, audience))))

    assert (data["audience"]["@type"], data["audience"].get("audienceType")) == (kind, words)
    assert data["url"] == f"http://testserver{page_for(made, audience)}"
    assert data["description"].startswith("Their count" if audience == "carer" else "A count")


def test_works_stand_in_the_order_of_their_numbers_as_they_are_printed(client, author, staff):
    made = states.PUBLIC["published"](author, staff)

    first, second = said(parsed(client.get(page_for(made))))["citation"]

    assert (first["@type"], second["@type"]) == ("ScholarlyArticle", "WebPage")
    assert (first["name"], second["name"]) == ("Counts of 10^9", '"Doses"')
    assert [person["name"] for person in first["author"]] == ["Smith JA", "World Health Group"]
    assert (first["datePublished"], first["position"], second["position"]) == ("2020", 1, 2)
    assert first["sameAs"] == ["https://doi.org/10.1000/a%3Cb%3E%26c"]
    assert second["sameAs"] == ["https://example.org/doses"]


@pytest.mark.parametrize("kind", [*TYPES, "patent", None, ["book"]])
def test_a_work_of_every_type_is_said_as_schema_org_allows(kind):
    work = {"type": kind, "title": "A title", "author": [{"literal": "A group"}], "issued": {"date-parts": [["2020"]]}}

    data = cited(json.dumps(work))

    assert problems({"@context": "https://schema.org", "@type": "WebPage", "citation": data, "name": "A"}) == []
    assert data["name"] == "A title"


def test_a_work_without_a_title_has_a_name():
    assert "Available from:" in cited('{"type": "webpage", "URL": "https://example.org/x"}')["name"]


def test_a_work_that_is_retracted_later_is_called_so(client, author, staff):
    made = states.PUBLIC["published"](author, staff)
    work = next(row for row in factories.Reference.objects.all() if row.csl["title"] == '"Doses"')

    work.csl = {**work.csl, "status": "retracted"}
    work.save()

    first, second = said(parsed(client.get(page_for(made))))["citation"]
    assert ("creativeWorkStatus" in first, second["creativeWorkStatus"]) == (False, "Retracted")


def test_dates_are_of_the_first_publication_and_of_this_version(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    data = said(parsed(client.get(page_for(made))))

    assert data["version"] == 2
    assert data["datePublished"] <= data["dateModified"]


def test_nothing_that_people_typed_ends_the_script():
    typed = "</script><!--<script>\u2028\u2029&amp;\\"

    script = as_script({"@type": "Thing", "name": typed})
    (element,) = html.fragments_fromstring(script)

    assert element.tag == "script"
    assert json.loads(element.text)["name"] == typed
    assert not re.search("[<>&\u2028\u2029]", script[script.index("{") : script.rindex("}")])


@pytest.mark.once
def test_the_terms_are_those_of_schema_org():
    """Compare our list with the one that rdflib brings along, which is of an earlier version."""
    newer = {"query-input", "digitalSourceType"}  # an annotation of a property, and a term that came later

    assert schema_org.unknown_to_rdflib({*PARENTS, *PROPERTIES}) <= newer


@pytest.mark.once
@pytest.mark.parametrize(
    "wrong",
    [
        {"@type": "MedicalWebPage", "reviewdBy": "A"},
        {"@type": "MedicalWebSite", "name": "A"},
        {"@type": "Article", "lastReviewed": "2026-01-01"},
        {"@type": "WebPage", "lastReviewed": "1 January 2026"},
        {"@type": "WebPage", "reviewedBy": {"@type": "CreativeWork", "name": "A"}},
        {"@type": "WebPage", "correctionsPolicy": "https://example.org/"},
        {"@type": "WebPage", "url": "/articles/"},
    ],
)
def test_what_schema_org_does_not_allow_is_found(wrong):
    data = {"@context": "https://schema.org", "name": "A", "description": "A.", "inLanguage": "en", **wrong}

    assert len(schema_org.problems(data)) >= 1


def test_the_page_names_its_markdown_and_its_pdf_and_both_are_there(client, author, staff):
    page = parsed(client.get(page_for(states.PUBLIC["published"](author, staff))))

    forms = said(page)["encoding"]

    assert [form["encodingFormat"] for form in forms] == ["text/markdown", "application/pdf"]
    for form in forms:
        answer = client.get(form["contentUrl"].removeprefix("http://testserver"))
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, form["encodingFormat"])
