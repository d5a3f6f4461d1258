"""What is typed, shown as readers would see it: nothing is saved, and nobody else sees it."""

from urllib.parse import urlencode

import pytest
from lxml import html

from articles.frozen.content import freeze
from articles.models import Article, Audience, Section, Wording
from articles.text.rendering import render
from tests.desk.pages import text, url
from tests.factories import article, cite, edit, person, rows, save

pytestmark = pytest.mark.django_db

TYPED = "<p>Canary 7 mg [@smith2020].</p>"


@pytest.fixture
def draft(author):
    """A draft of two sections with a cited work, and a wording for carers."""
    draft = article(author, title="Fever")
    cite(draft, by=author)
    edit(draft, "Give 5 mg.", by=author)
    save(Section(article=draft, heading="Later", body="<p>Rest.</p>", position=2), author)
    carer = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.first(), audience=carer, body="<p>Give it.</p>"), author)
    return draft


def section_fields(draft, **changed) -> dict:
    section = draft.sections.first()
    return {"role": section.role, "heading": section.heading, "body": TYPED, "position": section.position, **changed}


def previewed(client, draft, fields, audience="public", **named):
    return client.post(f"{url('draft_preview', draft.pk, audience)}?{urlencode(named)}", fields)


def of_section(draft) -> dict:
    return {"of": "section", "section": draft.sections.first().pk}


def article_of(answer) -> str:
    [found] = html.document_fromstring(answer.content.decode()).xpath("//article")
    return " ".join(found.text_content().split())


def as_saved(draft, audience) -> str:
    fresh = Article.objects.get(pk=draft.pk)
    return " ".join(html.fromstring(render(freeze(fresh).content, audience).html).text_content().split())


def test_what_is_typed_is_shown_as_it_would_be_when_saved_and_is_not_saved(at, author, draft):
    client, stored = at(author), rows()
    answer = previewed(client, draft, section_fields(draft), **of_section(draft))

    assert answer.status_code == 200
    assert rows() == stored
    seen = article_of(answer)
    assert "Canary 7 mg [1]." in seen
    client.post(url("section", draft.pk, draft.sections.first().pk), section_fields(draft))
    assert as_saved(draft, "public") == seen


@pytest.mark.parametrize("audience", ["public", "carer", "professional"])
def test_each_audience_sees_its_own_text(at, author, draft, audience):
    answer = previewed(at(author), draft, section_fields(draft), audience, **of_section(draft))

    shown = article_of(answer)
    assert ("Canary" in shown) == (audience != "carer")
    assert ("Give it." in shown) == (audience == "carer")


def test_a_wording_is_shown_to_its_readers_and_to_nobody_else(at, author, draft):
    section, client = draft.sections.first(), at(author)
    named = {"of": "wording", "section": section.pk, "readers": "professional"}
    fields = {"heading": "", "body": TYPED}

    shown = {key: article_of(previewed(client, draft, fields, key, **named)) for key in ("professional", "public")}
    without = previewed(client, draft, {"heading": "", "body": " "}, "carer", **{**named, "readers": "carer"})

    assert "Canary" in shown["professional"]
    assert "Canary" not in shown["public"]
    assert "Give 5 mg." in article_of(without)


def test_a_new_section_stands_where_it_would_be_saved(at, author, draft):
    client = at(author)
    fields = section_fields(draft, heading="New one", position=2)

    answer = previewed(client, draft, fields, of="section")
    client.post(url("section_create", draft.pk), fields)

    assert article_of(answer) == as_saved(draft, "public")
    assert "New one" in article_of(answer)


def test_the_title_is_shown_as_it_is_typed(at, author, draft):
    fields = {"title": "High fever", "slug": draft.slug, "kind": "topic", "language": "en", "risk": "standard",
              "written_for": draft.written_for_id}  # fmt: skip

    answer = previewed(at(author), draft, fields, of="article")

    assert html.document_fromstring(answer.content.decode()).xpath("string(//h1)") == "High fever"
    assert Article.objects.get().title == "Fever"


