"""What Chromium shows of a text that was typed at the desk, and of what is stored of it: the same, or it is refused."""

import random
import re

import pytest
from django.core.exceptions import ValidationError

from articles.desk.typed import from_typed

pytestmark = pytest.mark.browser

# Every letter that can be seen, with what makes it bold, slanted, raised, lowered, struck or a link; items' labels.
SEEN = """
([typed, stored]) => [typed, stored].map((text) => {
  const box = document.createElement("div");
  document.body.append(box);
  box.innerHTML = text;
  const found = [];
  const label = (item) => {
    const list = item.parentElement;
    if (list.tagName !== "OL") return "•";
    return list.start + [...list.children].filter((one) => one.tagName === "LI").indexOf(item) + ".";
  };
  const looks = (element) => {
    const style = getComputedStyle(element);
    const bold = style.fontWeight >= 600 && !element.closest("th, h1, h2, h3, h4, h5, h6");
    const said = [bold && "bold", style.fontStyle === "italic" && "italic"];
    for (let one = element; one !== box; one = one.parentElement) {
      const its = getComputedStyle(one);
      if (its.display === "inline" && ["super", "sub"].includes(its.verticalAlign)) said.push(its.verticalAlign);
      if (one.tagName === "A" && one.getAttribute("href")) said.push(one.getAttribute("href"));
      else if (its.textDecorationLine !== "none" && !one.closest("a[href]")) said.push(its.textDecorationLine);
      if (/^H[1-6]$/.test(one.tagName)) said.push("heading");
    }
    return said.filter(Boolean).sort().join(" ");
  };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const range = document.createRange();
      range.selectNode(node);
      const rects = [...range.getClientRects()];
      if (!node.parentElement.checkVisibility({visibilityProperty: true, opacityProperty: true})) return;
      if (!rects.some((rect) => rect.width > 0)) return;
      const mapped = node.data.replace(/\\s+/g, "");
      const style = getComputedStyle(node.parentElement);
      const cased = style.textTransform === "uppercase" ? mapped.toUpperCase() : mapped;
      for (const letter of cased) found.push(letter + " " + looks(node.parentElement));
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (getComputedStyle(node).display === "list-item" && node.tagName === "LI") found.push(label(node));
    if (["TD", "TH"].includes(node.tagName)) found.push(`cell ${node.tagName} ${node.colSpan} ${node.rowSpan}`);
    for (const sign of ["::before", "::after"]) {
      if (sign === "::after") node.childNodes.forEach(walk);
      const content = getComputedStyle(node, sign).content;
      if (!["none", "normal"].includes(content)) found.push(sign + content);
    }
    if (["BR", "P", "LI", "TR", "H1", "H2", "H3", "H4", "H5", "H6"].includes(node.tagName)) found.push("line");
  };
  box.childNodes.forEach(walk);
  const lines = box.innerText.split(/[\\n\\t]+/).map((line) => line.trim()).filter(Boolean);
  box.remove();
  return JSON.stringify([found.filter((one) => one !== "line"), lines.map((line) => line.replace(/\\s+/g, " "))]);
})
"""
WORDS = ["5 mg", "≥60", "10", "not", "0.5&nbsp;mg", "2–3", "ALT &lt;5", "μg", "HLA-B*57:01", "&gt;x", "½", " ", "a "]
STYLES = [
    "font-weight:bold", "font-weight:400", "font-style:italic", "font-style:normal", "vertical-align:super",
    "vertical-align:sub", "color:red", "display:none", "visibility:hidden", "text-decoration:line-through",
    "text-decoration:underline", "text-transform:uppercase", "font-size:0", "font-family:Arial", "margin:0",
    "opacity:0",
    "list-style-type:disc", "list-style-type:lower-alpha", "white-space:pre-wrap", "position:absolute;left:-9999px",
]  # fmt: skip
INLINE = ["b", "strong", "i", "em", "sub", "sup", "span", "a", "code", "cite", "dfn", "var", "font", "small", "abbr"]
RARE = ["q", "s", "u", "del", "ins", "mark", "ruby", "bdo", "kbd", "time", "x-y", "button", "svg", "template", "label"]
FLOW = ["p", "div", "section", "h3", "h4", "p", "p"]
RARE_FLOW = ["blockquote", "pre", "details", "dl", "address", "figure", "menu", "h2", "hr", "dialog", "fieldset"]
TAGS = [
    "p", "div", "b", "i", "em", "span", "sub", "sup", "ul", "li", "ol", "table", "tr", "td", "th", "caption", "thead",
    "tbody", "tfoot", "a", "h3", "h4", "section", "font", "cite", "address", "label", "figure", "center", "small",
    "nobr", "wbr", "br", "col", "colgroup", "abbr",
]  # fmt: skip
SIGNS = [
    "5",
    " mg",
    "x",
    "&lt;",
    "&amp;",
    "≥ ",
    "\n",
    " ",
    "\t",
    "&nbsp;",
    "<br>",
    "<wbr>",
    "<br/>",
    ">",
    "< ",
    "/",
    '"',
]
SIGNS += ["'", "&NewLine;", "&Tab;", "&ensp;", "&thinsp;", "<!--StartFragment-->"]
BLANK_LINE = re.compile(r"\n\s*\n")  # parts paragraphs at the desk, and nowhere else
ODD = [" start=3", " colspan=2", " rowspan=2", " scope=row", " type=1", " value=3", " id=x"]
ATTRIBUTES = ["class='x'", "id=y", "lang=en", "title='5 mg'", "hidden", "dir=rtl", "data-x='1'", "align=right"]


