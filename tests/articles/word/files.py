"""Word files as tests need them, written part by part."""

import io
import json
import zipfile
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN = f"{KIND}.document.main+xml"


def _style(kind: str, key: str, name: str, more: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'


STYLES = "".join(
    [
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault>',
        "</w:docDefaults>",
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
        _style("paragraph", "Title", "Title", '<w:basedOn w:val="Normal"/>'),
        _style("paragraph", "Caption", "caption"),
        *(_style("paragraph", f"Heading{level}", f"heading {level}") for level in range(1, 7)),
        _style("paragraph", "Mine", "My heading", '<w:basedOn w:val="Heading1"/>'),
        _style("paragraph", "TOC1", "toc 1"),
        _style("character", "Raised", "Raised", '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'),
        _style("character", "Struck", "Struck", "<w:rPr><w:strike/></w:rPr>"),
        _style("table", "Plain", "Plain"),
        _style("table", "Headed", "Headed", '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>'),
        "</w:styles>",
    ]
)
FORMS = {"1": "decimal", "2": "bullet", "3": "lowerLetter", "4": "decimal"}


def _levels(form: str) -> str:
    begins = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    return "".join(f'<w:lvl w:ilvl="{depth}">{begins}<w:lvlText w:val="%{depth + 1}."/></w:lvl>' for depth in range(3))


NUMBERING = "".join(
    [
        f'<w:numbering xmlns:w="{W}">',
        *(f'<w:abstractNum w:abstractNumId="{key}">{_levels(form)}</w:abstractNum>' for key, form in FORMS.items()),
        *(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in FORMS),
        '<w:num w:numId="5"><w:abstractNumId w:val="4"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/>',
        "</w:lvlOverride></w:num></w:numbering>",
    ]
)


def run(text: str, properties: str = "") -> str:
    """Return a run; `properties` are elements of its rPr."""
    shown = f'<w:t xml:space="preserve">{escape(text, quote=False)}</w:t>' if text else ""
    return f"<w:r><w:rPr>{properties}</w:rPr>{shown}</w:r>"


def paragraph(*runs: str, style: str = "", item: str = "", depth: int = 0, properties: str = "") -> str:
    """Return a paragraph; a run that is plain text stands for one without properties."""
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{item}"/></w:numPr>' if item else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    return f"<w:p><w:pPr>{styled}{listed}{properties}</w:pPr>{inner}</w:p>"


def table(*rows: list[str], style: str = "Plain", look: str = "", header: bool = False) -> str:
    """Return a table; a cell is its text, or an element w:tc. The first row is one of headers with `header`."""
    made = []
    for number, row in enumerate(rows):
        cells = "".join(one if one.startswith("<w:tc") else cell(one) for one in row)
        marked = "<w:trPr><w:tblHeader/></w:trPr>" if header and not number else ""
        made.append(f"<w:tr>{marked}{cells}</w:tr>")
    seen = f'<w:tblLook w:firstRow="{look}"/>' if look else ""
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{seen}</w:tblPr>{"".join(made)}</w:tbl>'


def cell(text: str, properties: str = "") -> str:
    inner = text if text.startswith("<w:p") else paragraph(text)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def field(code: str, shown: str) -> str:
    """Return a complex field with its code and the text that Word shows."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return (
        f"{marks[0]}<w:r><w:instrText>{escape(code, quote=False)}</w:instrText></w:r>{marks[1]}{run(shown)}{marks[2]}"
    )


def citation(*works: dict, shown: str = "(1)", program: str = "ZOTERO_ITEM ") -> str:
    data = {"citationItems": [{"id": number, "itemData": work} for number, work in enumerate(works)]}
    return field(f" ADDIN {program}CSL_CITATION {json.dumps(data)} ", shown)


def footnotes(*texts: str) -> dict[str, str]:
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph("<w:r><w:footnoteRef/></w:r>", text)}</w:footnote>'
        for number, text in enumerate(texts, start=1)
    )
    return {"footnotes": f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>'}


def note(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def docx(
    *body: str,
    title: str = "On nodes",
    parts: dict[str, str] | None = None,
    links: dict[str, str] | None = None,
    kind: str = MAIN,
    prolog: str = "",
    in_properties: str = "",
) -> bytes:
    """Return a Word file with a title, this body, and these other parts; `links` are addresses by their ids."""
    parts = {"styles": STYLES, "numbering": NUMBERING} | (parts or {})
    inner = (paragraph(title, style="Title") if title else "") + "".join(body)
    document = f'{prolog}<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:m="{M}"><w:body>{inner}</w:body></w:document>'
    named = "".join(f'<Relationship Id="p-{name}" Type="{R}/{name}" Target="{name}.xml"/>' for name in parts) + "".join(
        f'<Relationship Id="{key}" Type="{R}/hyperlink" Target="{escape(address)}" TargetMode="External"/>'
        for key, address in (links or {}).items()
    )
    of = f'xmlns="{PACKAGE}relationships"'
    types = f'<Override PartName="/word/document.xml" ContentType="{kind}"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}content-types">{types}</Types>')
        core = f'<Relationship Id="r2" Type="{PACKAGE}relationships/metadata/core-properties" Target="core.xml"/>'
        root = f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships {of}>{root}{core}</Relationships>")
        archive.writestr(
            "core.xml", f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{in_properties}</dc:title></c>'
        )
        archive.writestr("word/document.xml", document)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships {of}>{named}</Relationships>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return made.getvalue()
