"""
Pictures of a Word file as figures, with what stands below each: a caption, its source and its licence.

A figure has an alternative text, a source and a licence, so a picture without one of them is refused. So is one that
Word shows otherwise than its file: what was cut off could be a name. A picture stands in a paragraph of its own.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field

from lxml import etree

from articles.files.imported import BadFile, Faults, ImportedFigure
from articles.files.word.own.names import OWN
from articles.files.word.own.preparing import words_of
from articles.files.word.package import MOST_IN_A_PART, Element, Package, R, W
from articles.files.word.styles import Look, Styles
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.rendering.our_words import WORDS

PLACE = f"{OWN}figure"
MARK = re.compile("<p>\ue012([^\ue012\ue013]*)\ue013</p>")
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
CHANGES = (  # what Word does to a picture that its file does not have
    "alphaModFix", "biLevel", "blur", "clrChange", "duotone", "grayscl", "hsl", "lum", "tint", "custGeom",
)  # fmt: skip
TURNS = ("rot", "flipH", "flipV")
BY_A_PROGRAM = re.compile(r"description automatically generated|AI-generated content", re.IGNORECASE)
LABELS = {
    "source": re.compile(rf"(?:{'|'.join(re.escape(one.source.strip()) for one in WORDS.values())})\s*", re.IGNORECASE),
    "licence": re.compile(
        rf"(?:{'|'.join(re.escape(one.licence.strip()) for one in WORDS.values())}|License:)\s*", re.IGNORECASE
    ),
}
NUMBERED = re.compile(rf"(?:{'|'.join(one.figure.format(number='') for one in WORDS.values())})\s*(\d+)\s*[.:]\s*")
LONGEST = {"alt": 1000, "caption": 1000, "source": 300, "licence": 200}


@dataclass
class Taken:
    """The figures of a text in their order, and remarks for its author."""

    figures: list[ImportedFigure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def taken(body: Element, package: Package, styles: Styles, faults: Faults) -> Taken:
    """
    Take the pictures and the words below them out of a text. Its paragraphs are marked with the keys of their figures.

    A picture that cannot be a figure is noted as a fault, or stays in the text, whose reading refuses it.
    """
    made = Taken()
    places = [one for one in body.iter(f"{W}p") if _holds_one_picture(one)]
    for number, paragraph in enumerate(places, start=1):
        _Picture(paragraph, package, styles, number).take(made, faults)
    return made


def mark(document: Element) -> None:
    """Write the key of its figure into each paragraph that is the place of one, so that it is known in the HTML."""
    for paragraph in document.iter(f"{W}p"):
        if key := paragraph.get(PLACE):
            run = etree.SubElement(paragraph, f"{W}r")
            etree.SubElement(run, f"{W}t").text = f"\ue012{key}\ue013"


def placed(written: str) -> str:
    """Return the HTML of a section with figures in the place of their marks."""
    return MARK.sub(r'<figure data-figure="\1"></figure>', written)


def _holds_one_picture(paragraph: Element) -> bool:
    """Tell whether a paragraph between others, in no cell and no list, holds one picture and nothing else."""
    drawings = list(paragraph.iter(f"{W}drawing"))
    return (
        len(drawings) == 1
        and len(list(drawings[0].iter(f"{A}blip"))) == 1
        and next(drawings[0].iter("{*}txbxContent"), None) is None
        and drawings[0].getparent().tag == f"{W}r"
        and drawings[0].getparent().getparent() is paragraph
        and next(paragraph.iterancestors(f"{W}tc"), None) is None
        and paragraph.find(f"{W}pPr/{W}numPr") is None
        and not words_of(paragraph)
    )


class _Picture:
    def __init__(self, paragraph: Element, package: Package, styles: Styles, number: int) -> None:
        self.paragraph, self.package, self.styles, self.number = paragraph, package, styles, number
        self.drawing = next(paragraph.iter(f"{W}drawing"))
        self.words = {"alt": "", "caption": "", "source": "", "licence": ""}
        self.below: list[Element] = []

    def take(self, made: Taken, faults: Faults) -> None:
        self._read_words()
        data, sentence = self._data()
        sentence = sentence or self._why_not()
        self.drawing.getparent().remove(self.drawing)
        for line in self.below:
            line.getparent().remove(line)
        if sentence:
            faults.note(BadFile(0, sentence))
            return
        key = f"picture-{hashlib.sha256(data).hexdigest()[:12]}"
        self.paragraph.set(PLACE, key)
        if any(one.key == key for one in made.figures):
            faults.note(BadFile(0, self._said(_("Picture {number} stands in the text twice. Keep it in one place."))))
            return
        if BY_A_PROGRAM.search(self.words["alt"]):
            said = _("The alternative text of picture {number} was written by a program: {words}. Check it.")
            made.remarks.append(said.format(number=self.number, words=quoted(self.words["alt"])))
        made.figures.append(ImportedFigure(key=key, data=base64.b64encode(data).decode(), **self.words))

    def _said(self, sentence: str, **words: str) -> str:
        return sentence.format(number=self.number, **words)

    def _read_words(self) -> None:
        """Read the alternative text, and the lines below: a caption, then source and licence in any order."""
        named = next(self.drawing.iter(f"{WP}docPr"), None)
        self.words["alt"] = " ".join(named.get("descr", "").split()) if named is not None else ""
        line = self.paragraph.getnext()
        while line is not None and line.tag == f"{W}p":
            words = words_of(line)
            name = next((name for name, label in LABELS.items() if label.match(words)), "")
            if not name and self.styles.name(self.styles.of_paragraph(line)) == "caption":
                name = "caption"
            if not name or self.words[name] or (name == "caption" and self.below):
                break
            found = NUMBERED.match(words)
            if name == "caption" and found and int(found[1]) == self.number:
                words = words[found.end() :]  # the page numbers its figures itself
            self.words[name] = words if name == "caption" else LABELS[name].sub("", words, count=1)
            self.below.append(line)
            line = line.getnext()
        self.words = {name: characters.normalised(words).strip() for name, words in self.words.items()}

    def _data(self) -> tuple[bytes, str]:
        """Return the file of the picture, or why it is none that a page can show."""
        blip = next(self.drawing.iter(f"{A}blip"))
        _kind, target, mode = self.package.of_text.get(blip.get(f"{R}embed", ""), ("", "", "External"))
        if mode != "Internal" or blip.get(f"{R}link"):
            return b"", self._said(_("Picture {number} is not in the file. Put it into the file instead of a link."))
        if self._is_changed(blip):
            return b"", self._said(
                _(
                    "Picture {number} is cut, turned, recoloured or hidden by Word, and readers would see all of its "
                    "file. Save it as you want it shown, and put that into the text."
                )
            )
        if self.package.size(target) > MOST_IN_A_PART:
            said = _("Picture {number} is larger than {most} MB. Add it on the draft’s page “Figures”.")
            return b"", self._said(said, most=str(MOST_IN_A_PART // 1_000_000))
        data = self.package.read(target) or b""
        if not data.startswith(BEGINS):
            return b"", self._said(_("Picture {number} is no PNG, JPEG or WebP. Save it as one of these."))
        return data, ""

    def _is_changed(self, blip: Element) -> bool:
        cut = next(self.drawing.iter(f"{A}srcRect"), None)
        turned = next(self.drawing.iter(f"{A}xfrm"), None)
        named = next(self.drawing.iter(f"{WP}docPr"), None)
        look = self.styles.look(self.drawing.getparent(), self.paragraph)
        return (
            look.hidden
            or look.struck
            or (named is not None and named.get("hidden", "0") not in ("0", "false"))
            or (cut is not None and any(value not in ("", "0") for value in cut.attrib.values()))
            or (turned is not None and any(turned.get(name, "0") not in ("0", "false") for name in TURNS))
            or any("svg" in str(one.tag).lower() for one in blip.iter())
            or any(next(self.drawing.iter(A + name), None) is not None for name in CHANGES)
        )

    def _why_not(self) -> str:
        if next(self.drawing.iter(DECORATIVE), None) is not None:
            return self._said(_("Picture {number} is marked as decorative. Leave it out, or describe it."))
        labels = {
            "alt": _("an alternative text"),
            "source": _("a line “Source: …”"),
            "licence": _("a line “Licence: …”"),
        }
        if missing := [label for name, label in labels.items() if not self.words[name]]:
            said = _(
                "Picture {number} lacks {missing}. Give it an alternative text in Word, and write its source and its "
                "licence each in a line of its own below it; or leave it out, and add it on the draft’s page “Figures”."
            )
            return self._said(said, missing=", ".join(missing))
        for name, most in LONGEST.items():
            if len(self.words[name]) > most or characters.first_fault(self.words[name]):
                said = _("Picture {number} has words of more than {most} characters, or not allowed ones: {words}.")
                return self._said(said, most=str(most), words=quoted(self.words[name][:80]))
        if line := next((line for line in self.below if not self._is_plain(line)), None):
            said = _("The line below picture {number} is not plain text: {words}. Write it without other looks.")
            return self._said(said, words=quoted(words_of(line)))
        return ""

    def _is_plain(self, line: Element) -> bool:
        looks = [self.styles.look(run, line) for run in line.iter(f"{W}r")]
        plain = all(look._replace(capitals=False) == Look() for look in looks)
        return plain and not any(next(line.iter(name), None) is not None for name in _NEVER_BELOW)


_NEVER_BELOW = (f"{W}drawing", f"{W}pict", f"{W}object", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}sym")
