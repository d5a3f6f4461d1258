"""The history of a draft at the desk: its points in time, what changed between two of them, and restoring."""

import datetime
import re

import pytest
from django.utils import timezone
from lxml import html

from articles.desk.texts.history import points
from articles.desk.texts.history.points import key_of
from articles.frozen.as_of import content_as_of, only_draft
from articles.frozen.content import freeze
from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Audience,
    Authorship,
    Reference,
    Section,
    Topic,
    Wording,
)
from tests.desk.pages import text, url
from tests.factories import article, cite, edit, person, rows, save, submitted, topic

pytestmark = pytest.mark.django_db

DAY = datetime.datetime(2027, 5, 3, 14, 2, tzinfo=datetime.UTC)
CITED = '<p>Nodes swell<cite data-ref="smith2020">[smith2020]</cite>.</p>'


class Clock:
    """The time as the site sees it. It stands still until it is moved on."""

    def __init__(self, monkeypatch):
        self.at = DAY
        monkeypatch.setattr(timezone, "now", self.tick)

    def tick(self):
        self.at += datetime.timedelta(microseconds=1)
        return self.at

    def later(self) -> datetime.datetime:
        """Let an hour pass, and return the moment before it."""
        before = self.at
        self.at += datetime.timedelta(hours=1)
        return before


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def draft(author, clock):
    """A draft with a cited work and a wording for carers, written at one moment."""
    draft = article(author, title="Swollen nodes")
    cite(draft, by=author)
    section = draft.sections.get()
    section.body = CITED
    save(section, author)
    carer = Audience.objects.get(key="carer")
    save(Wording(section=section, audience=carer, body="<p>Give 5 mg.</p>"), author)
    return draft


def now(draft) -> dict:
    return only_draft(freeze(Article.objects.get(pk=draft.pk)).content)


def change_everything(draft, author, editor):
    """Change each thing that is signed, in two saves an hour apart."""
    section = draft.sections.get()
    section.heading, section.body, section.position = "What nodes do", "<p>They filter 7 mg of lymph.</p>", 4
    save(section, author)
    wording = section.wordings.get()
    wording.body = "<p>Give 6 mg.</p>"
    save(wording, author)
    save(Section(article=draft, heading="Causes", body="<p>Colds.</p>", position=2), editor)
    draft.title, draft.ai_use = "Swollen lymph nodes", "assisted"
    save(draft, editor)
    row = ArticleTopic.objects.get(article=draft)
    row._history_user = editor
    row.delete()
    save(ArticleTopic(article=draft, topic=topic("Surgery")), editor)
    save(Authorship(article=draft, contributor=person("writer", "Will Writer").contributor, position=1), editor)


def page(answer):
    return html.document_fromstring(answer.content.decode())


def listed(answer) -> list[str]:
    return [" ".join(item.text_content().split()) for item in page(answer).xpath("//form/ol/li")]


def restorations(answer) -> dict[str, dict]:
    """Return what each button of the page restores, and what it sends."""
    found = {}
    for form in page(answer).xpath("//ul[@class='rows']//form"):
        sent = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
        del sent["csrfmiddlewaretoken"]
        found[" ".join(form.xpath("string(.//button)").split())] = sent
    return found


def since(client, draft, at):
    return client.get(url("draft_changes", draft.pk), {"from": key_of(at)})


def test_what_was_saved_at_once_is_one_point_with_the_versions_among_them(at, author, editor, draft, clock):
    clock.later()
    submitted(author, draft)
    clock.later()
    change_everything(draft, author, editor)

    answer = at(author).get(url("draft_history", draft.pk))

    found = listed(answer)
    assert answer.status_code == 200
    assert len(found) == 4
    assert ["Edith Editor" in found[0], "Ada Author" in found[1]] == [True, True]
    assert "Section: What nodes do (changed: Heading, Place, Text)" in found[1]
    assert "Wording for carer or family member: What nodes do (changed: Text)" in found[1]
    assert "Version 1 was submitted" in found[2]
    assert "The article (added)" in found[3]


