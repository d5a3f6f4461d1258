"""What Word, Google Docs, LibreOffice, Excel and web pages put around a text is left out; the text comes in whole."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from articles.desk.typed import from_typed

PASTES = Path(__file__).parent / "pastes"
TABLE = "<table>\n<tbody>\n<tr><td>Age</td><td>{}</td></tr>\n</tbody>\n</table>"
STORED = {
    "google-docs": "<h3>Doses</h3>\n<p><strong>Give 5 mg</strong> <em>daily 10</em><sup>9</sup>/L</p>\n"
    "<ul>\n<li>One\n<ul>\n<li>Nested</li>\n</ul></li>\n<li>Two</li>\n</ul>\n"
    f'{TABLE.format("Dose")}\n<p><a href="https://x.org/">link</a></p>',
    "google-sheets": TABLE.format("<strong>Dose</strong>"),
    "word": "<p><strong>Dose</strong>: 5\u00a0\u00a0mg, 10<sup>9</sup>/L</p>\n<p>·\u00a0\u00a0\u00a0 First</p>\n"
    f'{TABLE.format("≥60")}\n<p><a href="https://x.org/">link</a> and more.</p>',
    "excel": "<table>\n<tbody>\n<tr><td>Age</td><td>Dose</td></tr>\n<tr><td>60</td><td>0.50</td></tr>\n"
    "</tbody>\n</table>",
    "libreoffice-calc": TABLE.format("<strong>5</strong>"),
    "libreoffice-writer": "<p>Give <strong>5 mg</strong> and 10<sup>9</sup>.</p>\n"
    f"<ul>\n<li>One</li>\n<li>Two</li>\n</ul>\n{TABLE.format('')}",
    "web-page": '<h3>Symptoms</h3>\n<p>Common <a href="https://www.example.org/x/">symptoms</a> are:</p>\n'
    "<ul>\n<li>pain</li>\n</ul>",
}
LOST = [
    (
        "word",
        "5<span",
        "<s>5</s><span",
        "“<s>” marks inserted or deleted text and cannot be kept: “5” would become plain text",
    ),
    (
        "word",
        "mso-list:Ignore'>·",
        "mso-list:Ignore'>§",
        "is in the font symbol, which shows these characters as other",
    ),
    ("word", "<b>Dose</b>", "<span style='display:none;mso-hide:all'>Dose</span>", "hides or strikes out its text"),
    ("excel", ".xl65\n\t{", ".xl65\n\t{font-weight:700;", ".xl65 {font-weight: 700}"),
    ("google-docs", "text-decoration:none;vertical-align:baseline", "text-decoration:line-through", "strikes out"),
    ("google-docs", "list-style-type:disc;font", "list-style-type:none;font", "list-style-type: none"),
    ("libreoffice-writer", "<b>5 mg</b>", "<strike>5 mg</strike>", "“5 mg” would become plain text"),
    ("libreoffice-calc", "<b>5</b>", "<u>5</u>", "underlines its text"),
    ("google-sheets", "font-weight:bold", "text-decoration:line-through", "hides or strikes out its text"),
    ("web-page", "are:</p>", "are: <q>pain</q></p>", "“<q>” adds quotation marks"),
]


@pytest.mark.parametrize("source", STORED)
def test_a_paste_comes_in_whole(source):
    assert from_typed((PASTES / f"{source}.html").read_text()) == STORED[source]


@pytest.mark.parametrize(("source", "text", "other", "words"), LOST)
def test_a_paste_that_would_lose_something_is_refused(source, text, other, words):
    typed = (PASTES / f"{source}.html").read_text()

    assert text in typed
    with pytest.raises(ValidationError) as refused:
        from_typed(typed.replace(text, other, 1))
    assert words in "\n".join(refused.value.messages)
