"""Notes of a Markdown file, and tables without column headers."""

import pytest

from articles.files.markdown.body import second_reading
from articles.files.markdown.body.notes import Notes
from tests.articles.importing.files import BadFile, article, body_of

TWO = "A word.[^1] More[^2]\nand.\n\n[^1]: Aged < 65 years\nand over.\n[^2]: Twice *daily*."


def test_a_note_is_raised_in_the_text_and_stands_at_the_end_of_its_section():
    lead, doses = article(f"{TWO}\n\n## Doses\n\nText [^3]\n\n[^3]: Third").sections

    assert lead.body == (
        "<p>A word.<sup>1</sup> More<sup>2</sup> and.</p>\n"
        "<p><sup>1</sup> Aged &lt; 65 years and over.</p>\n"
        "<p><sup>2</sup> Twice <em>daily</em>.</p>"
    )
    assert doses.body == "<p>Text <sup>3</sup></p>\n<p><sup>3</sup> Third</p>"


def test_notes_at_the_end_of_the_file_belong_to_the_section_that_refers_to_them():
    lead, table = article(
        "A word.[^1]\n\n## B\n\nTable: Doses[^10]\n| a | b |\n|---|---|\n| c[^2] | d |\n"
        "[^10]: Table: of doses\n[^1]: One [@one]\n[^2]: Two",
        "references:\n  - {id: one, title: First}\n",
    ).sections

    assert lead.body.endswith('<p><sup>1</sup> One <cite data-ref="one">[one]</cite></p>')
    assert table.body.endswith("</table>\n<p><sup>2</sup> Two</p>\n<p><sup>10</sup> Table: of doses</p>")
    assert "<caption>Doses<sup>10</sup></caption>" in table.body


def test_a_wording_for_others_has_its_own_copy_of_a_note():
    (lead,) = article("General.[^1]\n\n::: professional\nOther.[^1]\n:::\n\n[^1]: One").sections

    assert lead.body == "<p>General.<sup>1</sup></p>\n<p><sup>1</sup> One</p>"
    assert lead.wordings == {"professional": "<p>Other.<sup>1</sup></p>\n<p><sup>1</sup> One</p>"}


def test_a_note_ends_a_list_that_it_follows_and_ends_at_one():
    assert body_of("- One[^1]\n[^1]: Note") == "<ul>\n<li>One<sup>1</sup></li>\n</ul>\n<p><sup>1</sup> Note</p>"
    assert body_of("\\[^1] is typed") == "<p>[^1] is typed</p>"


@pytest.mark.parametrize("lost", ["place", "_take"])
def test_the_second_reading_misses_a_note_that_the_first_loses(monkeypatch, lost):
    monkeypatch.setattr(Notes, lost, lambda *args: None)
    monkeypatch.setattr(Notes, "check_called", lambda self: None)

    with pytest.raises(BadFile, match=r"would not be kept as it is typed|There is no note"):
        article(TWO)


def test_the_second_reading_compares_the_words_of_a_note():
    (lead,) = article(TWO).sections
    changed = type(lead)(**vars(lead) | {"body": lead.body.replace("65", "66")})

    with pytest.raises(BadFile, match=r"Line 9: .*“65” would become “66 years and”"):
        second_reading.compare(TWO.split("\n"), 6, [changed])


def test_a_table_with_an_empty_header_row_has_no_column_headers():
    table = "|  |  |\n|---|---|\n| Adults | 5 mg |\n| Children | 2 mg |"

    assert body_of(table) == (
        "<table>\n<tbody>\n<tr><td>Adults</td><td>5 mg</td></tr>\n<tr><td>Children</td><td>2 mg</td></tr>\n"
        "</tbody>\n</table>"
    )
    assert '<th scope="col">Dose</th>' in body_of(table.replace("|  |  |", "|  | Dose |"))
