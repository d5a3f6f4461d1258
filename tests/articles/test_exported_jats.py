"""An article as JATS is read back, element by element, as the same texts, references and facts."""

from html import escape
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from lxml import etree

from articles.files.exporting.documents.jats import jats
from articles.files.exporting.documents.jats.texts import XLINK
from articles.text import richtext
from tests import factories
from tests.articles import richtext_corpus
from tests.articles.test_exported_articles import FILES, content_of

TAGS = {"bold": "strong", "italic": "em", "sub": "sub", "sup": "sup", "p": "p", "list-item": "li", "thead": "thead"}
TAGS |= {name: name for name in ("tbody", "tr", "td", "th")}
SITE = "https://imprimatur.example"


def xml(content: dict, **more):
    return etree.fromstring(jats(content, publisher="Sample", slug="nodes", site=SITE, facts=[("status", "x")], **more))


def html_of(element, keys: dict[str, str]) -> str:
    """Return the HTML that an element of JATS was written from."""
    inner = escape(element.text or "") + "".join(
        html_of(child, keys) + escape(child.tail or "") for child in element if child.tag != "label"
    )
    if element.tag in ("break", "x"):
        return "<br>"
    if element.tag == "xref":
        key = keys[element.get("rid")]
        return f'<cite data-ref="{key}">[{key}]</cite>'
    if element.tag == "ext-link":
        address = element.get(f"{XLINK}href")
        return (
            f'<a href="{escape(address.removeprefix(SITE) if address.startswith(f"{SITE}/") else address)}">{inner}</a>'
        )
    if element.tag == "list":
        first = element.findtext("list-item/label")
        return f'<ol start="{first}">{inner}</ol>' if first else f"<ul>{inner}</ul>"
    if element.tag == "table-wrap":
        caption = element.find("caption/p")
        said = f"<caption>{html_of(caption, keys)[3:-4]}</caption>" if caption is not None else ""
        return f"<table>{said}{html_of(element.find('table'), keys)}</table>"
    if element.tag == "fig":
        return f'<figure data-figure="{element.get("specific-use")}"></figure>'
    if element.tag == "sec":
        return f"<{element.get('specific-use')}>{inner}"
    if element.tag == "title":
        return f"{inner}</{element.getparent().get('specific-use')}>"
    named = "".join(f' {name}="{element.get(name)}"' for name in ("colspan", "rowspan", "scope") if element.get(name))
    return f"<{TAGS[element.tag]}{named}>{inner}</{TAGS[element.tag]}>" if element.tag in TAGS else inner


def texts_of(root, keys: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return (heading, audience, body) of each text: "" stands for the general one."""
    body = root.find("body")
    tops = [one for one in body if one.tag != "sec"]
    found = [("", "", tops)] if tops else []
    for section in body.iterchildren("sec"):
        if section.get("sec-type") == "wording":
            found.append(("", section.get("specific-use"), list(section)[1:]))
            continue
        inner = [one for one in section if one.tag != "title" and one.get("sec-type") != "wording"]
        found.append((section.findtext("title"), "", inner))
        for one in section.iterchildren("sec"):
            if one.get("sec-type") == "wording":
                found.append((section.findtext("title"), one.get("specific-use"), list(one)[1:]))
    return [(heading, name, "".join(html_of(one, keys) for one in inner)) for heading, name, inner in found]


def written_in(content: dict) -> list[tuple[str, str, str]]:
    found = []
    for section in content["sections"]:
        found += [(section["heading"], "", section["body"])] if section["body"] or section["heading"] else []
        found += [(section["heading"], f"audience-{key}", one["body"]) for key, one in section["wordings"].items()]
    return found


def keys_of(content: dict) -> dict[str, str]:
    return {f"r{number}": row["key"] for number, row in enumerate(content["references"], start=1)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_sample_article_comes_back_text_by_text(file):
    content = content_of(file.read_bytes())

    back = texts_of(xml(content), keys_of(content))

    assert [(heading, name, richtext.clean(body)) for heading, name, body in back] == written_in(content)
    assert xml(content).findtext(".//article-title") == content["title"]


@pytest.mark.parametrize("body", richtext_corpus.CORPUS, ids=range(len(richtext_corpus.CORPUS)))
def test_every_good_text_comes_back_byte_for_byte(body):
    content = content_of(FILES[0].read_bytes())
    cited = richtext.cited_keys(body)
    content["references"] = [{"key": key, "csl": '{"type":"book","title":"A"}'} for key in dict.fromkeys(cited)]
    content["figures"] = [
        {
            "key": key,
            "alt": "A",
            "caption": "",
            "source": "",
            "licence": "",
            "files": [{"width": 1, "sha256": "0" * 64}],
        }
        for key in richtext.figure_keys(body)
    ]
    content["sections"] = [{"key": "a", "role": "body", "heading": "H", "body": body, "wordings": {}}]

    ((_heading, _name, back),) = texts_of(xml(content), keys_of(content))

    assert richtext.clean(back) == body


WORK = (
    '{"type":"article-journal","title":"Nodes","container-title":"Sample Journal","volume":"12","issue":"3",'
    '"page":"101-9","DOI":"10.5555/a","PMID":"123","URL":"https://example.org/a","issued":{"date-parts":[[2024,3,5]]},'
    '"accessed":{"date-parts":[[2024,4,6]]},"author":[{"family":"Berg","given":"Ada","non-dropping-particle":"van",'
    '"suffix":"Jr"},{"literal":"World Health Organization"}]}'
)


def test_a_reference_has_an_element_for_each_part():
    content = content_of(FILES[0].read_bytes())
    content["references"] = [{"key": "a", "csl": WORK}]
    content["sections"] = [{"key": "a", "role": "body", "heading": "H", "body": "<p>Text.</p>", "wordings": {}}]

    cited = xml(content).find(".//element-citation")

    assert cited.get("publication-type") == "journal"
    said = {one.tag: one.text for one in cited.iter() if one.text}
    assert said == {
        "surname": "van Berg", "given-names": "Ada", "suffix": "Jr", "collab": "World Health Organization",
        "article-title": "Nodes", "source": "Sample Journal", "volume": "12", "issue": "3", "year": "2024",
        "month": "3", "day": "5", "date-in-citation": "2024-04-06", "fpage": "101", "lpage": "109", "pub-id": "123",
        "ext-link": "https://example.org/a",
    }  # fmt: skip
    assert [one.text for one in cited.iter("pub-id")] == ["10.5555/a", "123"]


def exported(*arguments) -> str:
    out = StringIO()
    call_command("export_article", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_public_version_says_its_status_and_who_approved_it(author, editor, clinical, specialist):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)

    root = etree.fromstring(exported(version.article.slug, "--format", "jats").encode())

    facts = [(one.findtext("meta-name"), one.findtext("meta-value")) for one in root.iter("custom-meta")]
    assert ("SHA-256", version.digest) in facts
    assert ("status", f"Version 1, public, SHA-256 {version.digest}") in facts
    assert [value.split(",")[0] for name, value in facts if name == "approved by"] == [
        "Clara Clinical",
        "Simon Specialist",
    ]
    assert root.find(".//pub-date").get("iso-8601-date") == version.review.published_at.date().isoformat()
    assert root.findtext(".//string-name") == "Ada Author"


@pytest.mark.django_db
def test_a_draft_is_not_archived(author):
    with pytest.raises(CommandError, match="Only a version can be written as JATS"):
        exported(factories.article(author).slug, "--format", "jats", "--draft")
