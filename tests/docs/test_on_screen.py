"""The pages for authors, editors, reviewers and administrators: what they say is on the screen is there."""

from collections import deque
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import html

from articles.models import Article, Audience, Topic, Version
from reviews import workflow
from reviews.models import Review
from tests.docs.pages import blocks, on_screen
from tests.factories import edit

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
MOST_OF_A_KIND = 3  # pages that differ in their numbers alone
READERS = {
    "author": ["author", "author2"],
    "editor": ["editor", "editor2"],
    "reviewer": ["reviewer1", "reviewer2", "reviewer3"],
    "admin": ["admin"],
}


@pytest.fixture
def people(settings) -> dict:
    """The demonstration, with a version that nobody was asked to review yet and a draft that was never submitted."""
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    people = {user.username: user for user in get_user_model().objects.all()}
    article = Article.objects.get(slug="sentinel-node-biopsy")
    edit(article, "Newer words of a sample.", by=people["author"])
    workflow.submit(Article.objects.get(pk=article.pk), actor=people["author"], change="major", note="Newer words.")
    Article.objects.filter(slug="swollen-lymph-nodes-de").update(next_review_due=timezone.localdate())
    Topic.objects.create(name="Injuries", slug="injuries")
    imported(people["author2"])
    return people


def imported(author) -> Article:
    """Import the example of the author's page at the desk."""
    file = BytesIO(blocks("author", "markdown")[0].encode())
    file.name = "example.md"
    client = Client()
    client.force_login(author)
    answer = client.post("/desk/articles/import/", {"file": file}, follow=True)
    assert answer.status_code == 200
    return Article.objects.latest("pk")


def seen_by(user, *starts: str) -> str:
    """Return the text of these pages and of those to which they lead, some of each kind."""
    client, kinds, texts = Client(), {}, []
    client.force_login(user)
    waiting, known = deque(starts), set(starts)
    while waiting:
        path = waiting.popleft()
        kind = "".join("#" if sign.isdigit() else sign for sign in urlsplit(path).path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > MOST_OF_A_KIND:
            continue
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        document = html.document_fromstring(answer.content)
        texts += [document.text_content(), *document.xpath("//input[@type='submit']/@value")]
        for link in document.xpath("//a/@href"):
            target = urljoin(path, link).partition("#")[0]
            if target.startswith(starts[-1]) and target not in known:
                known.add(target)
                waiting.append(target)
    return " ".join(" ".join(texts).split())


def test_what_the_pages_say_is_on_the_screen_is_there(people):
    missing = {}
    for name, readers in READERS.items():
        due = Article.objects.get(slug="swollen-lymph-nodes-de")
        newest, under_way = Review.objects.latest("pk"), Review.objects.filter(status="under_review").latest("pk")
        reviews = [f"/desk/reviews/{review.pk}/" for review in (newest, under_way)]
        starts = ["/admin/"] if name == "admin" else [f"/desk/articles/{due.pk}/", *reviews, "/desk/"]
        texts = " ".join(seen_by(people[reader], *starts) for reader in readers)
        said = on_screen(name)
        assert len(said) > 8
        missing[name] = [words for words in said if words.casefold() not in texts.casefold()]

    assert missing == {name: [] for name in READERS}


def test_the_example_of_a_file_becomes_a_draft_and_can_be_submitted(people):
    article = Article.objects.get(title="How long does a sprained ankle take to heal?")

    assert [section.role for section in article.sections.order_by("position")] == [
        "lead",
        "key_points",
        "body",
        "help_today",
        "body",
    ]
    assert [str(row.reference) for row in article.article_references.all()]
    assert article.sections.get(role="key_points").wordings.get().audience == Audience.objects.get(key="professional")

    version = workflow.submit(article, actor=people["author2"], change=Version.Change.MAJOR, note="First version")

    assert version.review.status == Review.Status.SUBMITTED
