"""The page that edits a whole draft: one save, refusals at their fields, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml.html import document_fromstring

from articles.desk.writing.saving import positions
from articles.models import Article, Audience, Authorship, Section, Wording
from tests.desk.pages import text, url
from tests.factories import article, cite, evidence, person, save, topic

pytestmark = pytest.mark.django_db


def fields_of(page) -> list[tuple[str, str]]:
    """Return what a browser would send of the page's form, in its order."""
    (form,) = [form for form in document_fromstring(page.content).forms if "data-write" in form.attrib]
    found = []
    for field in form.xpath(".//input | .//select | .//textarea"):
        name, kind = field.get("name"), field.get("type")
        if not name or name == "csrfmiddlewaretoken" or (kind == "checkbox" and "checked" not in field.attrib):
            continue
        found.append((name, field.value or ""))
    return found


class Opened:
    """The page as somebody opened it: its fields can be changed and sent."""

    def __init__(self, client, draft):
        self.client, self.address = client, url("write", draft.pk)
        self.show(client.get(self.address))
        assert self.page.status_code == 200

    def show(self, page):
        self.page = page
        if b"data-write" in page.content:
            self.fields = fields_of(page)
        return page

    def __getitem__(self, name) -> str:
        return dict(self.fields)[name]

    def all(self, name) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def type(self, **changed):
        """Type into fields: two underscores stand for the hyphen of a name."""
        wanted = {name.replace("__", "-"): value for name, value in changed.items()}
        assert wanted.keys() <= {name for name, _ in self.fields}, wanted.keys()
        self.fields = [(name, wanted.get(name, value)) for name, value in self.fields]
        return self

    def set(self, name, values):
        self.fields = [(key, value) for key, value in self.fields if key != name] + [(name, each) for each in values]
        return self

    def send(self, do="save", **kwargs):
        data = {}
        for name, value in [*self.fields, ("do", do)]:
            data.setdefault(name, []).append(value.replace("\n", "\r\n"))
        return self.show(self.client.post(self.address, data, **kwargs))


@pytest.fixture
def draft(author):
    found = article(author, title="Nodes", topics=("Oncology", "Surgery"))
    for place, heading in ((2, "Two"), (3, "Three")):
        save(Section(article=found, heading=heading, body=f"<p>Words of {heading}.</p>", position=place), author)
    carer = Audience.objects.get(key="carer")
    save(Wording(section=found.sections.last(), audience=carer, body="<p>For carers.</p>"), author)
    return found


def named(draft) -> list[str]:
    return list(draft.sections.values_list("heading", flat=True))


def histories() -> dict[str, int]:
    return {model.__name__: model.history.count() for model in (Article, Section, Wording, Authorship)}


def test_a_page_that_is_sent_as_it_was_opened_writes_nothing(at, author, draft):
    cite(draft, by=author)
    before = evidence(), histories()

    client = at(author)
    answer = Opened(client, draft).send()

    assert answer.status_code == 302
    assert answer.url.startswith(url("write", draft.pk))
    assert (evidence(), histories()) == before
    assert "Nothing has changed since the draft was saved." in text(client.get(answer.url))


def test_one_save_writes_all_that_changed_and_only_that(at, author, draft):
    one, two, three = draft.sections.all()
    before = histories()
    page = Opened(at(author), draft).type(article__title="Lymph nodes", article__ai_note="None.")
    page.type(**{f"s{two.pk}__body": "Words of Two, which are new.", f"s{three.pk}-carer__body": "Other words."})
    page.type(**{f"s{one.pk}-professional__body": "For doctors."})

    answer = page.send()

    assert answer.status_code == 302, text(answer)
    draft.refresh_from_db()
    assert (draft.title, draft.ai_note) == ("Lymph nodes", "None.")
    assert Section.objects.get(pk=two.pk).body == "<p>Words of Two, which are new.</p>"
    assert [row.body for row in Wording.objects.order_by("pk")] == ["<p>Other words.</p>", "<p>For doctors.</p>"]
    assert histories() == {
        "Article": before["Article"] + 1,
        "Section": before["Section"] + 1,
        "Wording": before["Wording"] + 2,
        "Authorship": before["Authorship"],
    }
    assert {row.history_user for row in Section.history.filter(id=two.pk)} == {author}


