"""Articles with a remark on some words, and random edits that know which words they leave alone."""

import random
from dataclasses import dataclass, field
from itertools import count

from lxml import html

LABELS = ("Adults", "Children", "Infants", "Older people", "In pregnancy", "With kidney disease")
WHAT = ("give", "take", "start with", "never exceed")
DOSES = ("5 mg", "0.5 mg", "10 mg", "15 mg/kg", "2 tablets", "10^9/L")
HOW = ("twice a day", "with food", "for seven days", "before sleep", "if the pain comes back", "")
OTHERS = ("slowly", "at first", "without water", "as needed", "once only", "under supervision")
EDITS = "insert insert delete delete word word word swap paragraphs sections item row column cell".split()  # noqa: SIM905
NEAR = 4  # words behind a quotation that decide what it says
HEADINGS = ("Doses", "Warnings", "Before you begin", "How it works", "When to stop", "Other medicines")


@dataclass
class Unit:
    """A sentence, an item of a list or a cell: words that stay themselves wherever they are moved."""

    words: list[str]
    number: int

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass
class Table:
    columns: list[str]
    rows: list[tuple[str, list[Unit]]]


@dataclass
class Section:
    key: str
    heading: str
    paragraphs: list[list[Unit]]
    items: list[Unit]
    lead: str
    table: Table


@dataclass
class Remarked:
    """An article, the unit that the remark is in, and the words of it that are quoted."""

    random: random.Random
    sections: list[Section] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    numbers: count = field(default_factory=count)

    def sentence(self) -> Unit:
        """Return a sentence that differs from every other one there ever was, perhaps in one word."""
        while True:
            pick = self.random.choice
            words = f"{pick(LABELS)}: {pick(WHAT)} {pick(DOSES)} {pick(HOW)} {pick(('', pick(OTHERS)))}".split()
            if len(self.seen) > 200 or self.random.random() < 0.3:
                words += ["in", f"case{self.random.randrange(10_000)}"]
            words[-1] += "."
            if (text := " ".join(words)) not in self.seen:
                self.seen.add(text)
                return Unit(words, next(self.numbers))

    def cell(self) -> Unit:
        return Unit(
            [self.random.choice(DOSES), *self.random.choice([(), ("daily",), ("at", "night")])], next(self.numbers)
        )

    def fill(self) -> "Remarked":
        for number in range(6):
            columns = self.random.sample(LABELS, 3)
            rows = [(f"{what} {number}", [self.cell() for _ in columns]) for what in self.random.sample(WHAT, 3)]
            self.sections.append(
                Section(
                    key=f"key{number}",
                    heading=self.random.choice(HEADINGS),
                    paragraphs=[[self.sentence() for _ in range(self.random.choice([1, 2, 4]))] for _ in range(4)],
                    items=[self.sentence() for _ in range(3)],
                    lead=self.random.choice(["Do this:", "Never do this:"]),
                    table=Table(columns, rows),
                )
            )
        return self

    def units(self) -> list[Unit]:
        return [unit for section in self.sections for unit in units_of(section)]

    def page(self) -> html.HtmlElement:
        return html.fragment_fromstring(f"<article>{''.join(map(written, self.sections))}</article>")


def units_of(section: Section) -> list[Unit]:
    cells = [cell for _, cells in section.table.rows for cell in cells]
    return [*(unit for each in section.paragraphs for unit in each), *section.items, *cells]


