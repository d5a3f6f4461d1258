"""
Which approvals count is said the same by everything that asks: quorum, steps, triggers, bylines, and the board's page.

The sites are made at random, evidence that no step writes among them. What is expected is read from the rows here, in
plain words.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from articles.models import Article, Version
from reviews.desk.review.page import Page
from reviews.models import Decision, Review, Signature
from reviews.site.board_page import entries
from reviews.workflow import table
from reviews.workflow.approval import quorum
from tests.articles.site.pages import parsed, words
from tests.generated import Site

NAMED = "//div[@class='byline']/p[not(contains(., 'ead again, no change needed'))][last()]/strong"


@pytest.fixture(params=range(3))
def site(request, db):
    return Site(request.param).grow()


def counting(review: Review) -> list[Decision]:
    """Return the approvals that count, read row by row."""
    superseded = {row.supersedes_id for row in Decision.objects.all()}
    return [
        row
        for row in Decision.objects.filter(review=review).select_related("assignment", "signature").order_by("pk")
        if row.outcome == "approve"
        and row.pk not in superseded
        and row.assignment.review_id == review.pk
        and row.assignment.capacity in ("clinical", "specialist", "pharmacist")
    ]


def in_byline(version: Version) -> list[Signature]:
    """Return the signatures that a byline names, read row by row."""
    if version.review.status != "approved":
        return []
    return [
        row.signature
        for row in counting(version.review)
        if row.signature.meaning == "approval"
        and row.signature.version_id == version.pk
        and row.signature.digest == version.digest
        and row.signature.capacity == row.assignment.capacity
    ]


def by_key(rows) -> list:
    return sorted(rows, key=lambda row: row.pk)


def test_the_sites_have_approvals_that_do_not_count(db):
    """There is one for each of the reasons; else the other test would show nothing."""
    Site(0).grow(steps=120)
    decisions = Decision.objects.exclude(pk__in=[row.pk for each in Review.objects.all() for row in counting(each)])

    assert decisions.filter(outcome="approve", assignment__capacity="lay").exists()
    assert decisions.filter(outcome="approve", superseded_by__isnull=False).exists()
    assert decisions.exclude(outcome="approve").exists()
    assert any(row.assignment.review_id != row.review_id for row in decisions.select_related("assignment"))
    assert len(Decision.objects.counting()) > len(Signature.objects.in_bylines())


def test_every_surface_says_the_same(site, client):
    for review in Review.objects.select_related("version", "article").order_by("pk"):
        given = counting(review)

        assert by_key(review.decisions.counting()) == given
        assert [row for row in review.decisions.with_counting().order_by("pk") if row.counts] == given
        named = Signature.objects.in_bylines().filter(version=review.version)
        assert by_key(named) == by_key(in_byline(review.version))
        the_step_table_says_so(site, review, given)
        the_desk_says_so(site, review, given)
        the_trigger_says_so(review, len(given))
    the_pages_say_so(client)
    the_board_says_so()


def the_step_table_says_so(site, review, given):
    signers = {row.assignment.reviewer_id for row in given}
    for person, _ in site.board:
        sentence = table.person_blocker("withdraw_approval", person, article=review.article, review=review)
        assert (sentence != table.Who.SIGNER.label) == (person.pk in signers)


def the_desk_says_so(site, review, given):
    page = Page(review, site.editors[0])

    assert page.still_needed == quorum.still_needed(review.quorum, [row.assignment.capacity for row in given])


def the_trigger_says_so(review, given: int):
    """A review that is not public becomes approved when it asks for no more than are given, and not for one more."""
    if review.published_at is None:
        assert becomes_approved(review, needed=given) == (review.approvals_needed <= given)
        assert not becomes_approved(review, needed=given + 1)


def becomes_approved(review, needed: int) -> bool:
    """Tell whether the database lets the review be approved when it needs this many; nothing is left of the attempt."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE reviews_review SET status = 'declined' WHERE id = %s", [review.pk])
            cursor.execute(
                "UPDATE reviews_review SET status = 'approved', approved_at = submitted_at, approvals_needed = %s"
                " WHERE id = %s",
                [max(needed, review.approvals_needed), review.pk],
            )
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def the_pages_say_so(client):
    """The page of each published version names those in its byline; a retracted text, what it says in its place."""
    for version in Version.objects.published().select_related("review", "article"):
        response = client.get(version.get_absolute_url())
        if response.status_code == 410:
            continue
        expected = [row.printed_name for row in sorted(in_byline(version), key=lambda row: (row.signed_at, row.pk))]
        if version.set_aside and version.set_aside.leads:
            before = parsed(response).xpath("//dt[.='Approved before the notice']/following-sibling::dd/p[last()]")
            named = (
                [name.rpartition(" by ")[2].partition(",")[0] for name in words(before[0]).split("; ")]
                if before
                else []
            )
        else:
            named = [words(name).partition(",")[0] for name in parsed(response).xpath(NAMED)]
        assert named == expected


def the_board_says_so():
    listed = Version.objects.filter(pk__in=Article.objects.listed().values("published_version"))
    signed = [(row.signer_id, version.article.slug) for version in listed for row in in_byline(version)]
    for entry in entries()[0]:
        mine = sorted(slug for signer, slug in signed if signer == entry.person.user_id)
        assert sorted(text.slug for text in entry.signed) == mine