def test_a_refusal_of_one_field_saves_nothing_and_keeps_everything_typed(at, author, draft):
    one, two, _ = draft.sections.all()
    before = evidence(), histories()
    page = Opened(at(author), draft).type(article__title="Lymph nodes", article__slug="no address")
    page.type(
        **{f"s{one.pk}__body": "Sound words.", f"s{two.pk}__body": "<video>5 mg</video>", f"s{two.pk}__heading": ""}
    )

    answer = page.send()

    assert answer.status_code == 422
    assert (evidence(), histories()) == before
    assert (page["article-title"], page[f"s{one.pk}-body"].strip()) == ("Lymph nodes", "Sound words.")
    assert page[f"s{two.pk}-body"].strip() == "<video>5 mg</video>"
    tree = document_fromstring(answer.content)
    links = [link.get("href") for link in tree.xpath("//*[@role='alert']//a")]
    assert {"#id_article-slug", f"#id_s{two.pk}-body", f"#s{two.pk}"} <= {*links}
    for link in links:
        assert tree.xpath(f"//*[@id='{link[1:]}']"), link
    assert tree.xpath(f"//*[@id='id_s{two.pk}-body']/@aria-invalid") == ["true"]
    assert tree.xpath(f"//*[@id='id_s{one.pk}-body']/@aria-invalid") == []


def test_sections_are_added_moved_removed_and_taken_back_without_a_script(at, author, draft):
    one, two, three = draft.sections.all()
    page = Opened(at(author), draft).type(**{f"s{one.pk}__heading": "First"})
    before = evidence()

    page.send("add:section")
    page.type(n1__heading="Fourth", n1__body="New words.")
    page.send(f"down:s{one.pk}")
    page.send(f"remove:s{three.pk}")
    page.send(f"remove:s{two.pk}")
    page.send(f"undo:s{two.pk}")

    assert evidence() == before
    assert page.all("section") == [f"s{two.pk}", f"s{one.pk}", f"s{three.pk}", "n1"]
    assert page.page.status_code == 200
    assert page.send().status_code == 302
    assert named(draft) == ["Two", "First", "Fourth"]
    assert Section.objects.get(heading="Fourth").body == "<p>New words.</p>"
    assert not Wording.objects.exists()
    assert {row.history_type for row in Section.history.filter(id=three.pk)} == {"+", "-"}
    assert {row.history_type for row in Wording.history.all()} == {"+", "-"}


def test_the_last_author_stays(at, author, editor, draft):
    before = evidence()
    person = draft.authorships.get()

    page = Opened(at(editor), draft).set(f"p{person.pk}-removed", ["1"])

    assert page.send().status_code == 422
    assert "An article needs an author. Add another one first." in text(page.page)
    assert evidence() == before


def test_people_are_added_given_another_role_and_ordered(at, author, draft):
    other = person("other", "Olga Other").contributor
    mine = draft.authorships.get()
    page = Opened(at(author), draft)

    page.send("add:person")
    page.type(m1__contributor=str(other.pk), m1__role="editor")
    page.send("up:m1")
    answer = page.send()

    assert answer.status_code == 302, text(answer)
    assert [(row.contributor, row.role) for row in draft.authorships.all()] == [
        (other, "editor"),
        (mine.contributor, "author"),
    ]
    page = Opened(at(author), draft)
    row = draft.authorships.get(contributor=other)
    page.type(**{f"p{row.pk}__role": "illustrator"})
    assert page.send().status_code == 302
    row.refresh_from_db()
    assert row.role == "illustrator"
    page = Opened(at(author), draft).set(f"p{row.pk}-removed", ["1"])
    assert page.send().status_code == 302
    assert [each.pk for each in draft.authorships.all()] == [mine.pk]


def test_a_wording_that_is_emptied_is_removed(at, author, draft):
    section = draft.sections.last()

    page = Opened(at(author), draft).type(**{f"s{section.pk}-carer__body": ""})

    assert page.send().status_code == 302
    assert not Wording.objects.exists()


def test_topics_are_filed_with_the_rest(at, author, draft):
    wanted = topic("Nursing")

    page = Opened(at(author), draft).set("article-topics", [str(wanted.pk)])

    assert page.send().status_code == 302
    assert [row.topic for row in draft.article_topics.all()] == [wanted]


def test_a_form_that_did_not_arrive_whole_saves_nothing(at, author, draft):
    before = evidence()

    answer = at(author).post(url("write", draft.pk), {"article-title": "Half"})

    assert answer.status_code == 422
    assert "The form did not arrive completely. Nothing was saved." in text(answer)
    assert evidence() == before


