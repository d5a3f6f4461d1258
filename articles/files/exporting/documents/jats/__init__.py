"""
An article as JATS, the XML in which journals are archived: Journal Archiving and Interchange Tag Set 1.1.

It has every text that readers see: the general one, each wording, references element by element, figures with their
alternative texts, and who wrote it. What was reviewed, and who signed it, stands in `custom-meta-group`.
"""

from typing import Any

from lxml import etree

from articles.files.exporting.documents.jats.texts import XLINK, Element, Texts
from articles.files.exporting.documents.jats.works import work

DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.1 20151215//EN" '
    '"JATS-archivearticle1.dtd">'
)
KINDS = {"policy": "editorial"}
XML = "{http://www.w3.org/XML/1998/namespace}"


def jats(
    content: dict[str, Any], *, publisher: str, slug: str, site: str, facts: list[tuple[str, str]], published: str = ""
) -> bytes:
    """
    Return the article as XML in UTF-8.

    `site` is where addresses of the site begin, `facts` are the names and values of custom-meta, and `published` is the
    day, as YYYY-MM-DD, on which the text became public.
    """
    root = etree.Element(
        "article",
        {
            "article-type": KINDS.get(content["kind"], "review-article"),
            "dtd-version": "1.1",
            f"{XML}lang": content["language"],
        },
        nsmap={"xlink": XLINK[1:-1]},
    )
    figures = {row["key"]: _figure(row, site) for row in content["figures"]}
    texts = Texts([row["key"] for row in content["references"]], figures, site)
    _front(etree.SubElement(root, "front"), content, publisher, f"{site}/articles/{slug}/", facts, published)
    body = etree.SubElement(root, "body")
    labels = {audience["key"]: audience["label"] for audience in content["audiences"]}
    for section in content["sections"]:
        _section(section, body, texts, labels)
    if content["references"]:
        listed = etree.SubElement(etree.SubElement(root, "back"), "ref-list")
        listed.extend(work(row, texts.ids[row["key"]]) for row in content["references"])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=DOCTYPE)


def _front(
    front: Element, content: dict[str, Any], publisher: str, address: str, facts: list[tuple[str, str]], published: str
) -> None:
    journal = etree.SubElement(front, "journal-meta")
    etree.SubElement(journal, "journal-id", {"journal-id-type": "publisher-id"}).text = publisher
    etree.SubElement(etree.SubElement(journal, "journal-title-group"), "journal-title").text = publisher
    etree.SubElement(etree.SubElement(journal, "publisher"), "publisher-name").text = publisher
    meta = etree.SubElement(front, "article-meta")
    etree.SubElement(meta, "article-id", {"pub-id-type": "publisher-id"}).text = address
    if content["topics"]:
        group = etree.SubElement(
            etree.SubElement(meta, "article-categories"), "subj-group", {"subj-group-type": "topic"}
        )
        for topic in content["topics"]:
            etree.SubElement(group, "subject").text = topic["name"]
    etree.SubElement(etree.SubElement(meta, "title-group"), "article-title").text = content["title"]
    if content["contributors"]:
        people = etree.SubElement(meta, "contrib-group")
        for one in content["contributors"]:
            _contributor(one, people)
    if published:
        date = etree.SubElement(meta, "pub-date", {"pub-type": "epub", "iso-8601-date": published})
        year, month, number = published.split("-")
        for name, value in (("day", number), ("month", month), ("year", year)):
            etree.SubElement(date, name).text = value
    etree.SubElement(meta, "self-uri", {f"{XLINK}href": address})
    said = etree.SubElement(meta, "custom-meta-group")
    for name, value in facts:
        row = etree.SubElement(said, "custom-meta")
        etree.SubElement(row, "meta-name").text = name
        etree.SubElement(row, "meta-value").text = value


def _contributor(one: dict[str, Any], into: Element) -> None:
    made = etree.SubElement(into, "contrib", {"contrib-type": one["role"]})
    if orcid := one["orcid"]:
        etree.SubElement(made, "contrib-id", {"contrib-id-type": "orcid"}).text = f"https://orcid.org/{orcid}"
    etree.SubElement(etree.SubElement(made, "name-alternatives"), "string-name").text = one["name"]
    if credentials := one["credentials"]:
        etree.SubElement(made, "degrees").text = credentials


def _section(section: dict[str, Any], body: Element, texts: Texts, labels: dict[str, str]) -> None:
    """
    Append a section; its wordings for other audiences are sections within it, called after their audience.

    A lead has no heading, so it is no section: its text stands before the others.
    """
    made = body
    if section["heading"]:
        made = etree.SubElement(body, "sec", {"id": f"s-{section['key']}", "sec-type": section["role"]})
        etree.SubElement(made, "title").text = section["heading"]
    texts.write(section["body"], made)
    for audience, wording in section["wordings"].items():
        other = etree.SubElement(made, "sec", {"sec-type": "wording", "specific-use": f"audience-{audience}"})
        etree.SubElement(other, "title").text = wording["heading"] or labels[audience]
        texts.write(wording["body"], other)


def _figure(row: dict[str, Any], site: str) -> Element:
    made = etree.Element("fig", {"specific-use": row["key"]})
    if row["caption"]:
        etree.SubElement(etree.SubElement(made, "caption"), "p").text = row["caption"]
    etree.SubElement(made, "alt-text").text = row["alt"]
    for name in ("source", "licence"):
        if row.get(name):
            etree.SubElement(made, "attrib", {"specific-use": name}).text = row[name]
    widest = max(row["files"], key=lambda file: file["width"])
    etree.SubElement(made, "graphic", {f"{XLINK}href": f"{site}/figures/{widest['sha256']}"})
    return made
