"""The pictures of README, taken of the demonstration. Run with: make pictures."""

from pathlib import Path

import pytest
from django.core.management import call_command

from articles.models import Article
from reviews.demo.cast import PASSWORD
from reviews.models import Assignment
from tests.browser.hands import sign_in

PICTURES = Path(__file__).parent / "pictures"
SIZE = {"width": 1280, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.pictures, pytest.mark.django_db(transaction=True)]


def test_the_pictures_of_the_readme(visit, settings):
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    public = Article.objects.listed().exclude(published_version__kind="policy").order_by("pk").first()
    pending = Article.objects.public().filter(shown_pending=True).first()
    waiting = Assignment.objects.open().filter(reviewer__username="reviewer2").order_by("pk").first()

    reader, editor, reviewer = (visit(viewport=SIZE) for _ in range(3))
    sign_in(editor, "editor", PASSWORD)
    sign_in(reviewer, "reviewer2", PASSWORD)
    for page, address, name in [
        (reader, f"/articles/{public.slug}/for/public/", "article"),
        (reader, f"/articles/{pending.slug}/for/public/", "pending"),
        (reviewer, f"/desk/reviews/{waiting.review_id}/?changes", "review"),
        (editor, "/desk/", "work"),
    ]:
        assert page.goto(address).status == 200
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
