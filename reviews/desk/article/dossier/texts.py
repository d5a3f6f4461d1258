"""The text of a version in a dossier: whole, or with its changes marked against the version before it."""

from dataclasses import dataclass

from lxml import html

from articles.text.redline.counting import inside
from articles.text.rendering import render
from reviews.desk.article.dossier.contents import Part
from reviews.desk.review.changed.changes import marked_since

REFERS = ("href", "for", "aria-labelledby", "aria-describedby")


@dataclass(frozen=True)
class Text:
    """The text as HTML, with the changes in words if it has any marked. Its ids are those of no other version."""

    html: str
    changes: str


def text_of(part: Part) -> Text | None:
    """Return the text of a version, None if it was erased; a first version, or one after an erased text, whole."""
    version, content = part.version, part.content
    if content is None:
        return None
    if part.before is None or part.earlier is None:
        return Text(apart(render(content, version.written_for).html, version.number), "")
    marked, said = marked_since(part.before, part.earlier.digest, content, version.digest, version.written_for)
    return Text(apart(marked, version.number), said)


def apart(text: str, number: int) -> str:
    """Return the text for a page with several versions: every id named after its version, and no jumps."""
    whole = html.fragment_fromstring(text, create_parent="div")
    for jumps in whole.xpath(".//span[@class='jumps']"):
        jumps.drop_tree()
    for element in whole.iter():
        if not isinstance(element.tag, str):
            continue
        if name := element.get("id"):
            element.set("id", f"v{number}-{name}")
        for attribute in REFERS:
            value = element.get(attribute, "")
            if attribute == "href":
                if value.startswith("#"):
                    element.set("href", f"#v{number}-{value[1:]}")
            elif value:
                element.set(attribute, " ".join(f"v{number}-{one}" for one in value.split()))
    return inside(whole)