def test_only_those_who_write_the_draft_see_its_history(at, author, clinical, draft):
    other = person("other", groups=["author"])

    pages = (url("draft_history", draft.pk), f"{url('draft_changes', draft.pk)}?from=now")

    assert [at(author).get(one).status_code for one in pages] == [200, 200]
    for who in (other, clinical):
        assert [at(who).get(one).status_code for one in pages] == [404, 404]
        assert at(who).post(url("restore", draft.pk), {"from": "now", "part": "draft"}).status_code == 404


def test_pages_follow_each_other_without_a_point_twice_or_missing(at, author, draft, clock, monkeypatch):
    monkeypatch.setattr(points, "CHANGES", 3)
    for number in range(7):
        clock.later()
        edit(draft, f"Nodes swell {number}.", by=author)
    client, address, seen = at(author), url("draft_history", draft.pk), []

    while address:
        answer = client.get(address)
        seen += page(answer).xpath("//input[@name='from']/@value")
        more = page(answer).xpath("//a[text()='Earlier changes']/@href")
        address = url("draft_history", draft.pk) + more[0] if more else ""

    assert len(seen) == len(set(seen)) >= 8
    assert seen == sorted(seen, reverse=True)


def test_the_draft_of_each_moment_is_put_together_as_it_was(author, editor, draft, clock):
    first, before = now(draft), clock.later()
    change_everything(draft, author, editor)
    second, between = now(draft), clock.later()
    draft.sections.get(heading="Causes").delete()
    work = Reference.objects.get()
    work.csl = {**work.csl, "title": "Corrected"}
    work.save()
    audience = Audience.objects.get(key="carer")
    audience.label = "carer"
    audience.save()

    assert content_as_of(draft, before) == first
    assert content_as_of(draft, between) == second
    assert content_as_of(draft, clock.later()) == now(draft)
    assert content_as_of(draft, DAY - datetime.timedelta(days=1)) is None


def test_everything_that_is_signed_is_compared(at, author, editor, draft, clock):
    before = clock.later()
    change_everything(draft, author, editor)

    answer = since(at(author), draft, before)

    shown = text(answer)
    assert answer.status_code == 200
    for words in ("Swollen <ins>", "Causes", "Authors and others named", "Topics", "For other readers"):
        assert words in shown, words
    places = page(answer).xpath("//ol[contains(@class, 'changes')]/li/a/@href")
    assert len(places) >= 6
    assert all(page(answer).get_element_by_id(place.removeprefix("#")) is not None for place in places)
    heading = page(answer).get_element_by_id("all-changes-heading").text_content()
    assert heading.startswith("11 changes: 1 section, 1 title, 1 heading")


def test_any_two_texts_are_compared_the_earlier_first(at, author, draft, clock):
    first = clock.later()
    edit(draft, "They filter 5 mg.", by=author)
    submitted(author, draft)
    clock.later()
    edit(draft, "They filter 7 mg.", by=author)
    client = at(author)

    answers = [
        client.get(url("draft_changes", draft.pk), {"from": one, "to": other})
        for one, other in (("version-1", key_of(first)), (key_of(first), "version-1"))
    ]
    same = client.get(url("draft_changes", draft.pk), {"from": "version-1", "to": "version-1"})
    newer = client.get(url("draft_changes", draft.pk), {"from": "version-1", "to": "now"})

    assert answers[0].content.count(b"<ins>") == answers[1].content.count(b"<ins>") > 0
    assert "to version 1, submitted" in text(answers[0])
    assert not page(answers[0]).xpath("//form[contains(@action, 'restorations')]")  # nothing to restore over
    assert "Nothing changed" in text(same)
    assert re.search(r"<del>.*5.*</del>.*<ins>.*7", text(newer))