class Writer:
    """Write pages as people, programs and accidents do: mostly well, now and then with a tag that is rare or lost."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def page(self) -> str:
        return "\n".join(self.block(2) for _ in range(self.random.randint(1, 4)))

    def one_of(self, common: list, rare: list) -> str:
        return self.random.choice(rare if self.random.random() < 0.03 else common)

    def begin(self, tag: str) -> str:
        attributes = ""
        if self.random.random() < 0.15:
            attributes += f' style="{self.random.choice(STYLES)}"'
        if self.random.random() < 0.08:
            attributes += f" {self.random.choice(ATTRIBUTES)}"
        return f"<{tag}{attributes}{' href=/x/' * (tag == 'a')}>"

    def element(self, tag: str, inside: str) -> str:
        end = "" if self.random.random() < (0.4 if tag in ("li", "td", "th", "tr", "p") else 0.01) else f"</{tag}>"
        return f"{self.begin(tag)}{inside}{end}"

    def words(self, depth: int) -> str:
        said = []
        for _ in range(self.random.randint(1, 4)):
            if depth and self.random.random() < 0.4:
                said.append(self.element(self.one_of(INLINE, RARE), self.words(depth - 1)))
            else:
                said.append(self.random.choice(WORDS))
            said.append(self.random.choice(["", "", "<br>", " ", "<wbr>"]))
        return "".join(said)

    def block(self, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.2 and depth:
            return self.list(depth)
        if kind < 0.35 and depth == 2:
            return self.table()
        if kind < 0.5:
            return self.words(2)
        return self.element(self.one_of(FLOW, RARE_FLOW), self.words(2))

    def list(self, depth: int) -> str:
        items = []
        for _ in range(self.random.randint(1, 3)):
            inside = self.words(1) + (self.list(depth - 1) if depth > 1 and self.random.random() < 0.3 else "")
            items.append(self.element("li" if self.random.random() < 0.98 else "p", inside))
        tag = self.random.choice(["ul", "ol", "ol start=3"])
        return f"<{tag}>{''.join(items)}</{tag[:2]}>"

    def table(self) -> str:
        rows = []
        for _ in range(self.random.randint(1, 3)):
            cells = [self.element(self.random.choice(["td", "td", "th"]), self.words(1)) for _ in range(2)]
            rows.append(self.element("tr", "".join(cells)))
        caption = f"<caption>{self.words(1)}</caption>" if self.random.random() < 0.3 else ""
        loose = self.random.choice(WORDS) if self.random.random() < 0.05 else ""
        return f"<table>{caption}{loose}{''.join(rows)}</table>"


def stored(typed: str) -> str | None:
    try:
        return from_typed(typed)
    except ValidationError:
        return None


def heap(seed: int) -> str:
    """Return tags and signs that nobody sorted."""
    pick = random.Random(seed)
    written, begun = [], []
    for _ in range(pick.randint(2, 14)):
        kind = pick.random()
        if kind < 0.4:
            tag = pick.choice(TAGS)
            style = f' style="{pick.choice(STYLES)}"' if pick.random() < 0.15 else ""
            written.append(f"<{tag}{style}{' href=/x/' * (tag == 'a')}{pick.choice(ODD) * (pick.random() < 0.05)}>")
            begun += [tag] * (tag not in ("br", "wbr", "col"))
        elif kind < 0.6 and begun:
            written.append(f"</{begun.pop() if pick.random() < 0.93 else pick.choice(TAGS)}>")
        else:
            written.append(pick.choice(SIGNS))
    while begun and pick.random() < 0.97:
        written.append(f"</{begun.pop()}>")
    return "".join(written)


@pytest.mark.parametrize(("written", "many"), [(lambda seed: Writer(seed).page(), 4000), (heap, 12_000)])
def test_a_typed_text_is_shown_as_a_browser_shows_it_or_is_refused(chromium, written, many):
    pages = [written(seed) for seed in range(many)]
    taken = [(typed, kept) for typed in pages if not BLANK_LINE.search(typed) and (kept := stored(typed)) is not None]
    page = chromium.new_page()
    page.set_content("<!doctype html><meta charset=utf-8>")

    wrong = []
    for typed, kept in taken:
        one, other = page.evaluate(SEEN, [typed, kept])
        if one != other:
            wrong.append((typed, kept, one, other))
    page.close()

    assert len(taken) > many / 10
    assert len(pages) - len(taken) > many / 10
    assert wrong == [], f"{len(wrong)} of {len(taken)}"
