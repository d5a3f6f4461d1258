"""Wordings beside the main text: who sees which text, which wording is older, and where the doses differ."""

import datetime

import pytest
from django.utils import timezone
from lxml import html

from articles import checks
from articles.checks.doses import differing
from articles.desk.texts.history.points import TOGETHER
from articles.frozen.content import freeze
from articles.models import Audience, Section, Wording
from tests.desk.pages import text, url
from tests.factories import article, edit, person, rows, save

pytestmark = pytest.mark.django_db

DAY = datetime.datetime(2027, 5, 3, 14, 2, tzinfo=datetime.UTC)


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets an hour pass."""
    time = [DAY]
    monkeypatch.setattr(timezone, "now", lambda: time[0])

    def pass_by():
        time[0] += datetime.timedelta(hours=1)

    return pass_by


@pytest.fixture
def draft(author, later):
    """A draft whose one section has a wording for carers."""
    draft = article(author, title="Fever", body="<p>Give 5 mg once a day.</p>")
    carer = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.get(), audience=carer, body="<p>Give 5 mg once a day, with food.</p>"), author)
    return draft


def page(answer):
    return html.document_fromstring(answer.content.decode())


def section_of(draft) -> tuple[int, int]:
    return draft.pk, draft.sections.get().pk


def tabs(answer) -> list[tuple[str, bool]]:
    links = page(answer).xpath("//nav[@aria-label='Texts of this section']//a")
    return [(" ".join(link.text_content().split()), link.get("aria-current") == "page") for link in links]


def is_older(client, draft) -> bool:
    """Return what all five pages say: they agree."""
    addresses = [
        url("draft", draft.pk),
        url("write", draft.pk),
        url("section", *section_of(draft)),
        url("wording", *section_of(draft), "carer"),
        url("wordings", *section_of(draft)),
    ]
    found = {bool(page(client.get(address)).find_class("older")) for address in addresses}
    assert len(found) == 1
    return found.pop()


def test_the_pages_of_a_section_say_which_text_each_audience_sees(at, author, draft):
    client = at(author)
    expected = [
        "For a patient or member of the public (main text)",
        "For a carer or family member (own wording)",
        "For a doctor, nurse or other healthcare professional (sees the main text)",
        "Side by side",
    ]

    for place, address in enumerate(
        (
            url("section", *section_of(draft)),
            url("wording", *section_of(draft), "carer"),
            url("wording", *section_of(draft), "professional"),
            url("wordings", *section_of(draft)),
        )
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert tabs(answer) == [(said, number == place) for number, said in enumerate(expected)]


def test_only_those_who_write_the_draft_see_its_texts_side_by_side(at, clinical, draft):
    for who in (clinical, person("other", groups=["author"])):
        assert at(who).get(url("wordings", *section_of(draft))).status_code == 404
        assert at(who).post(url("differing_doses", *section_of(draft)), {"body": "5 mg"}).status_code == 404


def test_a_wording_is_older_when_the_words_of_the_main_text_change_after_it(at, author, draft, later):
    client, section = at(author), draft.sections.get()
    assert not is_older(client, draft)
    later()
    edit(draft, "Give 50 mg once a day.", by=author)

    assert is_older(client, draft)
    answer = client.get(url("wording", *section_of(draft), "carer"))
    said = "The main text changed on 3 May 2027, 15:02 UTC, after this wording was last saved on 3 May 2027, 14:02 UTC."
    assert said in text(answer)
    since = client.get(page(answer).xpath("//p[contains(@class, 'older')]//a/@href")[0])
    assert "50" in page(since).xpath("string(//ol[contains(@class, 'changes')])")

    later()
    wording = section.wordings.get()
    client.post(
        url("wording", *section_of(draft), "carer"),
        {"heading": "", "body": wording.body, "seen": wording.history.first().pk},
    )
    assert not is_older(client, draft)


def test_another_place_or_topic_and_what_was_changed_back_make_no_wording_older(at, author, draft, later):
    later()
    section = draft.sections.get()
    section.position = 7
    save(section, author)
    assert not is_older(at(author), draft)

    section.heading = "Another"
    save(section, author)
    assert is_older(at(author), draft)

    later()
    section.heading = "What they do"
    save(section, author)
    assert not is_older(at(author), draft)


def test_what_is_saved_at_once_is_of_the_same_age(at, author, draft, monkeypatch):
    at_once = timezone.now() + datetime.timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: at_once)
    save(draft.sections.get().wordings.get(), author)
    monkeypatch.setattr(timezone, "now", lambda: at_once + TOGETHER / 2)
    edit(draft, "Give 50 mg once a day.", by=author)

    assert not is_older(at(author), draft)


@pytest.mark.parametrize(
    ("main", "wording", "only_main", "only_wording"),
    [
        ("<p>Give 5 mg.</p>", "<p>Give 50 mg.</p>", ["5 mg"], ["50 mg"]),
        ("<p>Give 1 g for five days.</p>", "<p>Give 1000 mg for 5 days.</p>", [], []),
        ("<p>500 micrograms</p>", "<p>500 µg</p>", [], []),
        ("<p>5&nbsp;mg</p>", "<p>5 mg</p>", [], []),
        ("<p>Give 5 mg/kg.</p>", "<p>Give 5 mg.</p>", ["5 mg/kg"], ["5 mg"]),
        ("<p>5–10 mg</p>", "<p>5 to 10 mg</p>", [], []),
        ("<p>every 6 hours</p>", "<p>every 8 hours</p>", ["every 6 hours"], ["every 8 hours"]),
        ("<p>three times a day</p>", "<p>3 times a day</p>", [], []),
        ("<table><tr><th>Adults</th><td>0.5 mg</td></tr></table>", "<p>0.05 mg</p>", ["0.5 mg"], ["0.05 mg"]),
        ("<p>Give 5 mg, then 5 mg.</p>", "<p>Nothing.</p>", ["5 mg"], []),
        ("<p>In 2024, 3 people.</p>", "<p>Nothing.</p>", [], []),
        ("", "", [], []),
    ],
)
def test_the_doses_that_stand_in_one_text_alone_are_found(main, wording, only_main, only_wording):
    assert differing(main, wording) == (only_main, only_wording)


@pytest.mark.parametrize(
    ("language", "same", "other"),
    [
        ("en", ["1,000 mg", "1000 mg", "1 000 mg", "1\u202f000 mg", "1 g"], ["1.000 mg", "1 mg"]),
        ("de", ["1.000 mg", "1000 mg", "1 000 mg", "1 g"], ["1,000 mg", "1 mg"]),
        ("en", ["1.5 mg", "1,5 mg", "1·5 mg", "1500 µg"], ["15 mg", "1,500 mg"]),
        ("de", ["1,5 mg", "1.5 mg", "1.500 µg"], ["15 mg", "1.500 mg"]),
        ("de", ["0,125 mg", "0.125 mg", "125 µg"], ["125 mg"]),
        ("en", ["1,000,000 IU", "1000000 IU"], ["1,000 IU"]),
        ("en", ["1,000–2,000 mg", "1000 to 2000 mg"], ["1–2,000 mg"]),
    ],
)
def test_numbers_are_compared_as_their_language_writes_them(language, same, other):
    for one in same:
        assert not differing(f"<p>{same[0]}</p>", f"<p>{one}</p>", language), one
    for one in other:
        assert differing(f"<p>{same[0]}</p>", f"<p>{one}</p>", language), one


def test_doses_that_differ_are_listed_beside_each_text_as_saved(at, author, draft):
    edit(draft, "Give 50 mg once a day.", by=author)
    client = at(author)

    pages = [
        client.get(url("section", *section_of(draft))),
        client.get(url("wording", *section_of(draft), "carer")),
        client.get(url("wordings", *section_of(draft))),
    ]

    said = [[item.text_content() for item in page(answer).xpath("//ul[@class='reasons']/li")] for answer in pages]
    sentences = ["50 mg stands only in the main text.", "5 mg stands only in the wording."]
    assert said == [[f"carer or family member: {each}" for each in sentences], sentences, sentences]


def test_the_doses_of_a_text_that_is_typed_are_read_and_nothing_is_stored(at, author, draft):
    client, address, stored = at(author), url("differing_doses", *section_of(draft)), rows()

    def said(**sent):
        answer = client.post(address, sent)
        return answer.status_code, answer.json()["said"]

    assert said(audience="carer", body="Give 6 mg [@smith2020].") == (
        200,
        ["5 mg stands only in the main text.", "6 mg stands only in the wording."],
    )
    assert said(audience="carer", body="<p>Give 5 mg once a day.</p>") == (200, [])
    assert said(audience="carer", body="") == (200, [])
    assert said(body="<p>Give 7 mg.</p>") == (
        200,
        ["carer or family member: 7 mg stands only in the main text.",
         "carer or family member: 5 mg stands only in the wording."],
    )  # fmt: skip
    assert said(body="<b><script>5 mg</scr") == (
        200,
        ["carer or family member: 5 mg stands only in the wording."],
    )
    assert said()[0] == 422
    assert said(body="x" * 2_000_001)[0] == 422
    assert rows() == stored


def test_texts_with_different_doses_are_a_finding_that_blocks_nothing(author, draft):
    def found():
        return [one for one in checks.run(freeze(draft).content) if one.rule == "DOS-001"]

    assert found() == []
    edit(draft, "Give it once a day.", by=author)
    assert found() == []  # the main text leaves the dose to the wording
    edit(draft, "Give 50 mg once a day.", by=author)
    [finding] = found()
    assert not finding.blocks
    assert finding.section == draft.sections.get().key
    assert finding.message == (
        "“What they do” has other doses for these readers: carer or family member. Only in the main text: 50 mg. Only "
        "in the wording: 5 mg. Check that both are right."
    )


def test_the_pages_cost_the_same_queries_with_many_sections(at, author, draft, later, django_assert_max_num_queries):
    client = at(author)
    addresses = [
        url("draft", draft.pk),
        url("section", *section_of(draft)),
        url("wording", *section_of(draft), "carer"),
        url("wordings", *section_of(draft)),
    ]
    costs = []
    later()
    edit(draft, "Give 7 mg.", by=author)
    for address in addresses:
        with django_assert_max_num_queries(40) as cost:
            client.get(address)
        costs.append(len(cost))
    for number in range(10):
        section = save(Section(article=draft, heading=f"{number}", body="<p>1 mg</p>", position=9 + number), author)
        for key in ("carer", "professional"):
            save(Wording(section=section, audience=Audience.objects.get(key=key), body="<p>2 mg</p>"), author)
        later()
        section.body = "<p>3 mg</p>"
        save(section, author)

    for address, cost in zip(addresses, costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(address)
