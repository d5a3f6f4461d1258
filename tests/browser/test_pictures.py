"""The pictures of README and of docs/, taken of the demonstration. Run with: make pictures."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from reviews.demo.cast import PASSWORD
from reviews.models import Assignment, BoardMember
from tests.browser.hands import sign_in

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 900}


def addresses() -> dict[str, tuple[str, str]]:
    """Return for each picture who looks, "" for a reader, and at which address of the demonstration."""
    public = Article.objects.listed().exclude(published_version__kind="policy").order_by("pk").first()
    pending = Article.objects.public().filter(published_version=None).first()
    asked = Assignment.objects.open().filter(reviewer__username="reviewer2").order_by("pk").first()
    seat = BoardMember.objects.get(user__username="reviewer2")
    return {
        "article": ("", f"/articles/{public.slug}/for/public/"),
        "pending": ("", f"/articles/{pending.slug}/for/public/"),
        "ledger": ("", "/ledger/"),
        "author-work": ("author", "/desk/"),
        "author-draft": ("author", f"/desk/articles/{public.pk}/draft/"),
        "editor-work": ("editor", "/desk/"),
        "editor-review": ("editor", f"/desk/reviews/{asked.review_id}/#quorum"),
        "reviewer-review": ("reviewer2", f"/desk/reviews/{asked.review_id}/?changes"),
        "reviewer-decide": ("reviewer2", f"/desk/reviews/{asked.review_id}/#decide"),
        "admin-index": ("admin", "/admin/"),
        "admin-board": ("admin", f"/admin/reviews/boardmember/{seat.pk}/change/"),
    }


@pytest.mark.browser
@pytest.mark.pictures
@pytest.mark.django_db(transaction=True)
def test_the_pictures_of_the_pages(visit, settings):
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    pages = {"": visit(viewport=SIZE)}

    for name, (username, address) in addresses().items():
        if username not in pages:
            pages[username] = visit(viewport=SIZE)
            sign_in(pages[username], username, PASSWORD)
        page = pages[username]
        assert page.goto(address).status == 200
        page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.once
def test_each_picture_is_shown_and_each_one_shown_is_taken():
    taken = set(re.findall(r'^        "([a-z-]+)": \(', Path(__file__).read_text(), re.MULTILINE))
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        (page.parent / link).resolve()
        for page in pages
        for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text())
    }

    assert len(taken) > 10
    assert shown == {PICTURES / f"{name}.png" for name in taken} == {*PICTURES.iterdir()}
