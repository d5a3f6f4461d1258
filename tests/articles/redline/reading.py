"""A redline is read: it gives both texts back, and its marks stand where they may."""

from articles.text.redline import accept, changed, redline, reject
from articles.text.richtext.building import events


def assert_gives_both_back(old, new):
    marked = redline(old, new)

    assert accept(marked) == new
    assert reject(marked) == old
    assert changed(marked) == (old != new)
    assert_valid(marked)
    assert marked == redline(old, new)


def assert_valid(marked):
    """Every tag is closed, and words alone stand in ins and del."""
    opened = []
    for closing, tag, _, _ in events(marked):
        if closing:
            assert opened.pop() == tag
        elif tag and tag != "br":
            parent = opened[-1] if opened else ""
            if tag in {"ins", "del"}:
                assert parent in {"p", "h3", "h4", "li", "td", "th", "caption"}
            if parent in {"ins", "del", "strong", "em", "sub", "sup"}:
                assert tag in {"a", "strong", "em", "sub", "sup", "cite"}
            opened.append(tag)
    assert opened == []


def read(marked):
    """Return (sign, text) of a marked string."""
    sign, found = "", []
    for closing, tag, _, text in events(marked):
        sign = tag if tag in {"ins", "del"} and not closing else "" if tag in {"ins", "del"} else sign
        found.append((sign, text))
    return found
