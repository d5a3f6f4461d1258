"""A file cannot name the figures of a draft: an update keeps each in its place, or is refused, and says so."""

import pytest

from articles.files.drafts.merging import ChangedAtTheDesk
from articles.files.drafts.placed_figures import with_figures, without_figures
from articles.files.markdown.parsing import BadFile, parse
from articles.models import Audience, Wording
from tests.articles.importing.drafts import TEXT, everything, stored
from tests.articles.richtext_corpus import items, table
from tests.factories import save
from tests.figures import figure, placed

ECG, MAP = placed("ecg"), placed("map")
LONG = TEXT.replace("Many.", "Many.\n\nSmoking.\n\nAge.")
END = "The section “Causes” shows the figure “map”. The text around it has changed, so it is now at the end."


@pytest.fixture
def draft(author):
    draft, _ = stored(author, LONG)
    for key in ("ecg", "map"):
        figure(draft, key, by=author)
    row = draft.sections.get(heading="Causes")
    row.body = f"<p>Many.</p>\n{ECG}\n<p>Smoking.</p>\n<p>Age.</p>\n{MAP}"
    save(row, author)
    return draft


def body(draft, heading="Causes") -> str:
    return draft.sections.get(heading=heading).body


@pytest.mark.django_db
@pytest.mark.parametrize("alone", [True, False])
def test_an_unchanged_file_leaves_text_and_figures(author, editor, draft, alone):
    if not alone:
        row = draft.sections.get(heading="Symptoms")
        row.body = "<p>Pain.</p>"
        save(row, editor)
    before = body(draft)

    stored(author, LONG, update=True)

    assert body(draft) == before


@pytest.mark.django_db
@pytest.mark.parametrize("imported_before", [True, False])
def test_a_changed_file_changes_the_text_around_the_figures(author, draft, imported_before):
    if not imported_before:
        draft.last_import.delete()

    _, report = stored(author, LONG.replace("Smoking.", "Tobacco."), update=True)

    assert body(draft) == f"<p>Many.</p>\n{ECG}\n<p>Tobacco.</p>\n<p>Age.</p>\n{MAP}"
    assert report.warnings == []


@pytest.mark.django_db
def test_a_figure_whose_place_is_gone_is_kept_at_the_end_and_named(author, draft):
    _, report = stored(author, LONG.replace("Age.", "Years.").replace("Smoking.", "Tobacco.\n\nAlcohol."), update=True)

    kept = f"<p>Many.</p>\n{ECG}\n<p>Tobacco.</p>\n<p>Alcohol.</p>\n<p>Years.</p>\n{MAP}"
    assert body(draft) == kept
    assert report.warnings == [END]


@pytest.mark.django_db
def test_a_section_with_figures_that_the_file_leaves_out_is_refused(author, draft):
    before = everything()
    without = LONG.replace("## Causes\n\nMany.\n\nSmoking.\n\nAge.\n\n", "")

    with pytest.raises(ChangedAtTheDesk) as caught:
        stored(author, without, update=True)

    assert caught.value.sentences[0] == (
        "The section “Causes” is no longer in the file, but at the desk it shows figures: “ecg”, “map”. Remove them "
        "from the text at the desk, then import the file again."
    )
    assert everything() == before


@pytest.mark.django_db
def test_a_renamed_section_keeps_its_figures(author, draft):
    before = body(draft)

    stored(author, LONG.replace("## Causes", "## Reasons"), update=True)

    assert body(draft, "Reasons") == before


@pytest.mark.django_db
def test_a_wording_keeps_its_figures(author, draft):
    wording = Wording.objects.get(audience=Audience.objects.get(key="professional"))
    wording.body = f"{ECG}\n{wording.body}"
    save(wording, author)

    stored(author, LONG.replace("Doubling time is long", "It doubles slowly"), update=True)

    wording.refresh_from_db()
    assert wording.body.startswith(f"{ECG}\n<p>It doubles slowly")


@pytest.mark.parametrize(
    ("text", "draft", "both", "moved"),
    [
        ("<p>a</p>", f"{ECG}\n<p>a</p>", f"{ECG}\n<p>a</p>", []),
        ("<p>b</p>", f"{ECG}\n<p>a</p>", f"{ECG}\n<p>b</p>", []),
        ("<p>a</p>\n<p>c</p>", f"<p>a</p>\n{ECG}\n{MAP}\n<p>b</p>", f"<p>a</p>\n{ECG}\n{MAP}\n<p>c</p>", []),
        ("<p>c</p>\n<p>b</p>", f"<p>a</p>\n{ECG}\n{MAP}\n<p>b</p>", f"<p>c</p>\n{ECG}\n{MAP}\n<p>b</p>", []),
        ("<p>a</p>\n<p>a</p>", f"<p>a</p>\n<p>a</p>\n{ECG}", f"<p>a</p>\n<p>a</p>\n{ECG}", []),
        ("<p>a</p>\n<p>a</p>", f"<p>a</p>\n{ECG}\n<p>a</p>", f"<p>a</p>\n{ECG}\n<p>a</p>", []),
        ("<p>c</p>", f"<p>a</p>\n{ECG}\n<p>b</p>\n{MAP}", f"<p>c</p>\n{ECG}\n{MAP}", ["ecg", "map"]),
        ("", f"<p>a</p>\n{ECG}", ECG, ["ecg"]),
        (
            f"{items('x')}\n{table('<td>1</td>')}",
            f"{items('x')}\n{ECG}\n{table('<td>1</td>')}\n{MAP}",
            f"{items('x')}\n{ECG}\n{table('<td>1</td>')}\n{MAP}",
            [],
        ),
    ],
)
def test_each_figure_finds_its_place(text, draft, both, moved):
    assert with_figures(text, draft) == (both, moved)
    assert without_figures(both) == text


def test_a_picture_in_a_file_is_refused_with_its_line_and_where_it_is_added():
    for typed in ("![An ECG](ecg.png)", "See ![An ECG](https://x.org/ecg.png) here."):
        with pytest.raises(BadFile) as caught:
            parse(TEXT.replace("Many.", typed).encode())

        assert [sentence.partition(": ")[2] for sentence in caught.value.sentences] == [
            "A picture cannot be imported with a file. Leave it out here, and add it on the draft’s page “Figures”."
        ]


def test_the_place_of_a_figure_in_a_file_is_refused_as_all_html_is():
    with pytest.raises(BadFile, match="Raw HTML cannot be imported"):
        parse(TEXT.replace("Many.", f"Many.\n\n{ECG}").encode())
