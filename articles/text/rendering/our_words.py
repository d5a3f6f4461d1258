"""
Our own words within a text: “Contents”, “Table 1”, “References”.

They are signed with the text, so they stay as they are: a better word is a new entry of `WORDS`, under a name of its
own, for the texts that are frozen from then on. A text names the words it was frozen with; without a name they are
English. In a text of another language English words are called English, so that they are read out as such. In a text
from right to left they run from left to right, and each reference runs as its own words do.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import html

from articles.text.languages import direction


@dataclass(frozen=True)
class Words:
    """What the renderer adds to a text in one language. `levels` are words for a colour: how urgent a card is."""

    contents: str
    references: str
    reference: str
    although_retracted: str  # before the reason why a retracted work is cited
    back: str
    missing: str
    table: str
    figure: str
    missing_figure: str
    source: str
    licence: str
    full_size: str
    important: str
    levels: dict[str, str]
    all_general: str  # the note if all of the text is the general one
    some_general: str
    other_readers: str
    readers: str  # an audience within the note


ENGLISH = "en"
WORDS = {
    ENGLISH: Words(
        contents="Contents",
        references="References",
        reference="Reference {number}",
        although_retracted="Cited although it is retracted:",
        back="Back to citation {number} in the text",
        missing="[citation missing]",
        table="Table {number}",
        figure="Figure {number}",
        missing_figure="[figure missing]",
        source="Source:",
        licence="Licence:",
        full_size="Figure {number} in full size",
        important="Important: ",
        levels={"help_now": "Emergency", "help_today": "Urgent", "help_soon": "See someone"},
        all_general="This page was written for {writer}. There is no separate text for {reader}.",
        some_general="This page was written for {writer}. Some sections have no separate text for {reader}.",
        other_readers="other readers",
        readers="{article} {label}",
    ),
    "de": Words(
        contents="Inhalt",
        references="Quellen",
        reference="Quelle {number}",
        although_retracted="Trotz Zurückziehung zitiert:",
        back="Zurück zum Verweis {number} im Text",
        missing="[Quelle fehlt]",
        table="Tabelle {number}",
        figure="Abbildung {number}",
        missing_figure="[Abbildung fehlt]",
        source="Quelle:",
        licence="Lizenz:",
        full_size="Abbildung {number} in voller Größe",
        important="Wichtig: ",
        levels={"help_now": "Notfall", "help_today": "Dringend", "help_soon": "Ärztlich abklären"},
        all_general="Diese Seite wurde für {writer} geschrieben. Für {reader} gibt es keinen eigenen Text.",
        some_general="Diese Seite wurde für {writer} geschrieben. "
        "Einige Abschnitte haben für {reader} keinen eigenen Text.",
        other_readers="andere Zielgruppen",
        readers="„{label}“",
    ),
}
NOW = {"de": "de"}  # the names of the words that texts are frozen with now, by language


def name_for(language: str) -> str:
    """Return the name of the words with which a text in this language is frozen now; empty for English ones."""
    return NOW.get(language.partition("-")[0].lower(), "")


def words_of(content: dict[str, Any]) -> Words:
    """Return the words that the content was frozen with."""
    return WORDS[content.get("words", ENGLISH)]


OURS = (
    "//h2[@id='contents-heading'] | //section[@id='references']/h2 | //p[@class='wording-note']"
    " | //h2/span[@class='visually-hidden'] | //span[@class='level'] | //figcaption//a | //span[@class='credit-name']"
)
WITH_SIGNS = ("p", "span")  # a sentence or a colon would stand on the wrong side
_NUMBERED = re.compile(r"(Table|Figure) [0-9]+\.?")


def call_english(article: html.HtmlElement, language: str) -> None:
    """Say of our own English words in this article that they are English, if its text is in another language."""
    if language.partition("-")[0] == ENGLISH:
        return
    turned = bool(direction(language))
    for element in article.xpath(OURS):
        element.set("lang", ENGLISH)
        if turned and element.tag in WITH_SIGNS:
            element.set("dir", "ltr")
    for caption in article.iter("caption"):
        _call_number_english(caption, turned=turned)
    for name in article.xpath("//p[@class='figure-name']"):
        _call_number_english(name, turned=turned)
    if turned:
        for entry in article.xpath("//section[@id='references']/ol/li"):
            entry.set("dir", "auto")


def _call_number_english(caption: html.HtmlElement, *, turned: bool) -> None:
    text = caption.text or ""
    if match := _NUMBERED.match(text):
        number = html.Element("span", {"lang": ENGLISH, **({"dir": "ltr"} if turned else {})})
        number.text, number.tail = match.group(), text[match.end() :]
        caption.text = None
        caption.insert(0, number)
