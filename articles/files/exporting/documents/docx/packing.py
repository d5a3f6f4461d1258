"""The package of a Word file: its parts, their types and relations, in the same bytes each time."""

import io
import zipfile

from lxml import etree

from articles.files.exporting.documents.docx.texts import Relations
from articles.files.exporting.documents.docx.xml import Element, element, written

DAY = (1980, 1, 1, 0, 0, 0)  # of each part: the bytes of a file do not depend on the day
KIND = "application/vnd.openxmlformats-officedocument"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
WORDS = f"{KIND}.wordprocessingml"
PARTS = {
    "word/document.xml": f"{WORDS}.document.main+xml",
    "word/styles.xml": f"{WORDS}.styles+xml",
    "word/numbering.xml": f"{WORDS}.numbering+xml",
    "word/settings.xml": f"{WORDS}.settings+xml",
    "word/header1.xml": f"{WORDS}.header+xml",
    "word/footer1.xml": f"{WORDS}.footer+xml",
    "customXml/itemProps1.xml": f"{KIND}.customXmlProperties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": f"{KIND}.extended-properties+xml",
}
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
ITEM = "{B3A2F7C0-5B1D-4E0A-9C57-1D0E2A6F4C11}"


def packed(
    parts: dict[str, Element],
    relations: Relations,
    own: Element,
    files: dict[str, bytes],
    *,
    title: str,
    authors: str,
    language: str,
) -> bytes:
    """
    Return the Word file. `parts` are those of the text by their names in `word/`, `own` is the part of our own.

    `files` are pictures by their full names.
    """
    made = {
        "[Content_Types].xml": _types(files),
        "_rels/.rels": _related(
            [
                (f"{OFFICE}/officeDocument", "word/document.xml", ""),
                (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", ""),
                (f"{OFFICE}/extended-properties", "docProps/app.xml", ""),
            ]
        ),
        **{f"word/{name}": written(root) for name, root in parts.items()},
        "word/_rels/document.xml.rels": _of_text(relations),
        "customXml/item1.xml": _plain(own),
        "customXml/_rels/item1.xml.rels": _related([(f"{OFFICE}/customXmlProps", "itemProps1.xml", "")]),
        "customXml/itemProps1.xml": _properties_of_part(own),
        "docProps/core.xml": _core(title, authors, language),
        "docProps/app.xml": _app(),
        **files,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in made.items():
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_STORED if name in files else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return held.getvalue()


def _types(files: dict[str, bytes]) -> bytes:
    space = f"{PACKAGE}/content-types"
    root = etree.Element(f"{{{space}}}Types", nsmap={None: space})  # type: ignore[dict-item]  # None is the default
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    endings = {name.rpartition(".")[2] for name in files}
    for ending, kind in {**defaults, **{one: PICTURES[one] for one in sorted(endings)}}.items():
        etree.SubElement(root, f"{{{space}}}Default", {"Extension": ending, "ContentType": kind})
    for name, kind in PARTS.items():
        etree.SubElement(root, f"{{{space}}}Override", {"PartName": f"/{name}", "ContentType": kind})
    return _plain(root)


def _of_text(relations: Relations) -> bytes:
    fixed = [
        (f"{OFFICE}/styles", "styles.xml", "rIdStyles"),
        (f"{OFFICE}/numbering", "numbering.xml", "rIdNumbering"),
        (f"{OFFICE}/settings", "settings.xml", "rIdSettings"),
        (f"{OFFICE}/header", "header1.xml", "rIdHeader"),
        (f"{OFFICE}/footer", "footer1.xml", "rIdFooter"),
        (f"{OFFICE}/customXml", "../customXml/item1.xml", "rIdOwn"),
    ]
    rows = [(f"{OFFICE}/{kind}", target, key) for (kind, target), key in relations.rows.items()]
    return _related([*fixed, *rows])


def _related(rows: list[tuple[str, str, str]]) -> bytes:
    """Return a part of relations: (type, target, id); one without an id gets a number."""
    space = f"{PACKAGE}/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})  # type: ignore[dict-item]
    for number, (kind, target, key) in enumerate(rows, start=1):
        made = etree.SubElement(root, f"{{{space}}}Relationship", {"Id": key or f"rId{number}", "Type": kind})
        made.set("Target", target)
        if kind.endswith("/hyperlink"):
            made.set("TargetMode", "External")
    return _plain(root)


def _properties_of_part(own: Element) -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    root = etree.Element(f"{{{space}}}datastoreItem", {f"{{{space}}}itemID": ITEM}, nsmap={"ds": space})
    named = etree.SubElement(etree.SubElement(root, f"{{{space}}}schemaRefs"), f"{{{space}}}schemaRef")
    named.set(f"{{{space}}}uri", etree.QName(own).namespace)
    return _plain(root)


def _core(title: str, authors: str, language: str) -> bytes:
    root = etree.Element(f"{{{CORE}}}coreProperties", nsmap={"cp": CORE, "dc": DC, "dcterms": TERMS})
    for name, value in (("title", title), ("creator", authors), ("language", language)):
        etree.SubElement(root, f"{{{DC}}}{name}").text = value
    return _plain(root)


def _app() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    root = etree.Element(f"{{{space}}}Properties", nsmap={None: space})  # type: ignore[dict-item]  # None is the default
    etree.SubElement(root, f"{{{space}}}Application").text = "Imprimatur"
    return _plain(root)


def _plain(root: Element) -> bytes:
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made


def settings(language: str) -> Element:
    """Return the settings of the text: those of Word since 2013, so that it opens in its usual way."""
    mode = element(
        "w:compatSetting",
        {"w:name": "compatibilityMode", "w:uri": "http://schemas.microsoft.com/office/word", "w:val": "15"},
    )
    return element(
        "w:settings",
        None,
        element("w:zoom", {"w:percent": "100"}),
        element("w:defaultTabStop", {"w:val": "709"}),
        element("w:compat", None, mode),
        element("w:themeFontLang", {"w:val": language}),
    )
