"""The doses in which the wordings of a section differ from its main text, as both stand on the page of a draft now."""

from collections.abc import Mapping

from articles.desk.texts.wordings.beside import doses_in_words
from articles.text.plain.marks import CITATION
from articles.text.richtext import TooLong, clean

TEXT = "-body"
LANGUAGE = "article-language"


def doses_of_section(fields: Mapping[str, str], section: str) -> list[str]:
    """
    Return a sentence for each dose that stands in the main text or in a wording alone, with the wording's audience.

    `fields` are those of the page by name, and `section` is the name of the section there. An empty wording counts as
    none: its readers see the main text.
    """
    main = fields.get(section + TEXT, "")
    found = []
    for name, typed in fields.items():
        audience = name.removeprefix(f"{section}-").removesuffix(TEXT)
        if name != f"{section}-{audience}{TEXT}" or not typed.strip():
            continue
        try:
            text, own = (clean(CITATION.sub("", each)) for each in (main, typed))
        except TooLong:
            continue
        found += [f"{audience}: {sentence}" for sentence in doses_in_words(text, own, fields.get(LANGUAGE, ""))]
    return found
