"""What is not public, or no longer to be relied on, is named nowhere but where it has to be."""

import datetime

import pytest
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import Quorum
from tests import factories
from tests.articles.site.pages import page_for

LISTS = [
    "/",
    "/articles/",
    "/topics/",
    "/topics/oncology/",
    "/search/?q=canar",
    "/search/?q=canaryt+canaryb",
    "/search/suggest?q=canaryt",
    "/feed/",
    "/llms.txt",
    "/notices/",
    "/notices/feed/",
    "/topics/oncology/feed/",
    "/sitemap.xml",
    "/sitemap-topics.xml",
    "/sitemap-articles.xml",
    "/board/",
    "/ledger/",
]
NAME_NONE = ("/topics/", "/ledger/", "/sitemap.xml", "/sitemap-topics.xml", "/notices/", "/notices/feed/")
TELL_OF_NOTICES = ["/feed/", "/notices/", "/notices/feed/", "/topics/oncology/feed/"]


@pytest.fixture
def canary(author):
    return factories.article(author, title="Canarytitle", slug="canaryslug", body="<p>The canarybody filters.</p>")


def submit(draft, author):
    return factories.submitted(author, draft, note="A canarynote.")


def drafted(draft, author, staff):
    """Leave it a draft."""


def submitted(draft, author, staff):
    submit(draft, author)


def submitted_in_the_open(draft, author, staff):
    Quorum.objects.create(kind="topic", risk="standard", open_review=True)
    submit(draft, author)


def approved(draft, author, staff):
    factories.approved(submit(draft, author), *staff)


def scheduled(draft, author, staff):
    factories.approved(version := submit(draft, author), *staff)
    workflow.schedule(version, actor=staff[0], at=timezone.now() + datetime.timedelta(days=1))


def retracted(draft, author, staff):
    factories.published(submit(draft, author), *staff)
    workflow.issue_notice(draft, actor=staff[0], kind="retraction", reason="A canaryreason.")


def removed(draft, author, staff):
    factories.published(submit(draft, author), *staff)
    workflow.issue_notice(draft, actor=staff[0], kind="removal", reason="A canaryreason.")


@pytest.mark.parametrize("state", [drafted, submitted, submitted_in_the_open, approved, scheduled])
def test_what_is_not_to_be_listed_is_on_no_list(client, author, staff, public_article, canary, state):
    state(canary, author, staff)

    shown = {path: client.get(path).content.decode() for path in [*LISTS, page_for(public_article)]}

    for path, page in shown.items():
        for word in ["canarytitle", "canaryslug", "canarybody", "canarynote", "canaryreason"]:
            assert word not in page.lower(), (path, word)


@pytest.mark.parametrize("state", [retracted, removed])
def test_what_was_pulled_is_on_no_list_but_for_its_notice(client, author, staff, public_article, canary, state):
    state(canary, author, staff)

    shown = {path: client.get(path).content.decode().lower() for path in [*LISTS, page_for(public_article)]}

    for path in TELL_OF_NOTICES:
        page = shown.pop(path)
        assert "canaryreason" in page, path
        assert "canarybody" not in page, path
        assert ("canarytitle" in page, "canaryslug" in page) == (state is retracted, state is retracted), path
    for path, page in shown.items():
        for word in ["canarytitle", "canaryslug", "canarybody", "canarynote", "canaryreason"]:
            assert word not in page, (path, word)


def test_what_is_published_is_on_each_list(client, author, staff, public_article, canary):
    factories.published(submit(canary, author), *staff)

    for path in [*LISTS, page_for(public_article)]:
        name = "Canarytitle" if path.startswith("/search/suggest") else "canaryslug"
        listed = name in client.get(path).content.decode()
        assert listed == (path not in NAME_NONE), path


def test_a_newer_version_that_is_not_public_is_on_no_list_and_in_no_search(client, author, public_article):
    public_article.title = "Canarytitle"
    factories.save(public_article, author)
    factories.edit(public_article, "The canarybody.", by=author)
    submit(Article.objects.get(pk=public_article.pk), author)

    for path in [*LISTS, page_for(public_article)]:
        page = client.get(path).content.decode().lower()
        assert not {word for word in ("canarytitle", "canarybody", "canarynote") if word in page}, path
    assert "lymph-nodes" in client.get("/search/?q=filter+lymph").content.decode()
