"""
The author's job by hand, counted: an article of eight sections and three tables, from the desk to the saved draft.

It takes at most 1,500 keystrokes and 7 modelled minutes: 0.28 s a keystroke, 1.3 s a click, 2.35 s a page, as in the
keystroke-level model of Card, Moran and Newell (1980) for somebody who types at an average pace.

Every keystroke counts: each sign of the text, which is short, and each key beside it; keys that are held count as one
with the key that they are held for. A click is one press of the mouse with the way to it. A page is a document that
the browser loads. References are not part of the job. What depends on the length of the text are its signs alone,
so those beside it have a limit of their own.
"""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests.articles.richtext_corpus import items, table
from tests.browser.hands import sign_in
from tests.factories import PASSWORD, disclaimers, topic

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

KEY, CLICK, PAGE = 0.28, 1.3, 2.35  # seconds
MOST_KEYS, MOST_MINUTES = 1_500, 7
MOST_BESIDE_THE_TEXT = 100

TITLE = "Lymph node metastasis"
LEAD = "Cancer cells can travel to lymph nodes. This page says what that means, and what is done."
SECTIONS = [
    ("What a lymph node does", ["It filters lymph and holds immune cells. There are about 600 in the body."]),
    ("How cancer spreads", ["Cells break off, enter a lymph vessel and settle in the next node. Some travel further."]),
    ("Signs", ["See a doctor about nodes that are swollen and:", ["hard", "painless", "fixed", "there for 3 weeks"]]),
    (
        "How it is found",
        [
            "A node is felt, seen or sampled. Only a sample is proof.",
            [["Test", "Shows", "Takes"], ["Ultrasound", "Size, shape", "20 min"], ["Biopsy", "Cells", "A week"]],
        ],
    ),
    (
        "Stages",
        [
            "The letter N says how many nodes are involved.",
            [["Stage", "Breast", "Bowel"], ["N0", "None", "None"], ["N1", "1 to 3 nodes", "1 to 3 nodes"]],
        ],
    ),
    (
        "Treatment",
        [
            "It depends on the cancer. Nodes are removed, irradiated or watched.",
            [["Way", "When", "Harms"], ["Surgery", "Early", "Swelling"], ["Rays", "After it", "Tiredness"]],
        ],
    ),
    ("Outlook", ["Fewer nodes mean a better outlook. Ask your team what your stage means for you."]),
]


class Counted:
    """What a person does with a page, counted."""

    def __init__(self, page):
        self.page = page
        self.keys = self.signs = self.clicks = self.pages = 0
        page.on("load", lambda _: self._loaded())

    def _loaded(self):
        self.pages += 1

    def key(self, name, times=1):
        for _ in range(times):
            self.page.keyboard.press(name)
            self.keys += 1

    def type(self, text):
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.signs += len(text)

    def click(self, locator):
        locator.click()
        self.clicks += 1

    def tab_to(self, locator):
        while not locator.evaluate("(field) => field === document.activeElement"):
            self.key("Tab")
            assert self.keys < MOST_KEYS, locator

    def follow(self, locator):
        with self.page.expect_navigation():
            self.click(locator)

    @property
    def minutes(self) -> float:
        return (self.keys * KEY + self.clicks * CLICK + self.pages * PAGE) / 60

    def __str__(self):
        keys = f"{self.keys} keystrokes, {self.signs} of them signs of the text"
        return f"{keys}; {self.clicks} clicks, {self.pages} pages: {self.minutes:.1f} minutes"


def write_table(hand, part, rows):
    hand.click(part.get_by_role("button", name="Insert table"))
    fields = hand.page.get_by_role("dialog", name="Insert table")
    expect(fields.get_by_label("Rows")).to_be_focused()
    hand.key("Tab")
    hand.type(str(len(rows[0])))
    hand.key("Enter")
    expect(fields).to_have_count(0)
    for place, word in enumerate(word for row in rows for word in row):
        if place:
            hand.key("Tab")
        hand.type(word)


def write_section(hand, heading, blocks):
    page = hand.page
    hand.click(page.get_by_role("button", name="Add a section"))
    part = page.locator("[data-parts=section] > .part").last
    expect(part.locator(":focus")).to_have_count(1)
    if heading:
        hand.key("Tab")
        hand.type(heading)
    else:
        hand.key("l")  # the lead, in the list of roles that has the focus
    hand.click(part.locator(".ProseMirror").first)
    for block in blocks:
        if isinstance(block, str):
            hand.type(block)
        elif isinstance(block[0], list):
            write_table(hand, part, block)
        else:
            hand.key("Enter")
            hand.key("Control+Shift+8")
            for number, item in enumerate(block):
                if number:
                    hand.key("Enter")
                hand.type(item)


def test_an_article_of_eight_sections_and_three_tables(visit, author):
    disclaimers()
    topic("Oncology")
    page = visit(viewport={"width": 1280, "height": 900})
    sign_in(page, author.username, PASSWORD)
    hand = Counted(page)

    hand.follow(page.get_by_role("link", name="New article"))
    hand.click(page.get_by_label("Title", exact=True))
    hand.type(TITLE)
    for label, choice in (("Kind", "t"), ("Written for", "p"), ("Oncology", "Space"), ("Use of AI", "n")):
        hand.tab_to(page.get_by_label(label, exact=True))
        hand.key(choice)
    hand.follow(page.get_by_role("button", name="Create draft"))
    write_section(hand, "", [LEAD])
    for heading, blocks in SECTIONS:
        write_section(hand, heading, blocks)
    hand.follow(page.get_by_role("button", name="Save draft").first)

    expect(page.locator(".messages")).to_contain_text("Draft saved.")
    article = Article.objects.get()
    assert [row.body for row in article.sections.all()] == [stored(LEAD), *(stored(*blocks) for _, blocks in SECTIONS)]
    assert [row.heading for row in article.sections.all()] == ["", *(heading for heading, _ in SECTIONS)]
    as_html = sum(len(row.body) for row in article.sections.all())
    print(f"\n{hand}; {as_html} signs of the texts as HTML")
    assert hand.keys <= MOST_KEYS
    assert hand.minutes <= MOST_MINUTES
    assert hand.keys - hand.signs <= MOST_BESIDE_THE_TEXT


def stored(*blocks) -> str:
    """Return the text as it is stored of what was written."""
    return "\n".join(map(one_stored, blocks))


def one_stored(block) -> str:
    if isinstance(block, str):
        return f"<p>{block}</p>"
    if isinstance(block[0], str):
        return items(*block)
    head, *rows = block
    return table(
        *("".join(f"<td>{word}</td>" for word in row) for row in rows),
        head="".join(f"<th>{word}</th>" for word in head),
    )
