"""What the automatic checks find stands beside the text while it is written, before it is saved too."""

import time

import pytest
from lxml import html

from articles.checks.grouped import grouped
from articles.desk.texts.checking import levels_of_draft
from articles.models import Article, Section
from reviews import workflow
from reviews.workflow import NotNow
from tests.desk.pages import text, url
from tests.desk.test_choosing_figures import fields_of
from tests.factories import article, evidence, person, rows, save, submitted

pytestmark = pytest.mark.django_db

FAULTY = "<p>Take 5.0 mg of it. It helps 60% of people with PCOS.</p>"


@pytest.fixture
def draft(author):
    return article(author, title="Fever", body=FAULTY)


def panel(page) -> html.HtmlElement:
    return html.document_fromstring(page.content.decode()).xpath("//*[@data-checks]")[0]


def test_the_page_of_writing_groups_what_is_found_and_leads_to_its_section(at, author, draft):
    section = draft.sections.get()
    found = panel(at(author).get(url("write", draft.pk)))

    levels = {each.get("data-severity"): each for each in found.xpath(".//details[@data-severity]")}
    link = found.xpath(".//a[@data-words='5.0']")[0]
    assert [*levels] == ["block", "warn", "info"]
    assert [name for name in levels if levels[name].get("open") is not None] == ["block", "warn"]
    assert "Blocks submission (1)" in levels["block"].text_content()
    assert link.get("href") == f"#s{section.pk}"
    assert link.get("data-sentence") == "Take 5.0 mg of it."
    assert "CIT-018" in levels["warn"].text_content()


def test_what_is_typed_is_checked_and_not_saved(at, author, draft):
    client, section, stored = at(author), draft.sections.get(), rows()
    fields = fields_of(client.get(url("write", draft.pk))) | {f"s{section.pk}-body": "<p>Take .25 mg of it.</p>"}

    answer = client.post(url("draft_checks", draft.pk) + "?of=write", fields)
    refused = client.post(
        url("draft_checks", draft.pk) + "?of=write", fields | {f"s{section.pk}-body": "<p>[@nobody]</p>"}
    )

    assert answer.status_code == 200
    assert "MED-002" in text(answer)
    assert "MED-001" not in text(answer)
    assert refused.status_code == 422
    assert "Not checked: " in refused.content.decode()
    assert rows() == stored


def test_only_those_who_write_the_draft_are_told_what_is_found(at, clinical, draft):
    for who in (clinical, person("other", groups=["author"])):
        assert at(who).get(url("draft_checks", draft.pk)).status_code == 404
        assert at(who).post(url("draft_checks", draft.pk) + "?of=write", {}).status_code == 404


def test_many_findings_of_a_rule_are_folded(at, author):
    many = "".join(f"<p>It helps {number}% of people.</p>" for number in range(10, 22))
    found = panel(at(author).get(url("write", article(author, body=many).pk)))

    (group,) = (each for each in found.xpath(".//li[strong]") if "CIT-018" in each.text_content())
    assert len(group.xpath("./ul/li")) == 5
    assert len(group.xpath("./details/ul/li")) == 7
    assert "and 7 more" in group.text_content()


def test_a_dose_that_may_be_misread_cannot_be_submitted(author, draft):
    before = evidence()

    with pytest.raises(NotNow, match=r"The section “What they do”: A trailing zero in a dose: “5\.0”"):
        workflow.submit(draft, actor=author, change="major", note="First")

    assert evidence() == before


def test_reviewers_see_the_groups_with_links_to_the_text(at, author, editor):
    draft = article(author, body="<p>It helps 60% of people.</p>")
    page = at(editor).get(url("desk_review", submitted(author, draft).review.pk)).content.decode()
    document = html.document_fromstring(page)

    link = document.xpath("//a[@data-finding][@data-words='60%']")[0]
    assert document.xpath(f"//*[@id='{link.get('href')[1:]}']")


def test_five_thousand_words_are_checked_in_a_tenth_of_a_second(author):
    draft = article(author, body="<p>Rest.</p>")
    sentence = "Most people with this fever get well within a week, and about 60% of them take 5 mg of paracetamol. "
    for place in range(9):
        body = f"<p>{sentence * 5}</p>" * 6
        save(Section(article=draft, heading=f"Part {place}", body=body, position=place + 2), author)
    draft = Article.objects.get(pk=draft.pk)

    def spent() -> float:
        before = time.process_time()
        levels_of_draft(draft)
        return time.process_time() - before

    levels_of_draft(draft)
    assert min(spent() for _ in range(5)) < 0.3  # 0.1 s on a quiet machine; this one may be busy


def test_nothing_found_is_no_level():
    assert grouped([]) == []
