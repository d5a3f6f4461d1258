"""The demonstration: complete, made once, and never on anybody else's ledger."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, Audience, Contributor, Disclaimer, Notice, Version
from articles.models.people import Role, roles_of
from reviews.demo.cast import CAST, PASSWORD
from reviews.evidence import ledger
from reviews.evidence.ledger import verify_export
from reviews.models import BoardMember, Comment, Decision, LedgerEvent, Quorum, Review, Schedule
from reviews.models.actions import Action
from reviews.verifying import verify
from tests import factories
from tests.articles.site.pages import parsed, words

User = get_user_model()


@pytest.fixture
def _debugging(settings):
    settings.DEBUG = True


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def state(slug: str) -> str:
    return Article.objects.get(slug=slug).latest_version.review.status


@pytest.mark.usefixtures("_debugging")
def test_the_demonstration_shows_every_state(db, client):
    demo()

    public = {"editorial-policy", "sentinel-node-biopsy", "lymph-nodes-and-cancer-spread"}
    public |= {"swollen-lymph-nodes-ar", "swollen-lymph-nodes-de"}
    assert set(Article.objects.listed().values_list("slug", flat=True)) == public
    assert all(article.last_reviewed for article in Article.objects.listed())

    revised = Article.objects.get(slug="lymph-nodes-and-cancer-spread")
    assert (revised.published_version.number, revised.latest_version.number) == (1, 2)
    assert state(revised.slug) == Review.Status.UNDER_REVIEW
    assert Decision.objects.live_approvals().filter(review__version=revised.latest_version).count() == 1

    corrected = Article.objects.get(slug="sentinel-node-biopsy").published_version
    assert (corrected.number, corrected.change) == (2, "correction")

    assert state("midgut-neuroendocrine-tumour-first-spread") == Review.Status.UNDER_REVIEW
    pending = Article.objects.public().filter(published_version=None)
    assert [article.slug for article in pending] == ["midgut-neuroendocrine-tumour-first-spread"]

    assert state("living-with-lymphoedema") == Review.Status.CHANGES_REQUESTED
    assert Comment.objects.filter(article__slug="living-with-lymphoedema", blocking=True, resolved_at=None).exists()

    approved = Article.objects.get(slug="carcinoid-syndrome")
    assert (state(approved.slug), approved.published_version) == (Review.Status.APPROVED, None)
    capacities = approved.latest_version.signatures.values_list("capacity", flat=True)
    assert sorted(capacities) == ["clinical", "pharmacist", "specialist"]

    scheduled = Schedule.objects.get(closed_at=None)
    assert scheduled.article.slug == "lymph-node-biopsy-what-to-expect"
    assert scheduled.publish_at > timezone.now()
    assert state(scheduled.article.slug) == Review.Status.APPROVED

    retraction = Notice.objects.in_force().get()
    assert (retraction.kind, retraction.article.slug) == ("retraction", "lymph-node-massage-and-spread")

    for article in Article.objects.public():
        assert client.get(f"/articles/{article.slug}/", follow=True).status_code == 200


@pytest.mark.usefixtures("_debugging")
def test_the_demonstration_shows_a_figure_with_its_words(db, client):
    demo()

    (figure,) = parsed(client.get("/articles/sentinel-node-biopsy/", follow=True)).xpath("//article//figure[.//img]")
    (image,) = figure.xpath(".//img")
    assert "marked with a cross" in image.get("alt")
    assert "Sample drawing, not to scale." in words(figure)
    assert "Own drawing, made for this demonstration" in words(figure)
    assert "CC0 1.0" in words(figure)
    picture = client.get(image.get("src"))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")


@pytest.mark.usefixtures("_debugging")
def test_everybody_of_the_cast_can_sign_in_and_is_marked_as_a_sample(db):
    demo()
    before = LedgerEvent.objects.count()

    for part in CAST:
        user = authenticate(username=part.username, password=PASSWORD)
        assert roles_of(user) == [part.role.value]
        assert user.contributor.name.endswith("Sample (demo)")
    assert LedgerEvent.objects.count() == before
    assert not Contributor.objects.exclude(name__endswith="Sample (demo)").exists()
    assert User.objects.get(username="admin").is_superuser
    member = BoardMember.objects.get(user__username="reviewer2")
    assert member.capacities == ["clinical", "specialist"]
    specialties = member.specialties.values_list("name", flat=True)
    assert set(specialties) == {"Oncology", "Lymphatic system", "Neuroendocrine tumours"}
    assert Group.objects.get(name=Role.REVIEWER.group).user_set.count() == BoardMember.objects.count() == 5
    assert Disclaimer.objects.in_force().count() == Audience.objects.count() == 3
    assert Quorum.objects.get().open_review


@pytest.mark.usefixtures("_debugging")
def test_every_text_says_that_it_is_a_sample(db):
    demo()

    for article in Article.objects.all():
        assert article.ai_use == "generated"
        assert article.ai_note.startswith("Sample text drafted by a language model for this demonstration.")
        assert '"level":"generated"' in Version.objects.get(pk=article.latest_version_id).frozen.text


@pytest.mark.usefixtures("_debugging")
def test_the_ledger_of_the_demonstration_is_whole_and_no_mail_is_sent(db):
    demo()

    assert verify().is_whole
    assert list(LedgerEvent.objects.values_list("action", flat=True))[:2] == ["ledger_started", "demo_started"]
    assert mail.outbox == []


@pytest.mark.usefixtures("_debugging")
def test_a_second_run_changes_nothing_and_says_so(db):
    demo()
    before = factories.evidence()

    said = demo()

    assert "already exists" in said
    assert factories.evidence() == before


def test_it_refuses_with_debug_off(db, settings):
    settings.DEBUG = False
    before = factories.evidence()

    with pytest.raises(CommandError, match="runs only with DEBUG on"):
        demo()

    assert factories.evidence() == before
    assert not User.objects.exists()


@pytest.mark.usefixtures("_debugging")
def test_it_refuses_on_a_ledger_that_it_did_not_start(author):
    before = factories.evidence()

    with pytest.raises(CommandError, match="was not started by the demonstration"):
        demo()

    assert factories.evidence() == before
    assert User.objects.count() == 1


@pytest.mark.usefixtures("_debugging")
def test_it_refuses_where_one_of_its_accounts_is_somebodys(db):
    User.objects.bulk_create([User(username="admin")])  # as a release made it that had no event for it
    before = factories.evidence()

    with pytest.raises(CommandError, match="already an account “admin”"):
        demo()

    assert factories.evidence() == before
    assert not LedgerEvent.objects.exists()


@pytest.mark.usefixtures("_debugging")
def test_an_interrupted_demonstration_is_not_taken_for_a_whole_one(db):
    ledger.append(Action.DEMO_STARTED, actor=None)

    with pytest.raises(CommandError, match="was interrupted"):
        demo()

    assert not User.objects.exists()


@pytest.mark.usefixtures("_debugging")
def test_an_outsider_can_verify_its_ledger(db, tmp_path):
    demo()

    call_command("export_ledger", str(tmp_path / "ledger.jsonl"))

    assert "All is well" in verify_export.verify((tmp_path / "ledger.jsonl").read_text())


@pytest.mark.usefixtures("_debugging")
def test_what_the_policy_tells_readers_to_look_for_is_on_the_pages(db, client):
    demo()
    policy = words(parsed(client.get("/editorial-policy/", follow=True)))
    article = Article.objects.get(slug="sentinel-node-biopsy")
    page = parsed(client.get(f"/articles/{article.slug}/", follow=True))
    links = set(page.xpath("//main//a/@href"))

    assert "If you find an error, send an email to corrections@imprimatur.example." in policy
    assert "form" not in re.findall(r"\bform\b", policy)
    assert "Look for the status, the reviewers' names and the dates on the page." in policy.replace("’", "'")
    assert page.find_class("byline")[0].xpath(".//strong")
    assert page.xpath("//main//time/@datetime")
    assert "Open the version history" in policy
    assert f"/articles/{article.slug}/versions/" in links
    assert "Compare the version's digest with the ledger." in policy.replace("’", "'")
    assert article.published_version.digest in words(page)
    assert "Anyone can download the list, and a short program" in policy
    ledger = parsed(client.get("/ledger/")).xpath("//main//a/@href")
    for name in ("export", "verifier", "checkpoint"):
        [address] = [link for link in ledger if link.startswith(f"/ledger/{name}")][:1]
        assert client.get(address, follow=True).status_code == 200


@pytest.mark.usefixtures("_debugging")
def test_the_policy_of_the_demonstration_was_signed_as_it_says(db):
    demo()
    version = Article.objects.get(slug="editorial-policy").published_version
    table = version.frozen.text

    assert "This policy, because it has no medical topic" in table
    assert version.review.quorum == {"clinical": 2, "specialist": 0, "pharmacist": 0}
    assert Decision.objects.live_approvals().filter(review__version=version).count() == 2
