"""Every word of the administration is marked for translation: ours here, Django's own in Django."""

import pytest
from django.urls import reverse

from tests.admin.registry import MAINTAINED, OURS, address
from tests.pseudo import content, unmarked, wrapped


def addresses(model) -> list[str]:
    """Return the list, the first row, its history, and the pages where a row is added or deleted."""
    row = model._base_manager.first()
    offered = MAINTAINED.get(model, set())
    found = [address(model, "changelist"), f"{address(model, 'changelist')}?q=xyzzy", address(model, "change", row)]
    found += [address(model, "add")] if "add" in offered else []
    found += [address(model, "delete", row)] if "delete" in offered else []
    return [*found, address(model, "history", row)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_word_of_its_pages_is_marked(at_admin, full, model):
    """To mend it: mark the words that are listed, as docs/developer.md says."""
    rows = [str(row) for each in OURS for row in each._base_manager.all()[:20]]
    typed = content("xyzzy", *rows)
    found = {}

    with wrapped():
        for path in addresses(model):
            if words := unmarked(at_admin.get(path, follow=True).content.decode(), typed):
                found[path] = words

    assert found == {}


def test_every_word_of_its_first_page_and_its_refusal_is_marked(at_admin, client, boss, author):
    with wrapped():
        first = at_admin.get(reverse("admin:index")).content.decode()
        client.force_login(author)
        refused = client.get(reverse("admin:index")).content.decode()

    assert unmarked(first, content()) == unmarked(refused, content()) == []
