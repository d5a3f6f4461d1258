"""Every word of the administration is marked for translation: ours here, Django's own in Django."""

import pytest
from lxml import html

from tests.admin.registry import MAINTAINED, OURS, address
from tests.pseudo import content, unmarked, wrapped

pytestmark = pytest.mark.once


def addresses(model) -> list[str]:
    """Return the list, the first row, its history, and the pages where a row is added or deleted."""
    row = model._base_manager.first()
    offered = MAINTAINED.get(model, set())
    found = [address(model, "changelist"), f"{address(model, 'changelist')}?q=xyzzy", address(model, "change", row)]
    found += [address(model, "add")] if "add" in offered else []
    found += [address(model, "delete", row)] if "delete" in offered else []
    return [*found, address(model, "history", row)]


def without_values(page: str) -> str:
    """Return the page without what it shows of rows: values, names of rows, and Django's icons for yes and no."""
    tree = html.document_fromstring(page)
    for element in tree.xpath(
        "//title | //div[@class='readonly'] | //div[@id='content']/h2 | //tbody "
        "| //nav[@aria-label]/div | //li[.//a[contains(@href, '/change/')]] | //div[@id='content']//p/a"
    ):
        element.drop_tree()
    for element in tree.xpath("//*[@aria-label or @alt]"):
        element.attrib.pop("aria-label", None)
        element.attrib.pop("alt", None)
    return html.tostring(tree, encoding="unicode")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_word_of_its_pages_is_marked(at_admin, full, model):
    """To mend it: mark the words that are listed, as docs/developer.md says."""
    rows = [str(row) for each in OURS for row in each._base_manager.all()[:20]]
    typed = content("xyzzy", "ID", *rows)
    found = {}

    with wrapped():
        for path in addresses(model):
            response = at_admin.get(path, follow=True)
            if words := unmarked(without_values(response.content.decode()), typed):
                found[path] = words

    assert found == {}