def written(section: Section) -> str:
    paragraphs = "".join(f"<p>{' '.join(map(marked, units))}</p>" for units in section.paragraphs)
    items = "".join(f"<li>{marked(unit)}</li>" for unit in section.items)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("", *section.table.columns))
    rows = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{marked(cell)}</td>" for cell in cells)}</tr>'
        for name, cells in section.table.rows
    )
    return (
        f'<section id="s-{section.key}"><h2>{section.heading}</h2>{paragraphs}<p>{section.lead}</p><ul>{items}</ul>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def marked(unit: Unit) -> str:
    """Write a unit so that its words can be told from all others: the number is an attribute, which is no text."""
    return f'<span data-unit="{unit.number}">{raised(unit.text)}</span>'


def raised(text: str) -> str:
    return text.replace("^9", "<sup>9</sup>")


def any_edit(article: Remarked, kept: Unit, quoted: slice) -> None:
    """Edit the article once, anywhere but within the quoted words of one unit."""
    choose = article.random
    section = choose.choice(article.sections)
    paragraph = choose.choice(section.paragraphs)
    match choose.choice(EDITS):
        case "insert":
            paragraph.insert(choose.randrange(len(paragraph) + 1), article.sentence())
        case "delete":
            others = [unit for unit in paragraph if unit is not kept]
            if others and len(paragraph) > 1:
                paragraph.remove(choose.choice(others))
        case "word":
            change_word(article, choose.choice(article.units()), kept, quoted)
        case "swap":
            choose.shuffle(paragraph)
        case "paragraphs":
            choose.shuffle(section.paragraphs)
        case "sections":
            choose.shuffle(article.sections)
        case "item":
            section.items.insert(choose.randrange(len(section.items) + 1), article.sentence())
        case "row":
            cells = [article.cell() for _ in section.table.columns]
            section.table.rows.insert(choose.randrange(4), (f"try case{choose.randrange(10_000)}", cells))
        case "column":
            at = choose.randrange(len(section.table.columns) + 1)
            section.table.columns.insert(at, f"Group{choose.randrange(10_000)}")
            for _, cells in section.table.rows:
                cells.insert(at, article.cell())
        case "cell":
            _, cells = choose.choice(section.table.rows)
            at = choose.randrange(len(cells))
            if cells[at] is not kept:
                cells[at] = article.cell()


def change_word(article: Remarked, unit: Unit, kept: Unit, quoted: slice, at: int | None = None) -> None:
    places = [at for at in range(len(unit.words)) if unit is not kept or not quoted.start <= at < quoted.stop]
    if not places:
        return
    at = article.random.choice(places) if at is None else at
    end = "." if unit.words[at].endswith(".") else ":" if unit.words[at].endswith(":") else ""
    words = [*unit.words]
    words[at] = f"{article.random.choice(OTHERS).split()[0]}{article.random.randrange(10_000)}{end}"
    unit.words[:] = words
    article.seen.add(unit.text)


def remove(article: Remarked, unit: Unit) -> None:
    """Take the unit out of the article; a cell is replaced."""
    for section in article.sections:
        for units in (*section.paragraphs, section.items):
            if unit in units:
                units.remove(unit)
                return
        for _, cells in section.table.rows:
            if unit in cells:
                cells[cells.index(unit)] = Unit(["none"], next(article.numbers))
                return


def relabel(article: Remarked, unit: Unit) -> None:
    """Let the same words be said of somebody else: another label, header of the row or of the column."""
    for section in article.sections:
        for _, cells in section.table.rows:
            if unit in cells:
                section.table.columns[cells.index(unit)] = f"Others{article.random.randrange(10_000)}"
                return
    first = unit.words.index(next(word for word in unit.words if word.endswith(":"))) if ":" in unit.text else 0
    unit.words[: first + 1] = [f"Others{article.random.randrange(10_000)}:"]


def put_a_likeness(article: Remarked, unit: Unit, quoted: slice) -> None:
    """Put in the unit's place another one that differs in one word near the quoted ones, or nothing."""
    near = [at for at in range(len(unit.words)) if at < quoted.start or quoted.stop <= at < quoted.stop + NEAR]
    if not near:
        remove(article, unit)
        return
    other = Unit([*unit.words], next(article.numbers))
    change_word(article, other, other, slice(0, 0), at=article.random.choice(near))
    for units in lists_with(article, unit):
        units[units.index(unit)] = other


def add_a_twin(article: Remarked, unit: Unit) -> None:
    """Say the same once more, in a paragraph or an item of its own; a cell stays the only one of its row and column."""
    for section in article.sections:
        twin = Unit([*unit.words], next(article.numbers))
        if unit in section.items:
            section.items.insert(article.random.randrange(len(section.items) + 1), twin)
        elif any(unit in units for units in section.paragraphs):
            section.paragraphs.insert(article.random.randrange(len(section.paragraphs) + 1), [twin])


def lists_with(article: Remarked, unit: Unit) -> list[list[Unit]]:
    lists = [each for section in article.sections for each in (*section.paragraphs, section.items)]
    lists += [cells for section in article.sections for _, cells in section.table.rows]
    return [units for units in lists if unit in units]