@pytest.mark.parametrize(
    "sent",
    ["", "yesterday", "version-", "version-9", f"version-{'9' * 30}", "2026-13-45T00:00:00Z", "1999-01-01T00:00:00Z",
     "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2027-05-03T14:02:00", "\0"],
)  # fmt: skip
def test_an_address_that_names_no_text_is_refused_with_a_sentence(at, author, draft, sent):
    before = rows()

    answers = [
        at(author).get(url("draft_changes", draft.pk), {"from": sent}),
        at(author).get(url("draft_changes", draft.pk), {"from": "now", "to": sent or "never"}),
        at(author).post(url("restore", draft.pk), {"from": sent, "part": "draft"}),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all(page(answer).xpath("//*[@role='alert']/p") for answer in answers)
    assert rows() == before


def test_the_whole_draft_is_restored_as_a_new_change(at, author, editor, draft, clock):
    first, before = now(draft), clock.later()
    change_everything(draft, author, editor)
    people, kept = now(draft)["contributors"], Section.history.count()
    clock.later()

    sent = restorations(since(at(author), draft, before))["Restore The whole draft"]
    answer = at(author).post(url("restore", draft.pk), sent, follow=True)

    assert answer.redirect_chain == [(url("draft", draft.pk), 302)]
    assert "Restored from 3 May 2027, 14:02 UTC." in text(answer)
    assert now(draft) == {**first, "contributors": people}
    assert Section.history.count() > kept
    newest = Section.history.order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (author, f"restored from {key_of(before)}")
    assert "Restored from 3 May 2027, 14:02 UTC" in listed(at(author).get(url("draft_history", draft.pk)))[0]


def test_a_removed_section_comes_back_with_its_key_its_address_and_its_wordings(at, author, draft, clock):
    first, before = now(draft), clock.later()
    section = draft.sections.get()
    seen = f"{section.history.first().pk} {section.wordings.get().history.first().pk}"
    at(author).post(url("section_remove", draft.pk, section.pk), {"seen": seen})
    assert not draft.sections.exists()
    clock.later()

    buttons = restorations(since(at(author), draft, before))
    answer = at(author).post(
        url("restore", draft.pk), buttons["Restore The removed section “What they do”, with its wordings"]
    )

    assert answer.url == url("section", draft.pk, section.pk)
    assert now(draft) == first
    assert at(author).get(answer.url).status_code == 200


def test_one_section_or_wording_is_restored_and_nothing_else(at, author, editor, draft, clock):
    first, before = now(draft), clock.later()
    change_everything(draft, author, editor)
    changed, client = now(draft), at(author)
    clock.later()
    buttons = restorations(since(client, draft, before))

    answer = client.post(url("restore", draft.pk), buttons["Restore The section “What they do”"])
    old, restored = (next(row for row in each["sections"] if row["key"] == first["sections"][0]["key"])
                     for each in (first, now(draft)))  # fmt: skip
    assert answer.status_code == 302
    assert restored == {**old, "wordings": changed["sections"][1]["wordings"]}
    assert now(draft)["title"] == changed["title"]
    clock.later()

    name = "Restore The section “What they do”, wording for a carer or family member"
    answer = client.post(url("restore", draft.pk), restorations(since(client, draft, before))[name])
    restored = next(row for row in now(draft)["sections"] if row["key"] == old["key"])
    assert answer.url == url("wording", draft.pk, draft.sections.get(key=old["key"]).pk, "carer")
    assert restored == old


def test_a_newer_save_of_somebody_else_is_seen(at, author, editor, draft, clock):
    before = clock.later()
    edit(draft, "They filter 5 mg.", by=author)
    buttons = restorations(since(at(author), draft, before))
    clock.later()
    edit(draft, "They filter 50 mg.", by=editor)
    stored = rows()

    answers = [at(author).post(url("restore", draft.pk), sent) for sent in buttons.values()]

    assert len(answers) == 2
    assert {answer.status_code for answer in answers} == {409}
    assert all("Someone else saved this" in text(answer) and "50" in text(answer) for answer in answers)
    assert rows() == stored
    again = at(author).post(url("restore", draft.pk), restorations(answers[0])["Restore The section “What they do”"])
    assert again.status_code == 302


def test_a_text_whose_citation_has_lost_its_reference_is_refused_and_says_what_to_do(at, author, draft, clock):
    before = clock.later()
    edit(draft, "They filter 5 mg.", by=author)
    ArticleReference.objects.get(article=draft).delete()
    stored = rows()

    sent = restorations(since(at(author), draft, before))
    answer = at(author).post(url("restore", draft.pk), sent["Restore The section “What they do”"])

    assert answer.status_code == 422
    assert "smith2020" in page(answer).xpath("string(//*[@role='alert'])")
    assert page(answer).xpath(f"//*[@role='alert']//a[@href='{url('references', draft.pk)}']")
    assert rows() == stored

    whole = at(author).post(url("restore", draft.pk), sent["Restore The whole draft"])  # the library still has the work
    assert whole.status_code == 302
    assert draft.article_references.get().key == "smith2020"


def test_a_work_that_has_left_the_library_is_refused(at, author, draft, clock):
    before = clock.later()
    edit(draft, "They filter 5 mg.", by=author)
    ArticleReference.objects.get(article=draft).delete()
    Reference.objects.get().delete()
    stored = rows()

    answer = at(author).post(
        url("restore", draft.pk), restorations(since(at(author), draft, before))["Restore The whole draft"]
    )

    assert answer.status_code == 422
    assert "The library no longer has the work that [@smith2020] led to." in text(answer)
    assert rows() == stored


def test_a_wording_for_readers_who_are_no_audience_any_more_is_refused(at, author, draft, clock):
    before = clock.later()
    audience = Audience.objects.create(key="teacher", label="teacher", position=9)
    section = draft.sections.get()
    save(Wording(section=section, audience=audience, body="<p>For teachers.</p>"), author)
    worded = clock.later()
    section.wordings.get(audience=audience).delete()
    audience.delete()
    stored = rows()
    client = at(author)

    page_since = since(client, draft, worded)
    refused = client.post(
        url("restore", draft.pk),
        restorations(page_since)["Restore The section “What they do”, wording for a teacher"],
    )

    assert refused.status_code == 422
    assert "There are no readers “teacher” any more" in text(refused)
    assert rows() == stored
    assert since(client, draft, before).status_code == 200


def test_restoring_never_lowers_a_risk_and_keeps_the_address(at, author, editor, draft, clock):
    before = clock.later()
    draft.risk, draft.slug = "high", "new-address"
    save(draft, editor)
    edit(draft, "They filter 5 mg.", by=author)

    sent = restorations(since(at(author), draft, before))["Restore The whole draft"]
    answer = at(author).post(url("restore", draft.pk), sent)

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.risk, draft.slug) == ("high", "new-address")
    assert draft.sections.get().body == CITED


