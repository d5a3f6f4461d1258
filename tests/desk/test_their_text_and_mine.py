"""Who saves a section or wording that somebody else saved meanwhile sees both texts, and can put them together."""

import pytest
from lxml import html

from articles.models import Audience, Wording
from tests import factories
from tests.desk.pages import text

pytestmark = pytest.mark.django_db
OLD = "<p>One.</p>\n<p>Give 5 mg.</p>\n<p>Three.</p>"
THEIRS = "<p>One.</p>\n<p>Give 10 mg.</p>\n<p>Three.</p>"
MINE = "<p>One, and first.</p>\n<p>Give 5 mg.</p>\n<p>Three.</p>"


@pytest.fixture
def draft(author):
    return factories.article(author, body=OLD)


@pytest.fixture(params=["section", "wording"])
def row(request, draft, author):
    """Return a section or a wording, the path of its page, and what its form sends beside heading and text."""
    section = draft.sections.get()
    path = f"/desk/articles/{draft.pk}/sections/{section.pk}/"
    if request.param == "section":
        return section, path, {"role": section.role, "position": section.position}
    wording = Wording(section=section, audience=Audience.objects.get(key="carer"), heading="For carers", body=OLD)
    return factories.save(wording, author), f"{path}for/carer/", {}


def send(client, author, row, editor=None):
    """Open the page, let the editor save another text, and send mine."""
    one, path, more = row
    client.force_login(author)
    seen = html.fromstring(client.get(path).content).xpath("string(//input[@name='seen']/@value)")
    one.body = THEIRS
    factories.save(one, editor)
    return client.post(path, {**more, "heading": one.heading, "body": MINE, "seen": seen})


def merged_form(response) -> tuple[str, dict[str, str]]:
    (form,) = html.fromstring(response.content).xpath("//section[@class='conflict']//form")
    sent = form.xpath(".//input[@name!='csrfmiddlewaretoken']")
    values = {each.get("name"): each.get("value") for each in sent}
    return form.xpath("string(.//textarea)").lstrip("\n"), values


def test_both_texts_stand_there_with_their_differences(client, author, editor, row):
    response = send(client, author, row, editor)

    assert response.status_code == 409
    (both,) = html.fromstring(response.content).xpath("//section[@class='conflict']")
    assert [each.text_content() for each in both.xpath(".//ins")][1:] == [", and first", "5 mg"]
    assert "10 mg" in [each.text_content() for each in both.xpath(".//del")]
    assert f"{editor.contributor.name} saved this draft after you opened it." in text(response)
    assert MINE.splitlines()[0] in html.fromstring(response.content).xpath("string(//form[@id='text']//textarea)")


def test_the_text_from_both_is_saved_as_it_stands(client, author, editor, row):
    one, path, _more = row

    merged, fields = merged_form(send(client, author, row, editor))
    assert merged == "<p>One, and first.</p>\n<p>Give 10 mg.</p>\n<p>Three.</p>"
    response = client.post(path, {**fields, "body": merged})

    assert response.status_code == 302
    one.refresh_from_db()
    assert one.body == merged
    assert one.history.count() == 3


def test_a_third_save_meanwhile_is_told_again(client, author, editor, row):
    one, path, _more = row
    merged, fields = merged_form(send(client, author, row, editor))
    one.body = "<p>Third.</p>"
    factories.save(one, editor)

    response = client.post(path, {**fields, "body": merged})

    assert response.status_code == 409
    one.refresh_from_db()
    assert one.body == "<p>Third.</p>"


@pytest.mark.parametrize("seen", ["x", "9" * 30, "", "-1"])
def test_what_a_page_never_sends_is_no_error(seen, client, author, editor, row):
    one, path, more = row
    client.force_login(author)

    response = client.post(path, {**more, "heading": one.heading, "body": MINE, "seen": seen})

    assert response.status_code in (409, 422)


def test_a_typed_text_that_cannot_be_stored_is_shown_too(client, author, editor, row):
    one, path, more = row
    client.force_login(author)
    seen = one.history.latest().pk
    one.body = THEIRS
    factories.save(one, editor)

    typed = {"heading": one.heading, "body": "<p>5 < 6 <script>x()</script>", "seen": seen}
    response = client.post(path, {**more, **typed})

    assert response.status_code in (409, 422)
    assert "<script>x()" not in response.content.decode()
