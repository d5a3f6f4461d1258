"""The byline names who signed this very text, as they were named then."""

import re

from articles.models import Authorship, Contributor
from articles.site.page import OTHERS
from reviews import workflow
from tests import factories
from tests.articles.site.pages import DATE, page_for, parsed, words


def test_the_byline_names_who_signed_this_text_and_no_lay_reader(client, author, editor, clinical, specialist, lay):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    people = [(lay, "lay"), (clinical, "clinical"), (specialist, "specialist")]
    for assignment in factories.under_review(version, editor, *people):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    byline = words(parsed(client.get("/articles/signed/for/public/")).find_class("byline")[0])

    expected = rf"Medically reviewed by Clara Clinical, MD, clinical reviewer, on {DATE}"
    assert re.search(rf"{expected} and Simon Specialist, MD, specialist reviewer, on {DATE}$", byline)
    assert "Larry" not in byline


def test_a_superseded_approval_is_in_no_byline(client, author, editor, clinical, specialist):
    draft = factories.article(author, slug="signed")
    version = factories.submitted(author, draft)
    factories.approved(version, editor, clinical, specialist)
    workflow.withdraw_approval(
        version.review, actor=clinical, password=factories.PASSWORD, reason="A figure is wrong after all."
    )
    factories.edit(draft, "The figure is right now.", by=author)
    second = factories.submitted(author, draft)
    other = factories.board_member("reviewer3", "Mei Third")
    factories.published(second, editor, other, specialist)

    page = words(parsed(client.get("/articles/signed/for/public/")))

    assert "Mei Third" in page
    assert "Clara Clinical" not in page


def test_the_byline_keeps_names_as_they_were_signed(client, public_article, clinical):
    clinical.contributor.name = "Clara Married"
    clinical.contributor.save()

    assert "Clara Clinical" in client.get(page_for(public_article)).content.decode()
    assert "Clara Married" not in client.get(page_for(public_article)).content.decode()


def test_everybody_whom_the_text_names_is_named_to_readers_with_what_they_did(client, author, staff):
    draft = factories.article(author, slug="named")
    for place, (name, role) in enumerate([("Ida", "illustrator"), ("Tom", "translator"), ("Ed", "editor")], start=1):
        person = Contributor.objects.create(name=f"{name} Named", credentials="MA")
        factories.save(Authorship(article=draft, contributor=person, role=role, position=place), author)
    second = Contributor.objects.create(name="Tess Second")
    factories.save(Authorship(article=draft, contributor=second, role="translator", position=9), author)
    version = factories.published(factories.submitted(author, draft), *staff)

    for path in (page_for(version.article), version.get_absolute_url()):
        byline = words(parsed(client.get(path)).find_class("byline")[0])
        assert "Written by Ada Author" in byline
        assert "Translated by Tom Named, MA and Tess Second" in byline
        assert "Illustrated by Ida Named, MA" in byline
        assert "Edited by Ed Named, MA" in byline


def test_no_role_of_a_contributor_is_kept_from_readers():
    assert {"author", *OTHERS} == set(Authorship.Role.values)