def test_the_page_is_not_there_for_others(at, author, draft):
    stranger = person("stranger", groups=["author"])

    assert at(stranger).get(url("write", draft.pk)).status_code == 404
    assert at(stranger).post(url("write", draft.pk), {"whole": "1"}).status_code == 404


def statements(client, draft, changes) -> int:
    page = Opened(client, draft).type(**changes)
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = page.send()
    assert answer.status_code == 302, text(answer)
    return len(found)


def test_a_save_takes_at_most_25_statements_whatever_did_not_change(at, author, draft):
    one = draft.sections.first()
    client = at(author)
    few = statements(client, draft, {f"s{one.pk}__body": "One change."})
    for place in range(4, 24):
        row = save(Section(article=draft, heading=f"Part {place}", body="<p>Words.</p>", position=place), author)
        save(Wording(section=row, audience=Audience.objects.get(key="carer"), body="<p>Carers.</p>"), author)

    many = statements(client, draft, {f"s{one.pk}__body": "Another change."})
    eight = {f"s{row.pk}__body": f"All change {row.pk}." for row in draft.sections.all()[:8]}
    all_of_them = statements(client, draft, eight)

    assert few == many
    assert max(few, all_of_them) <= 25, (few, all_of_them)


def test_opening_the_page_takes_as_many_statements_for_many_sections(at, author, draft, django_assert_num_queries):
    client = at(author)
    with CaptureQueriesContext(connection) as few:
        client.get(url("write", draft.pk))
    for place in range(4, 24):
        save(Section(article=draft, heading=f"Part {place}", body="<p>Words.</p>", position=place), author)

    with django_assert_num_queries(len(few)):
        client.get(url("write", draft.pk))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([3, 1, 2], [0, 1, 2]),
        ([2, 3, 1], [2, 3, 4]),
        ([1, 3, 2, 4], [1, 3, 4, 5]),
        ([1, None, 2], [1, 2, 3]),
        ([1, None, 5], [1, 2, 5]),
        ([None, None], [1, 2]),
        ([5, 5, 5], [5, 6, 7]),
        ([32_767, None], [1, 2]),
        ([], []),
    ],
)
def test_positions_rise_and_as_many_as_possible_stay(now, then):
    assert positions(now) == then


def test_the_references_stand_beside_the_texts_with_their_numbers(at, author, draft, django_assert_num_queries):
    for key in ("later", "first", "unused"):
        cite(draft, key, by=author)
    page = Opened(at(author), draft)
    one, two, _ = draft.sections.all()
    page.type(**{f"s{one.pk}__body": "Words [@first].", f"s{two.pk}__body": "More [@later; @first]."}).send()
    shown = Opened(at(author), draft).page
    rows = document_fromstring(shown.content).xpath("//section[@aria-labelledby='references']//li")

    lines = [" ".join(row.text_content().split()) for row in rows]
    assert [line.split(" Work")[0] for line in lines] == ["[1] [@first]", "[2] [@later]", "[@unused]"]
    assert lines[2].endswith("not cited")
    row = draft.article_references.get(key="first")
    assert rows[0].xpath(".//a/@href") == [url("reference", draft.pk, row.pk)]
    client = at(author)
    with CaptureQueriesContext(connection) as few:
        client.get(url("write", draft.pk))
    for number in range(20):
        cite(draft, f"more{number}", by=author)
    with django_assert_num_queries(len(few)):
        client.get(url("write", draft.pk))


ODD = ["", "a\0b", "9" * 30, "x", "²", "x" * 20_000]


@pytest.mark.once
@pytest.mark.parametrize("odd", ODD)
def test_odd_values_of_every_field_are_answered(at, author, draft, odd):
    page = Opened(at(author), draft)
    page.send("add:section")
    page.send("add:person")
    fields = list(page.fields)

    for name in sorted({name for name, _ in fields} | {"undecided", "n1-restored", "do"}):
        page.fields = list(fields)
        answer = page.set(name, [odd]).send(odd if name == "do" else "save")
        assert answer.status_code in (200, 302, 409, 422), (name, answer.status_code)


@pytest.mark.once
@pytest.mark.parametrize("name", ["gone", "removed", "body", "nothing", ""])
def test_choices_about_what_is_not_there_are_answered(at, author, draft, name):
    for part in ("s999", "n1", "article", "x", "", "s1-carer", "p1"):
        for choice in ("theirs", "mine", "both", ""):
            page = Opened(at(author), draft)
            page.set("undecided", [f"{part}|{name}"]).set(f"choice|{part}|{name}", [choice])
            assert page.send().status_code in (302, 409, 422), (part, choice)
