"""The window of the editor in which figures are chosen, added and changed, and the pages that show them to a writer."""

import json
from urllib.parse import urlencode

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Audience, Figure, Section, Wording
from tests import factories
from tests.desk.pages import text, url
from tests.figures import addresses, figure, placed, png

pytestmark = pytest.mark.django_db

WORDS = {"alt": "A teal area.", "caption": "Teal", "source": "Own drawing", "licence": "CC BY 4.0", "seen": ""}


@pytest.fixture
def draft(author):
    return factories.article(author, body=f"<p>a</p>\n{placed()}\n{placed('gone')}")


def window(draft, key="") -> str:
    return url("figure_choice", draft.pk) + (f"?figure={key}" if key else "")


def chosen(name="ecg.png", data=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or png(), "image/png")


def test_the_window_offers_the_articles_figures_and_a_form(at, author, draft):
    row = figure(draft, by=author, caption="ECG <1>")
    figure(factories.article(author, title="Another"), "theirs", by=author)

    page = text(at(author).get(window(draft)))

    assert f'data-choose="ecg"><img src="{addresses(row)[0]}" alt=""> <span>ECG &lt;1&gt;</span>' in page
    assert "theirs" not in page
    assert 'id="figure-alt"' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_new_figure_is_stored_and_answered(at, author, draft):
    answer = at(author).post(window(draft), {"file": chosen("ECG on day 1.png"), **WORDS})

    row = Figure.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "key": "ecg-on-day-1",
        "src": addresses(row)[0],
        "alt": "A teal area.",
        "caption": "Teal",
        "said": [],
    }
    assert row.article == draft
    assert row.history.get().history_user == author


def test_what_differs_from_the_file_is_said(at, author, draft):
    answer = at(author).post(window(draft), {"file": chosen(data=png(size=(2400, 300))), **WORDS})

    assert answer.status_code == 201
    assert all(factories.is_sentence(said) for said in answer.json()["said"])
    assert answer.json()["said"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alt": ""}, "Say what the picture shows, or mark it as decorative; not both."),
        ({"file": ""}, "This field is required."),
        ({"source": ""}, "This field is required."),
        ({"file": SimpleUploadedFile("x.png", b"no picture")}, "This is no PNG, JPEG, WebP or SVG file."),
    ],
)
def test_a_refusal_answers_the_form_with_what_was_typed(at, author, draft, changed, said):
    answer = at(author).post(window(draft), {"file": chosen(), **WORDS, **changed})

    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="CC BY 4.0"' in text(answer)
    assert "a page cannot keep it" not in text(answer)  # the script keeps the file
    assert not Figure.objects.exists()


def test_a_figure_is_changed_and_answered(at, author, draft):
    row = figure(draft, by=author)
    client = at(author)
    opened = client.get(window(draft, "ecg"))
    seen = opened.context["form"]["seen"].value()

    answer = client.post(window(draft, "ecg"), {**WORDS, "seen": seen})

    row.refresh_from_db()
    assert answer.status_code == 200
    assert answer.json()["caption"] == row.caption == "Teal"
    assert "data-choose" not in text(opened)
    assert row.alt == "A teal area."


def test_a_figure_that_somebody_else_changed_is_not_overwritten(at, author, editor, draft):
    row = figure(draft, by=author)
    client = at(author)
    seen = client.get(window(draft, "ecg")).context["form"]["seen"].value()
    row.caption = "Changed"
    factories.save(row, editor)

    answer = client.post(window(draft, "ecg"), {**WORDS, "seen": seen})

    row.refresh_from_db()
    assert answer.status_code == 409
    assert "Someone else saved this after you opened it." in text(answer)
    assert row.caption == "Changed"


