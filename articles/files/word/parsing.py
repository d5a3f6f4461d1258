"""
A Word file as an article: read twice, by mammoth and by ourselves, and refused if the two differ in one sign.

No database is used, and nothing is fetched. Headings become sections, a paragraph above a table with the style
“Caption” its caption, notes stand at the ends of their sections, and the citations of Zotero and Mendeley cite works.
Tracked changes are accepted. What Word shows and a page could not, such as struck out words, refuses the file.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import mammoth
from lxml import html

from articles.files.imported import BadFile, Faults, ImportedArticle, ImportedSection
from articles.files.markdown.body.reading import MOST_SECTIONS, ROLE_BY_HEADING
from articles.files.markdown.front_matter.beside import with_beside
from articles.files.word import comparing, pictures
from articles.files.word.cited.citations import Works
from articles.files.word.cited.fields import fields
from articles.files.word.levelled import Levelled
from articles.files.word.numbers import Numbers
from articles.files.word.own import building
from articles.files.word.own.names import WORDING
from articles.files.word.own.part import Part, part_of
from articles.files.word.own.preparing import Preparing
from articles.files.word.package import Element, Package, W, refused
from articles.files.word.seen import Block, Reader, Seen
from articles.files.word.styles import Styles
from articles.text import richtext
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import ngettext

STYLE_MAP = """
p[style-name='Title'] => h1.title:fresh
u => em
p[style-name='caption'] => p.caption:fresh
p[style-name='heading 7'] => h6:fresh
p[style-name='heading 8'] => h6:fresh
p[style-name='heading 9'] => h6:fresh
"""
HARMLESS = re.compile(r"Unrecognised|.* style with ID|An unrecognised element was ignored")
CITED = re.compile("\ue010([^\ue010\ue011]*)\ue011")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
LONGEST_TITLE, LONGEST_HEADING, LONGEST_LINE = 300, 200, 150
NOTES = {"footnotes": ("footnote", "footnoteReference"), "endnotes": ("endnote", "endnoteReference")}


def parse(data: bytes, *, audiences: frozenset[str], name: str = "") -> ImportedArticle:
    """
    Return the article of a Word file, or raise BadFile with a sentence, and the place, for each fault.

    It is a general text on a topic for the public, in the language that the file names; its details are for its author
    to fill in. `audiences` are those of the site: without `public` the first of them is written for. A file that was
    exported here has its details, wordings and figures too.
    """
    package = Package(data)
    document = package.tree(package.main)
    body = document.find(f"{W}body") if document is not None else None
    if body is None:
        raise refused(_("The file has no text."))
    styles, faults = Styles(package.related("styles")), Faults()
    part = part_of(package, styles, audiences)
    if part is None:
        return _foreign(package, document, body, styles, faults, audiences, name)
    return _ours(package, document, body, styles, faults, part)


def _foreign(
    package: Package,
    document: Element,
    body: Element,
    styles: Styles,
    faults: Faults,
    audiences: frozenset[str],
    name: str,
) -> ImportedArticle:
    works = Works(fields(body), faults)
    shown = pictures.taken(body, package, styles, faults)
    seen, levelled = _read(package, document, body, styles, faults, works)
    pictures.mark(levelled.document)
    made = _converted(levelled)
    _number(made, seen)
    blocks = _with_words(made)
    title, is_first, said = _title(seen.blocks, package, name)
    rest = seen.blocks[1:] if is_first else seen.blocks
    sections = _sections(_without_first(blocks) if is_first else blocks)
    comparing.compare(rest, sections)
    return ImportedArticle(
        title=title,
        kind="topic",
        slug="",
        topics=[],
        written_for="public" if "public" in audiences else min(audiences),
        ai_use="",
        ai_note="",
        language=_language(package),
        risk="standard",
        sections=sections,
        references=works.references,
        figures=shown.figures or None,
        warnings=[*filter(None, [said]), *_changed(seen, levelled, package), *works.remarks, *shown.remarks],
        kept=[_kept(rest, works, len(shown.figures))],
    )


def _without_first(blocks: list[Element]) -> list[Element]:
    """Return the blocks without the first that is no place of a figure: the title."""
    place = next(at for at, block in enumerate(blocks) if not pictures.MARK.match(_html(block)))
    return [*blocks[:place], *blocks[place + 1 :]]


def _html(element: Element) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))


def _ours(
    package: Package, document: Element, body: Element, styles: Styles, faults: Faults, part: Part
) -> ImportedArticle:
    """Return the article of a file that was exported here: its words are those of the text, its details of the part."""
    numbers = package.related("numbering")
    prepared = Preparing(package, styles, part, faults).prepare(body, Numbers(numbers))
    works = Works(fields(body), faults, part.front.references)
    seen, levelled = _read(package, document, body, styles, faults, works, is_ours=True)
    building.mark(levelled.document)
    blocks = _with_words(_converted(levelled, is_ours=True))
    title, is_first, said = _title(seen.blocks, package, part.front.title)
    rest = [block for block in seen.blocks[is_first:] if block.style != WORDING.lower()]
    sections = _worded(building.sections(blocks[is_first:]))
    comparing.compare(rest, sections)
    if part.has_empty_lead and sections[0].role != "lead":
        sections.insert(0, ImportedSection("lead", "", "", {}, 0))
    facts = {name: value for name, value in part.front.of_article.items() if name not in ("title", "references")}
    sections, unsaid = with_beside(sections, part.front.beside)
    return ImportedArticle(
        **facts,
        title=title,
        sections=sections,
        references=works.references,
        figures=list(prepared.figures.values()),
        exported=part.exported,
        warnings=[
            *filter(None, [said]),
            *prepared.remarks,
            *_changed(seen, levelled, package),
            *works.remarks,
            *unsaid,
        ],
        kept=[_kept(rest, works, len(prepared.figures))],
    )


def _read(
    package: Package,
    document: Element,
    body: Element,
    styles: Styles,
    faults: Faults,
    works: Works,
    *,
    is_ours: bool = False,
) -> tuple[Seen, Levelled]:
    """Return what stands in the text, read by ourselves, and the text made ready for mammoth."""
    notes = _notes(package)
    seen = Reader(body, styles, Numbers(package.related("numbering")), notes, faults, is_ours=is_ours).read(works.keys)
    faults.stop()
    if not seen.blocks:
        raise refused(_("The file has no text."))
    return seen, Levelled(package, document, styles, notes, works.keys, is_ours=is_ours)


def _worded(found: Iterator[building.Written]) -> list[ImportedSection]:
    """Return the sections of a file of ours, each with its wordings."""
    sections = []
    for one in found:
        if not (one.heading or one.general or one.wordings):
            continue
        general = _section(one.heading, one.general, one.role)
        wordings = {key: _section(one.heading, blocks, one.role).body for key, blocks in one.wordings.items()}
        headings = {key: characters.normalised(text) for key, text in one.headings.items()}
        sections.append(replace(general, wordings=wordings, headings=headings))
    if len(sections) > MOST_SECTIONS:
        raise refused(_("The article has more than {most} sections.").format(most=MOST_SECTIONS))
    if not any(section.body or section.wordings for section in sections):
        raise refused(_("The file has no text below its title."))
    return sections


def _notes(package: Package) -> dict[tuple[str, str], Element]:
    found = {}
    for part, (name, reference) in NOTES.items():
        root = package.related(part)
        for note in root.iterfind(W + name) if root is not None else ():
            found[reference, note.get(f"{W}id", "")] = note
    return found


def _converted(levelled: Levelled, *, is_ours: bool = False) -> Element:
    """Return the HTML that mammoth makes, as one element. Links to places of the text stay in a file of ours alone."""
    result = mammoth.convert_to_html(levelled.file(), style_map=STYLE_MAP)
    said = [message.message for message in result.messages if not HARMLESS.match(message.message)]
    if said:
        faults = [(0, _("Not everything can be imported: {what}").format(what=one)) for one in dict.fromkeys(said)]
        raise BadFile(*faults[0], *faults[1:])
    made = html.fragment_fromstring(result.value, create_parent="div")
    for link in list(made.iter("a")):
        if not link.get("href") or (link.get("href").startswith("#") and not is_ours):
            link.drop_tag()
    return made


def _with_words(made: Element) -> list[Element]:
    return [one for one in made if "".join(one.itertext()).strip()]


def _title(blocks: list[Block], package: Package, name: str) -> tuple[str, bool, str]:
    """
    Return the title, whether it is the first block, and what has to be said of it; raise BadFile if the file has none.

    It is the first block if that has the style “Title”, or if it is the only heading of the first level; then the title
    in the file's properties; then a first line that is no sentence; then the name of the file.
    """
    first, highest = blocks[0], [block for block in blocks if block.kind == "heading" and block.level == 1]
    if any(block.kind == "title" for block in blocks[1:]):
        raise refused(_("Only the first line of the file may have the style “Title”: it becomes the title."))
    line = " ".join(comparing.level(first.text).split())
    in_properties = package.title
    if first.kind == "title" or (first.kind == "heading" and first.level == 1 and len(highest) == 1):
        title, is_first, said = line, True, ""
    elif in_properties:
        title, is_first = in_properties, line == in_properties
        said = (
            "" if is_first else _("The title is the one of the file’s properties: {title}.").format(title=quoted(title))
        )
    elif _may_be_a_title(first, line) and len(blocks) > 1:
        title, is_first = line, True
        said = _("The first line became the title: {title}.").format(title=quoted(title))
    elif name and not characters.first_fault(characters.normalised(name)):
        title, is_first = characters.normalised(name), False
        said = _("The file has no title, so its name became the title: {title}.").format(title=quoted(name))
    else:
        raise refused(_("Give the first line of the file the style “Title”: it becomes the title."))
    if len(title) > LONGEST_TITLE:
        longer = _("The title has {number} characters, more than the {most} allowed.")
        raise refused(longer.format(number=len(title), most=LONGEST_TITLE))
    return title, is_first, said


def _may_be_a_title(first: Block, line: str) -> bool:
    is_short = first.kind == "text" and len(line) <= LONGEST_LINE and not line.endswith((".", ":", ";", ","))
    return (
        is_short and line == " ".join(first.text.split()) and not re.search("[\ue000-\uf8ff]", line)
    )  # without citations, notes, raised and lowered signs


def _sections(made: list[Element]) -> list[ImportedSection]:
    """Return the sections of the HTML: one for each heading of the highest level below the title."""
    levels = {int(one.tag[1]) for one in made if re.fullmatch("h[1-6]", str(one.tag))}
    highest = min(levels, default=9)
    parts: list[tuple[str, list[Element]]] = [("", [])]
    for one in made:
        if one.tag == f"h{highest}":
            parts.append((tidy("".join(one.itertext())), []))
        else:
            if re.fullmatch("h[1-6]", str(one.tag)):
                one.tag = "h3" if int(one.tag[1]) == highest + 1 else "h4"
            parts[-1][1].append(one)
    if len(parts) > MOST_SECTIONS:
        raise refused(_("The article has more than {most} sections.").format(most=MOST_SECTIONS))
    found = [_section(heading, elements) for heading, elements in parts if heading or elements]
    if not any(section.body for section in found):
        raise refused(_("The file has no text below its title."))
    return found


def _section(heading: str, elements: list[Element], role: str | None = None) -> ImportedSection:
    """Return the section of these elements; with a `role`, which may be empty, they are those of a file of ours."""
    if len(heading) > LONGEST_HEADING:
        said = _("The heading {words} has more than {most} characters.")
        raise refused(said.format(words=quoted(heading), most=LONGEST_HEADING))
    if role is None:
        _caption(elements)
        written = pictures.placed("".join(map(_html, elements)))
    else:
        written = building.body(elements)
    written = CITED.sub(r'<cite data-ref="\1">[\1]</cite>', written)
    try:
        body = richtext.storable(written)
    except richtext.TooLong:
        raise refused(_("The section {heading} is too long; divide it.").format(heading=quoted(heading))) from None
    role = role or (ROLE_BY_HEADING.get(heading.casefold(), "body") if heading else "lead")
    return ImportedSection(role, characters.normalised(heading), body, {}, 0)


def _caption(elements: list[Element]) -> None:
    """Make a caption that stands right above a table the caption of that table."""
    for above, table in list(pairwise(elements)):
        if above.get("class") == "caption" and table.tag == "table":
            above.tag = "caption"
            elements.remove(above)
            table.insert(0, above)


def _number(made: Element, seen: Seen) -> None:
    """Give each list the number of its first item, and part lists that mammoth made one of."""
    for item in list(made.iter("li")):  # a list that begins deep has items around it that hold nothing else
        above, inner = item.getparent(), list(item)
        if len(above) == len(inner) == 1 and inner[0].tag in ("ol", "ul") and not (item.text or "").strip():
            above.getparent().replace(above, inner[0])
    numbers = iter(seen.numbers)
    for item in list(made.iter("li")):
        number = next(numbers, "")[:-1]
        above, before = item.getparent(), item.getprevious()
        if above.tag != "ol" or not number.isdigit():
            continue
        if before is None:
            above.set("start", number)
        elif int(number) != int(above.get("start", "1")) + above.index(item):
            rest = html.Element("ol", start=number)
            above.addnext(rest)
            rest.extend([item, *item.itersiblings()])


def _language(package: Package) -> str:
    """Return the language that the styles name, without its country; English if they name none."""
    root = package.related("styles")
    found = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang") if root is not None else None
    code = (found.get(f"{W}val", "") if found is not None else "").partition("-")[0]
    return code if LANGUAGE.fullmatch(code) else "en"


def _kept(blocks: list[Block], works: Works, figures: int = 0) -> str:
    """Return in a sentence what was kept."""
    kinds = [block.kind for block in blocks]
    counts = [
        (kinds.count("heading"), ngettext("{number} heading", "{number} headings", kinds.count("heading"))),
        (kinds.count("text"), ngettext("{number} paragraph", "{number} paragraphs", kinds.count("text"))),
        (kinds.count("item"), ngettext("{number} item", "{number} items", kinds.count("item"))),
        (kinds.count("table"), ngettext("{number} table", "{number} tables", kinds.count("table"))),
        (cells := sum(len(block.cells) for block in blocks), ngettext("{number} cell", "{number} cells", cells)),
        (figures, ngettext("{number} figure", "{number} figures", figures)),
        (len(works.keys), ngettext("{number} citation", "{number} citations", len(works.keys))),
    ]
    listed = ", ".join(said.format(number=number) for number, said in counts if number)
    return _("Kept, and compared sign by sign: {what}.").format(what=listed)


def _changed(seen: Seen, levelled: Levelled, package: Package) -> Iterator[str]:
    """Yield in a sentence each what the page shows otherwise than Word, or not at all."""
    if seen.is_tracked:
        yield _("The file has tracked changes. They were accepted: deleted words are not in the draft.")
    for number in levelled.headed:
        yield _("The first row of table {number} looks like a row of headers, and was made one.").format(number=number)
    if "list" in seen.left_out:
        yield _("The list of references was left out: the page prints its own.")
    if "contents" in seen.left_out:
        yield _("The table of contents was left out: the page makes its own.")
    if seen.numbered_headings:
        yield _("The numbers of headings were left out.")
    if seen.has_capitals:
        yield _("Words that Word only shows in capitals are kept as they were typed.")
    if seen.letters:
        yield _("Letters, Roman numbers and numbers such as 1.1 of lists are plain numbers now. Check what names them.")
    if seen.underlined:
        yield _("Underlined words are in italics now.")
    if seen.highlighted:
        yield _("Highlighting was left out.")
    if seen.links_within:
        yield _("Links from one place of the file to another were left out.")
    kinds = {kind for kind, _target, _mode in package.of_text.values()}
    if kinds & {"header", "footer"} and not levelled.is_ours:
        yield _("Headers and footers of the pages were left out.")
    if "comments" in kinds:
        yield _("Comments were left out.")