def test_the_whole_page_of_writing_is_shown_as_it_is_typed(at, author, draft):
    client, stored = at(author), rows()
    form = html.document_fromstring(client.get(url("write", draft.pk)).content.decode()).xpath("//form[@data-write]")[0]
    first, second = draft.sections.all()
    fields = {name: values for name in form.fields if (values := _values(form, name)) is not None}
    fields[f"s{first.pk}-body"] = TYPED
    fields[f"s{first.pk}-carer-body"] = ""
    fields["section"] = [f"s{second.pk}", f"s{first.pk}"]

    shown = {key: article_of(previewed(client, draft, fields, key, of="write")) for key in ("public", "carer")}
    refused = previewed(client, draft, {**fields, f"s{first.pk}-body": "<p>[@nobody1999]</p>"}, of="write")
    cut = previewed(client, draft, {f"s{first.pk}-body": TYPED}, of="write")

    assert shown["public"].index("Rest.") < shown["public"].index("Canary 7 mg [1].")
    assert "Canary" in shown["carer"]
    assert (refused.status_code, cut.status_code) == (422, 422)
    assert "nobody1999" in text(refused)
    assert rows() == stored


def _values(form, name):
    found = [
        element.value
        for element in form.xpath(".//*[@name=$name]", name=name)
        if element.get("type") not in ("checkbox", "radio") or element.get("checked") is not None
    ]
    return [each or "" for each in found] or None


def test_a_text_that_could_not_be_saved_is_refused_with_the_reasons(at, author, draft):
    answer = previewed(at(author), draft, section_fields(draft, body="<p>[@nobody1999]</p>"), **of_section(draft))

    assert answer.status_code == 422
    assert "nobody1999" in html.document_fromstring(answer.content.decode()).xpath("string(//*[@role='alert'])")


def test_a_newer_save_of_somebody_else_does_not_keep_the_preview_away(at, author, editor, draft):
    seen = draft.sections.first().history.first().pk
    edit(draft, "Give 9 mg.", by=editor)

    answer = previewed(at(author), draft, section_fields(draft, seen=seen), **of_section(draft))

    assert "Canary" in article_of(answer)


@pytest.mark.parametrize(
    "named",
    [{"of": "section", "section": "999"}, {"of": "section", "section": "x"}, {"of": "wording", "section": "999"},
     {"of": "wording", "section": "", "readers": "carer"}],
)  # fmt: skip
def test_a_section_of_another_draft_or_no_section_is_not_found(at, author, draft, named):
    other = article(author)
    answers = [
        previewed(at(author), draft, section_fields(draft), **named),
        previewed(at(author), draft, section_fields(draft), of="section", section=other.sections.get().pk),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("of", ["", "draft", "section;", "\x00"])
def test_a_form_that_is_not_named_is_refused(at, author, draft, of):
    assert previewed(at(author), draft, section_fields(draft), of=of).status_code == 422


def test_only_those_who_write_the_draft_are_shown_anything(at, clinical, author, draft):
    for who in (clinical, person("other", groups=["author"])):
        for address in (url("draft_preview", draft.pk, "public"), url("draft_preview", draft.pk, "public") + "?page"):
            assert at(who).get(address).status_code == 404
        answer = previewed(at(who), draft, section_fields(draft), **of_section(draft))
        assert answer.status_code == 404
        assert "Canary" not in text(answer)
    assert previewed(at(author), draft, section_fields(draft), "nobody", **of_section(draft)).status_code == 404


def test_the_readers_page_alone_may_be_framed_by_the_desk_and_is_private(at, author, draft):
    client, address = at(author), url("draft_preview", draft.pk, "public")

    alone = [client.get(f"{address}?page"), previewed(client, draft, section_fields(draft), **of_section(draft)),
             previewed(client, draft, {}, of="nothing")]  # fmt: skip
    others = [client.get(address), client.get(url("section", draft.pk, draft.sections.first().pk))]

    for answer in alone:
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert '<meta name="robots" content="noindex">' in text(answer)
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "nobody has approved this text" in text(answer)
        assert "<script" not in text(answer)
    for answer in others:
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_links_that_lead_away_open_beside_the_desk(at, author, draft):
    typed = '<p>See <a href="/topics/">topics</a> and <a href="https://example.org/">more</a> [@smith2020].</p>'

    answer = previewed(at(author), draft, section_fields(draft, body=typed), **of_section(draft))

    links = html.document_fromstring(answer.content.decode()).xpath("//article//a")
    assert {link.get("href")[0] == "#": link.get("target") for link in links} == {True: None, False: "_blank"}


def test_a_preview_costs_the_same_queries_with_many_sections(at, author, draft, django_assert_max_num_queries):
    client = at(author)
    with django_assert_max_num_queries(25) as cost:
        previewed(client, draft, section_fields(draft), **of_section(draft))
    for number in range(10):
        save(Section(article=draft, heading=f"{number}", body="<p>One.</p>", position=9 + number), author)

    with django_assert_max_num_queries(len(cost)):
        previewed(client, draft, section_fields(draft), **of_section(draft))
