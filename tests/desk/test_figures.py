"""Figures of a draft: added, described, exchanged and removed at the desk, and kept by history."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from lxml import html
from PIL import Image

from articles.checks import run
from articles.desk.texts.history.restoring import restore, seen_of
from articles.files.pictures import apart
from articles.frozen.as_of import content_as_of
from articles.frozen.content import freeze
from articles.models import Figure, Picture, PictureFile, Wording
from reviews import workflow
from tests import factories
from tests.desk.pages import text

pytestmark = pytest.mark.django_db
WORDS = {"alt": "A disc in the middle", "caption": "A disc", "source": "Own drawing", "licence": "CC BY 4.0"}
PLACED = '<p>Look.</p>\n<figure data-figure="my-drawing"></figure>'


@pytest.fixture
def draft(author):
    return factories.article(author)


@pytest.fixture
def page(client, author, draft):
    client.force_login(author)
    return f"/desk/articles/{draft.pk}/figures/"


def file(name="My drawing.png", data=None):
    return SimpleUploadedFile(name, data if data is not None else factories.png(), "image/png")


def problems(response) -> list[str]:
    return [
        " ".join(row.text_content().split())
        for row in html.fromstring(response.content).xpath("//*[@class='problem']//li")
    ]


def test_a_figure_is_added_and_placed(client, page, draft, author):
    response = client.post(page, {"file": file(), **WORDS}, follow=True)

    figure = draft.figures.get()
    assert (figure.key, figure.alt, figure.source) == ("my-drawing", "A disc in the middle", "Own drawing")
    assert figure.history.get().history_user == author
    assert "Figure added. Choose “Insert figure” above a text to place it." in text(response)
    assert "Not shown in any text yet." in text(response)
    section = draft.sections.get()
    section.body = PLACED
    factories.save(section, author)
    assert "Shown in: “What they do”" in text(client.get(page))
    assert [finding for finding in run(freeze(draft).content) if finding.blocks] == []


def test_what_differs_from_the_file_is_said(client, page):
    drawing, written = Image.new("RGBA", (2000, 400), (0, 0, 0, 0)), io.BytesIO()
    drawing.save(written, "PNG")

    response = client.post(page, {"file": file(data=written.getvalue()), **WORDS}, follow=True)

    assert "What was transparent is white." in text(response)
    assert "The picture was made smaller: 2,000 pixels wide before, 1,600 now." in text(response)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"alt": ""}, "Alternative text: Say what the picture shows, or mark it as decorative; not both."),
        ({"decorative": "on"}, "Alternative text: Say what the picture shows, or mark it as decorative; not both."),
        ({"source": " "}, "Source: This field is required."),
        ({"licence": ""}, "Licence: This field is required."),
        ({"alt": "x" * 1001}, "Alternative text: Ensure this value has at most 1000 characters (it has 1001)."),
        ({"alt": "A \u202e disc"}, "Alternative text:"),
    ],
)
def test_words_are_needed_and_what_was_typed_stays(words, says, client, page, draft):
    response = client.post(page, {"file": file(), **WORDS, **words})

    assert response.status_code == 422
    assert any(problem.startswith(says) for problem in problems(response))
    assert "Picture: Choose the file again: a page cannot keep it." in problems(response)
    assert 'value="CC BY 4.0"' in response.content.decode() or "licence" in words
    assert not draft.figures.exists()
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Picture: This field is required."),
        ({"file": SimpleUploadedFile("a.png", b"")}, "Picture: The submitted file is empty."),
        ({"file": SimpleUploadedFile("a.png", b"GIF89a")}, "Picture: This is no PNG, JPEG, WebP or SVG file."),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}, "Picture: This is no PNG, JPEG, WebP or SVG file."),
    ],
)
def test_a_file_that_is_no_picture_is_refused(sent, says, client, page, draft):
    response = client.post(page, {**sent, **WORDS})

    assert response.status_code == 422
    assert any(problem.startswith(says) for problem in problems(response))
    assert 'value="Own drawing"' in response.content.decode()
    assert not draft.figures.exists()


def test_each_figure_has_a_key_of_its_own_that_none_had_before(client, page, draft, author):
    for name in ("Scan 1.png", "scan_1.png", "Scan 1.jpg", "淋巴.png", ".png"):
        client.post(page, {"file": file(name), **WORDS})
    assert [*draft.figures.order_by("pk").values_list("key", flat=True)] == [
        "scan-1", "scan_1", "scan-1-2", "figure", "png",
    ]  # fmt: skip
    first = draft.figures.get(key="scan-1")
    first.delete()

    client.post(page, {"file": file("Scan 1.png"), **WORDS})

    assert draft.figures.latest("pk").key == "scan-1-3"
    assert Picture.objects.count() == 1  # the same file each time


def test_words_are_changed_and_the_picture_exchanged(client, page, draft):
    client.post(page, {"file": file(), **WORDS})
    figure = draft.figures.get()
    seen = figure.history.latest().pk

    client.post(f"{page}{figure.pk}/", {**WORDS, "caption": "A round disc", "seen": seen})
    assert draft.figures.get().caption == "A round disc"
    assert draft.figures.get().picture == figure.picture
    seen = figure.history.latest().pk
    client.post(f"{page}{figure.pk}/", {**WORDS, "seen": seen, "file": file(data=factories.png(300, 300))})

    assert (draft.figures.get().picture.width, draft.figures.get().key) == (300, "my-drawing")
    assert figure.history.count() == 3


def test_a_save_since_is_not_overwritten_unseen(client, page, draft, author):
    client.post(page, {"file": file(), **WORDS})
    figure = draft.figures.get()
    seen = figure.history.latest().pk
    figure.caption = "Theirs"
    factories.save(figure, author)

    response = client.post(f"{page}{figure.pk}/", {**WORDS, "caption": "Mine", "seen": seen})

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert draft.figures.get().caption == "Theirs"


def test_a_save_while_the_picture_was_read_is_not_overwritten(client, page, draft, author, monkeypatch):
    client.post(page, {"file": file(), **WORDS})
    figure = draft.figures.get()
    seen = figure.history.latest().pk
    read = apart.read

    def slowly(data):
        figure.caption = "Theirs"
        factories.save(figure, author)
        return read(data)

    monkeypatch.setattr(apart, "read", slowly)
    response = client.post(f"{page}{figure.pk}/", {**WORDS, "caption": "Mine", "seen": seen, "file": file()})

    assert response.status_code == 409
    assert "Mine" in response.content.decode()
    assert draft.figures.get().caption == "Theirs"
    answer = client.post(
        f"{page}choice/?figure={figure.key}", {**WORDS, "caption": "Mine", "seen": seen, "file": file()}
    )
    assert answer.status_code == 409
    assert draft.figures.get().caption == "Theirs"


def test_a_figure_that_was_removed_while_its_picture_was_read_stays_removed(client, page, draft, monkeypatch):
    client.post(page, {"file": file(), **WORDS})
    figure = draft.figures.get()
    seen = figure.history.latest().pk
    read = apart.read

    def slowly(data):
        draft.figures.get().delete()
        return read(data)

    monkeypatch.setattr(apart, "read", slowly)

    answer = client.post(f"{page}{figure.pk}/", {**WORDS, "seen": seen, "file": file()})
    assert answer.status_code == 409
    assert not draft.figures.exists()


def test_a_figure_that_a_colleague_removed_keeps_what_was_typed_and_can_be_added_again(client, page, draft, author):
    client.post(page, {"file": file(), **WORDS})
    figure = draft.figures.get()
    address = f"{page}{figure.pk}/"
    opened = client.get(address)
    seen = opened.context["form"]["seen"].value()
    figure.delete()

    refused = client.post(address, {**WORDS, "caption": "Typed for long", "seen": seen})

    assert refused.status_code == 409
    assert "Typed for long" in text(refused)
    assert "removed" in text(refused)
    assert not draft.figures.exists()
    again = refused.context["form"]["seen"].value()
    done = client.post(address, {**WORDS, "caption": "Typed for long", "seen": again or ""})
    assert done.status_code == 302
    new = draft.figures.get()
    assert (new.key, new.caption, new.picture_id) == (figure.key, "Typed for long", figure.picture_id)
    assert client.get(address).status_code == 404
    assert client.post(address, WORDS).status_code == 404, "its key is in use again"


def test_a_figure_that_no_text_shows_is_a_warning(client, page, draft, author):
    client.post(page, {"file": file(), **WORDS})
    key, preview = draft.figures.get().key, f"/desk/articles/{draft.pk}/preview/public/"

    assert f"No text shows the figure “{key}”." in text(client.get(preview))
    section = draft.sections.get()
    section.body += f'\n<figure data-figure="{key}"></figure>'
    factories.save(section, author)
    assert "No text shows the figure" not in text(client.get(preview))


def test_a_figure_that_a_text_shows_is_not_removed(client, page, draft, author):
    client.post(page, {"file": file(), **WORDS})
    figure, section = draft.figures.get(), draft.sections.get()
    carer = Wording(section=section, audience=factories.Audience.objects.get(key="carer"), body=PLACED)
    factories.save(carer, author)

    response = client.post(f"{page}{figure.pk}/removal/", follow=True)
    assert "The draft shows this figure in “What they do”. Remove it there first." in text(response)
    assert draft.figures.exists()
    carer.delete()
    response = client.post(f"{page}{figure.pk}/removal/", follow=True)

    assert "The figure “my-drawing” was removed from the draft." in text(response)
    assert not draft.figures.exists()
    assert PictureFile.objects.exists()


@pytest.mark.parametrize("what", ["", "1/", "1/removal/"])
def test_only_who_may_write_the_draft_comes_in(what, client, page, draft, clinical):
    client.force_login(clinical)

    assert client.get(page + what).status_code == 404
    assert client.post(page + what, {"file": file(), **WORDS}).status_code == 404


def test_who_adds_a_figure_is_a_writer_of_the_text(client, draft, author, editor):
    client.force_login(editor)
    client.post(f"/desk/articles/{draft.pk}/figures/", {"file": file(), **WORDS})

    version = factories.submitted(author, draft)

    assert {writer["id"] for writer in version.writers} == {author.pk, editor.pk}


def test_the_database_refuses_a_figure_without_words(draft, author):
    figure = factories.figure(draft, author)
    for change in ({"alt": ""}, {"decorative": True}, {"source": ""}, {"licence": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Figure.objects.filter(pk=figure.pk).update(**change)


def test_the_checks_name_what_is_wrong(draft, author):
    body = "".join(f'<figure data-figure="{key}"></figure>' for key in ("gone", "a", "b", "c", "d"))
    section = draft.sections.get()
    section.body = body
    factories.save(section, author)
    factories.figure(draft, author, key="a", alt="IMG_1234.jpg")
    factories.figure(draft, author, key="b", alt="A disc", caption="A disc.")
    factories.figure(draft, author, key="c", alt="", decorative=True, caption="Looks nice")
    factories.figure(draft, author, key="d", alt="TODO describe the disc")

    found = {(each.rule, each.blocks): each.message for each in run(freeze(draft).content)}

    assert found["FIG-001", True] == (
        "The section “What they do” shows the figure “gone”, but the article has no figure with that key."
    )
    assert "“IMG_1234.jpg”" in found["FIG-002", True]
    assert "repeats its caption" in found["FIG-004", False]
    assert "marked as decorative, but has a caption" in found["FIG-003", False]
    with pytest.raises(workflow.NotNow, match="shows the figure “gone”"):
        workflow.submit(draft, actor=author, change="major", note="First")


def test_the_tag_of_a_figure_typed_as_words_is_found(draft, author):
    section = draft.sections.get()
    section.body = '<p>&lt;figure data-figure="scan"&gt;&lt;/figure&gt;</p>'
    factories.save(section, author)

    (found,) = [each for each in run(freeze(draft).content) if each.rule == "FIG-005"]

    assert found.blocks
    assert "shows the tag of a figure as words" in found.message


def test_history_tells_of_figures_and_brings_them_back(client, page, draft, author):
    client.post(page, {"file": file(), **WORDS})
    section = draft.sections.get()
    section.body = PLACED
    factories.save(section, author)
    then = section.history.latest().history_date
    section.body = "<p>Without.</p>"
    factories.save(section, author)
    client.post(f"{page}{draft.figures.get().pk}/removal/")

    assert "Figure “my-drawing”" in text(client.get(f"/desk/articles/{draft.pk}/history/"))
    assert [figure["key"] for figure in content_as_of(draft, then)["figures"]] == ["my-drawing"]
    with transaction.atomic():
        restore(draft, section.key, then, by=author, seen=seen_of(draft, section.key))
    assert draft.sections.get().body == PLACED
    assert draft.figures.get().alt == "A disc in the middle"
    assert freeze(draft).content["figures"][0]["key"] == "my-drawing"


def test_the_list_takes_the_same_statements_for_many(client, page, draft, author, django_assert_max_num_queries):
    factories.figure(draft, author, key="one")
    client.get(page)
    with django_assert_max_num_queries(40) as first:
        client.get(page)
    for number in range(5):
        factories.figure(draft, author, key=f"more-{number}", file=factories.png(100 + number, 100))

    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(page)