@pytest.mark.parametrize("part", ["", "nowhere", "nowhere/carer", "draft/", "/carer"])
def test_a_part_that_never_was_is_refused(at, author, draft, clock, part):
    before = clock.later()
    stored = rows()

    answer = at(author).post(url("restore", draft.pk), {"from": key_of(before), "part": part, "seen": ""})

    assert answer.status_code == 422
    assert rows() == stored


def test_a_topic_that_is_gone_is_refused_with_the_whole_draft(at, author, editor, draft, clock):
    before = clock.later()
    change_everything(draft, author, editor)
    Topic.objects.get(name="Oncology").delete()
    stored = rows()

    sent = restorations(since(at(author), draft, before))["Restore The whole draft"]
    answer = at(author).post(url("restore", draft.pk), sent)

    assert answer.status_code == 422
    assert page(answer).xpath("//*[@role='alert']//li")
    assert rows() == stored


def test_the_pages_cost_a_constant_number_of_queries(at, author, editor, draft, clock, django_assert_max_num_queries):
    before = clock.later()
    change_everything(draft, author, editor)
    client = at(author)
    addresses = (
        url("draft_history", draft.pk),
        f"{url('draft_changes', draft.pk)}?from={key_of(before)}",
        f"{url('draft_changes', draft.pk)}?from={key_of(before)}&to={key_of(clock.later())}",
    )
    costs = []
    for address in addresses:
        with django_assert_max_num_queries(45) as cost:
            client.get(address)
        costs.append(len(cost))
    for number in range(12):
        section = save(Section(article=draft, heading=f"{number}", body="<p>One.</p>", position=9 + number), author)
        for key in ("carer", "professional"):
            save(Wording(section=section, audience=Audience.objects.get(key=key), body="<p>Two.</p>"), author)
        section.body = "<p>Three.</p>"
        save(section, editor)
        clock.later()

    for address, cost in zip(addresses, costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(address)