def test_a_figure_that_a_colleague_removed_keeps_what_was_typed_in_the_window(at, author, editor, draft):
    row = figure(draft, by=author)
    client = at(author)
    seen = client.get(window(draft, "ecg")).context["form"]["seen"].value()
    row.delete()

    refused = client.post(window(draft, "ecg"), {**WORDS, "caption": "Typed for long", "seen": seen})

    assert refused.status_code == 409
    assert "Typed for long" in text(refused)
    again = refused.context["form"]["seen"].value() or ""
    done = client.post(window(draft, "ecg"), {**WORDS, "caption": "Typed for long", "seen": again})
    assert (done.status_code, done.json()["key"]) == (200, "ecg")
    assert draft.figures.get().caption == "Typed for long"


def test_a_figure_that_is_not_of_this_article_is_not_there(at, author, draft):
    figure(factories.article(author, title="Another"), "theirs", by=author)

    for key in ("theirs", "none", "x" * 5000, "\0"):
        answer = at(author).get(url("figure_choice", draft.pk), {"figure": key})
        assert answer.status_code == 404, key


def words_of_editor(response) -> dict:
    page = response.content.decode()
    return json.loads(page.partition('id="editor-words" type="application/json">')[2].partition("</script>")[0])


@pytest.mark.parametrize("page", ["write", "section", "wording"])
def test_each_page_with_an_editor_knows_the_figures(at, author, draft, page):
    row = figure(draft, by=author)
    section = draft.sections.get()
    at_page = {"write": (), "section": (section.pk,), "wording": (section.pk, "carer")}[page]

    response = at(author).get(url(page, draft.pk, *at_page))

    assert words_of_editor(response)["figures"] == {
        "ecg": {"src": addresses(row)[0], "alt": row.alt, "caption": row.caption}
    }


@pytest.mark.parametrize("page", ["write", "section", "figure_choice", "wordings"])
def test_the_statements_do_not_depend_on_the_number_of_figures(at, author, draft, page):
    section, client = draft.sections.get(), at(author)
    address = url(page, draft.pk, *([section.pk] if page in ("section", "wordings") else []))
    figure(draft, by=author)

    def statements() -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    few = statements()
    for number, colour in enumerate(("red", "green", "blue", "black", "white", "teal")):
        figure(draft, f"more-{number}", by=author, colour=colour)

    assert statements() == few


def test_the_page_that_edits_the_whole_draft_leads_to_its_figures(at, author, draft):
    client = at(author)
    assert "The article has 0 figures." in text(client.get(url("write", draft.pk)))
    figure(draft, by=author)

    page = text(client.get(url("write", draft.pk)))

    assert f'The article has 1 figure. <a href="{url("figures", draft.pk)}">Add or change figures</a>' in page


def test_texts_beside_each_other_show_their_pictures(at, author, draft):
    row = figure(draft, by=author)
    section = draft.sections.get()
    carer = Audience.objects.get(key="carer")
    factories.save(Wording(section=section, audience=carer, body=f"<p>b</p>\n{placed()}"), author)
    client = at(author)

    pair = text(client.get(url("wordings", draft.pk, section.pk)))
    beside = text(client.get(url("wording", draft.pk, section.pk, "carer")))

    shown = f'<img src="{addresses(row)[0]}" alt="{row.alt}" loading="lazy"><figcaption>{row.caption}</figcaption>'
    assert pair.count(shown) == 2
    assert beside.count(shown) == 1
    assert "[figure missing] The article has no figure with the key “gone”." in pair


def test_the_preview_shows_pictures_of_what_is_typed(at, author, draft):
    row = figure(draft, "new", by=author)
    section = draft.sections.get()
    fields = {"role": "body", "heading": "A", "position": 1, "body": placed("new")}
    address = reverse("draft_preview", args=[draft.pk, "public"])

    stored = at(author).get(f"{address}?page")
    typed = at(author).post(f"{address}?of=section&section={section.pk}", fields)

    assert addresses(row)[0] not in text(stored)
    assert addresses(row)[0] in text(typed)


def fields_of(page) -> dict:
    """Return what a browser would send of the page that edits the whole draft."""
    form = lxml.html.document_fromstring(page.content.decode()).get_element_by_id("write-form")
    fields = {"do": ["save"]}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields


def test_two_writers_keep_each_others_figures(at, author, editor, draft):
    """One places a figure, the other changes another section: both stay; in the same words, both are shown."""
    figure(draft, by=author)
    other = Section(article=draft, role="body", heading="Other", position=5, body="<p>b</p>")
    factories.save(other, author)
    first = draft.sections.get(position=min(draft.sections.values_list("position", flat=True)))
    client = at(editor)
    opened = fields_of(client.get(url("write", draft.pk)))
    first.body = f"{placed()}\n<p>a</p>"
    factories.save(first, author)

    saved = client.post(url("write", draft.pk), opened | {f"s{other.pk}-body": f"<p>b</p>\n{placed()}"})

    assert saved.status_code == 302
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.body, other.body) == (f"{placed()}\n<p>a</p>", f"<p>b</p>\n{placed()}")
    clash = client.post(url("write", draft.pk), opened | {f"s{first.pk}-body": f"{placed('map')}\n<p>a</p>"})
    assert clash.status_code == 409
    assert "data-figure=&quot;ecg&quot;" in clash.content.decode()
    assert "data-figure=&quot;map&quot;" in clash.content.decode()


def test_a_draft_that_is_kept_while_it_is_typed_keeps_its_figures(at, author, draft):
    client = at(author)
    fields = fields_of(client.get(url("write", draft.pk)))
    section = draft.sections.get()
    fields |= {f"s{section.pk}-body": [placed("new")]}
    typed = [[name, value] for name, values in fields.items() for value in values if name != "do"]

    kept = client.post(
        url("autosave", draft.pk),
        json.dumps({"page": fields["page"][0], "part": f"s{section.pk}", "fields": typed}),
        content_type="application/json",
    )

    assert kept.status_code == 200
    page = client.get(url("write", draft.pk) + "?text=kept")
    assert "&lt;figure data-figure=&quot;new&quot;&gt;&lt;/figure&gt;" in page.content.decode()


def copying(draft, address: str) -> str:
    return f"{window(draft)}?{urlencode({'copy': address})}"


def test_a_figure_of_another_article_is_offered_with_its_words_and_copied(at, author, draft):
    other = factories.article(author, title="Hearts")
    source = figure(other, "scan", by=author, caption="A scan")
    figure(draft, "scan", by=author, colour="red")
    client, page = at(author), copying(draft, addresses(source)[0])

    offered = client.get(page)
    refused = client.post(page, {**WORDS, "alt": ""})
    done = client.post(page, {**WORDS, "caption": "A scan, again"})

    assert "This figure is of the article “Hearts”." in text(offered)
    form = lxml.html.fromstring(offered.content).forms[0]
    typed = [form.fields[name].strip() for name in ("caption", "alt")]
    assert typed == ["A scan", "An ECG with raised ST segments."]
    assert form.action == page
    assert addresses(source)[0] in offered.content.decode()
    assert refused.status_code == 422
    assert done.status_code == 201, text(done)
    new = draft.figures.get(key="scan-2")
    assert (done.json()["key"], new.picture, new.caption) == ("scan-2", source.picture, "A scan, again")
    assert new.history.get().history_user == author
    assert other.figures.get().caption == "A scan"
    assert "This article has the picture already, as the figure “scan-2”." in text(client.get(page))


@pytest.mark.parametrize("whose", ["hidden", "none", "odd"])
def test_a_figure_that_is_not_open_is_not_copied(at, author, draft, whose):
    stranger = factories.person("stranger", groups=["author"])
    hidden = figure(factories.article(stranger, title="Secret"), "scan", by=stranger, colour="blue", caption="Secret")
    address = {"hidden": addresses(hidden)[0], "none": f"/figures/{'0' * 64}.png", "odd": "\0" * 300}[whose]

    answer = at(author).get(copying(draft, address))
    sent = at(author).post(copying(draft, address), WORDS)

    assert answer.status_code == 200
    assert "which is not open to you. Add its picture here." in text(answer)
    assert "Secret" not in text(answer)
    assert sent.status_code == 422
    assert draft.figures.count() == 0
