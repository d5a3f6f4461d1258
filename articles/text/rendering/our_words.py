"""
Our own English words in a text of another language: “Contents”, “Table 1”, “References”.

They are called English, so that they are read out as such. In a text from right to left they run from left to right,
and each reference runs as its own words do.
"""

import re

from lxml import html

from articles.text.languages import direction

ENGLISH = "en"
OURS = (
    "//h2[@id='contents-heading'] | //section[@id='references']/h2 | //p[@class='wording-note']"
    " | //h2/span[@class='visually-hidden'] | //span[@class='level']"
)
WITH_SIGNS = ("p", "span")  # a sentence or a colon would stand on the wrong side
_TABLE = re.compile(r"Table [0-9]+\.?")


def call_english(article: html.HtmlElement, language: str) -> None:
    """Say of our own words in this article that they are English, if its text is in another language."""
    if language.partition("-")[0] == ENGLISH:
        return
    turned = bool(direction(language))
    for element in article.xpath(OURS):
        element.set("lang", ENGLISH)
        if turned and element.tag in WITH_SIGNS:
            element.set("dir", "ltr")
    for caption in article.iter("caption"):
        _call_number_english(caption, turned=turned)
    if turned:
        for entry in article.xpath("//section[@id='references']/ol/li"):
            entry.set("dir", "auto")


def _call_number_english(caption: html.HtmlElement, *, turned: bool) -> None:
    text = caption.text or ""
    if match := _TABLE.match(text):
        number = html.Element("span", {"lang": ENGLISH, **({"dir": "ltr"} if turned else {})})
        number.text, number.tail = match.group(), text[match.end() :]
        caption.text = None
        caption.insert(0, number)
