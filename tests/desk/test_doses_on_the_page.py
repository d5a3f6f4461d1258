"""On the page of a whole draft: the doses in which a wording differs from its main text, also while they are typed."""

import json

import pytest
from lxml import html

from articles.models import Audience, Autosave, Wording
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(author):
    draft = factories.article(author, body="<p>Give 1,000 mg.</p>")
    carer = Audience.objects.get(key="carer")
    factories.save(Wording(section=draft.sections.get(), audience=carer, body="<p>Give 1 g, at most 3 g.</p>"), author)
    return draft


def opened(client, author, draft):
    client.force_login(author)
    return html.fromstring(client.get(f"/desk/articles/{draft.pk}/write/").content)


def said(page) -> list[str]:
    return [" ".join(item.text_content().split()) for item in page.xpath("//ul[contains(@id, '-doses')]/li")]


def test_they_stand_under_the_section(client, author, draft):
    assert said(opened(client, author, draft)) == ["carer: 3 g stands only in the wording."]


def test_they_come_with_what_is_kept_while_it_is_typed(client, author, draft):
    page = opened(client, author, draft)
    section = f"s{draft.sections.get().pk}"
    fields = [[field.get("name"), field.value or ""] for field in page.xpath("//form[@id='write-form']//textarea")]
    fields += [["article-language", "en"]]
    typed = [[name, "<p>Give 20 mg.</p>" if name == f"{section}-body" else value] for name, value in fields]

    sent = {"page": "0" * 16, "part": section, "fields": typed}
    answer = client.post(f"/desk/articles/{draft.pk}/write/autosave/", json.dumps(sent), "application/json")

    assert answer.json()["doses"] == {
        section: [
            "carer: 20 mg stands only in the main text.",
            "carer: 1 g stands only in the wording.",
            "carer: 3 g stands only in the wording.",
        ]
    }
    assert Autosave.objects.get().part == section


def test_a_micro_sign_that_is_typed_is_the_stored_greek_letter(client, author):
    draft = factories.article(author, body="<p>Give 50 \u03bcg.</p>")
    client.force_login(author)
    section = f"s{draft.sections.get().pk}"
    fields = [["article-language", "en"], [f"{section}-body", "<p>Give 50 \u03bcg.</p>"]]
    sent = {
        "page": "0" * 16,
        "part": section,
        "fields": [*fields, [f"{section}-carer-body", "<p>Give 50 \u00b5g.</p>"]],
    }

    answer = client.post(f"/desk/articles/{draft.pk}/write/autosave/", json.dumps(sent), "application/json")

    assert answer.json()["doses"] == {section: []}


@pytest.mark.parametrize("part", ["article", "s999", "x" * 50, ""])
def test_of_another_part_none_are_said(part, client, author, draft):
    client.force_login(author)
    sent = {"page": "0" * 16, "part": part, "fields": [["article-language", "xx"], ["s9-body", "<p>5 mg"]]}

    answer = client.post(f"/desk/articles/{draft.pk}/write/autosave/", json.dumps(sent), "application/json")

    assert answer.status_code == 200
    assert not any(answer.json()["doses"].values())


def test_the_first_section_is_the_lead(client, author):
    draft = factories.article(author)
    draft.sections.get().delete()
    client.force_login(author)
    page = opened(client, author, draft)
    form = page.forms[[form.get("id") for form in page.forms].index("write-form")]
    values = {**dict(form.form_values()), "do": "add:section"}

    answer = html.fromstring(client.post(f"/desk/articles/{draft.pk}/write/", values).content)

    assert answer.xpath("string(//select[@name='n1-role']/option[@selected]/@value)") == "lead"
