"""A text that readers see as it is typed holds no marks of HTML or Markdown: they would read the marks."""

import html

import pytest
from django.urls import reverse

from articles.files.markdown.parsing import BadFile, parse
from articles.models import Article
from articles.text.plain.markup import in_plain_text
from tests.factories import article, evidence, published, submitted

MARKED = [
    "<b>5 mg</b>", "10<sup>9</sup>/L", "A &amp; B", "ALT &lt; 5", "&#956;g", "**5 mg**", "_E. coli_", "# Doses",
    "[text](https://example.org/)", "H~2~O", "<jats:italic>E. coli</jats:italic>", "5<br/>mg",
]  # fmt: skip
PLAIN = [
    "ALT <ULN and bilirubin >2 mg/dL", "p < 0.05 * significant", "HLA-B*57:01", "2*3*4 mg", "AT&T", "10⁹/L",
    "R&D; more",
    "5 < 6 > 4", "# of cases", "Name: ____", "x <y> z",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_in_a_plain_text_is_found(text):
    assert "would be shown as it is typed" in in_plain_text(f"Give {text} now" if "#" not in text[:1] else text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_a_mark_is_none(text):
    assert in_plain_text(text) == ""


@pytest.fixture
def forms(author, editor, clinical, specialist):
    """Return, by name, who sends which form to which address."""
    draft = article(author)
    section = draft.sections.get()
    public = published(submitted(author), editor, clinical, specialist).article
    fields = {
        "title": "One", "slug": "one", "kind": "topic", "language": "en", "written_for": draft.written_for_id,
        "risk": "standard", "topics": [draft.topics.get().pk], "ai_use": "assisted", "ai_note": "None",
        "seen": draft.history.first().pk,
    }  # fmt: skip
    part = {"role": "body", "heading": "Why", "body": "One.", "position": 3, "seen": ""}
    return {
        "title": (author, reverse("draft", args=[draft.pk]), fields),
        "ai_note": (author, reverse("draft", args=[draft.pk]), fields),
        "heading": (author, reverse("section_create", args=[draft.pk]), part),
        "wording's heading": (author, reverse("wording", args=[draft.pk, section.pk, "carer"]), part),
        "note": (author, reverse("submit", args=[draft.pk]), {"change": "major"}),
        "reason": (editor, reverse("notices", args=[public.pk]), {"kind": "correction", "seen": 0, "versions": 1}),
        "text": (editor, reverse("issue_disclaimer", args=["carer"]), {}),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["title", "ai_note", "heading", "wording's heading", "note", "reason", "text"])
def test_the_desk_refuses_marks_in_what_readers_see_as_it_is_typed(client, forms, name):
    who, address, fields = forms[name]
    client.force_login(who)
    before = evidence()

    refused = client.post(address, {**fields, name.split(" ")[-1]: "Give **5 mg** &amp; wait"})
    after = evidence()
    taken = client.post(address, {**fields, name.split(" ")[-1]: "Give 5 mg & wait if p < 5"})

    assert (refused.status_code, taken.status_code, after == before) == (422, 302, True)
    assert "“**5 mg**” would be shown as it is typed" in html.unescape(refused.content.decode())


@pytest.mark.django_db
def test_a_title_that_has_such_signs_already_stays_as_it_is(client, author, forms):
    who, address, fields = forms["title"]
    draft = Article.objects.get(pk=address.split("/")[-3])
    draft.title = "The **old** title"
    draft.save()
    client.force_login(who)

    answer = client.post(address, {**fields, "title": draft.title, "seen": draft.history.first().pk})

    assert answer.status_code == 302


@pytest.mark.parametrize("line", ["title: A &amp; B", 'title: "**Cancer**"', "title: A\nai_note: <b>none</b>"])
def test_a_file_with_marks_in_its_title_or_note_is_refused(line):
    with pytest.raises(BadFile, match=r"Line [23]: The (title|ai_note): .* would be shown as it is typed"):
        parse(f"---\n{line}\nkind: topic\nai_use: none\n---\nText.\n".encode())


@pytest.mark.parametrize("author", ["Smith, J &amp; Co", "<b>Smith</b>", "{NICE}"])
def test_a_reference_with_marks_in_a_name_is_refused(author):
    text = f'---\ntitle: A\nkind: topic\nreferences:\n  - {{id: x, title: T, author: ["{author}"]}}\n---\nText [@x].\n'
    with pytest.raises(BadFile, match="The field “author” would be printed with"):
        parse(text.encode())
