"""An import makes a draft of its author, with all rows of their histories, or stores nothing."""

import pytest
from django.contrib.auth.models import Group

from articles.files.drafts.store import NotImported, slug_of
from articles.models import Article, ArticleReference, Audience, Contributor, Reference, Section, Topic, Wording
from articles.models.people import Role
from tests.articles.importing.drafts import TEXT, everything, history_users, stored

pytestmark = pytest.mark.django_db


def test_an_import_makes_a_draft_of_its_author(author):
    article, report = stored(author)

    assert (article.slug, article.title, article.kind, article.ai_use) == (
        "bowel-cancer",
        "Bowel cancer",
        "topic",
        "none",
    )
    assert (article.written_for.key, article.created_by, article.imported_by) == ("public", author, author)
    assert [topic.name for topic in article.topics.all()] == ["Oncology", "Surgery"]
    assert article.has_author(author)
    assert [(section.role, section.heading) for section in article.sections.all()] == [
        ("lead", ""),
        ("body", "Causes"),
        ("body", "Symptoms"),
    ]
    assert len(set(article.sections.values_list("key", flat=True))) == 3
    wording = Wording.objects.get(section__article=article)
    assert (wording.audience.key, wording.body[:24]) == ("professional", "<p>Doubling time is long")
    assert article.latest_version is None
    assert (report.created, report.references_new, report.topics_created) == (True, 2, [])


def test_a_reference_is_stored_without_floats_and_with_its_identifiers(author):
    article, _ = stored(author)

    trial, work = (row.reference for row in article.article_references.order_by("-key"))
    assert (trial.doi, trial.csl["DOI"], work.doi) == ("10.1000/trial", "10.1000/trial", "")
    assert work.csl == {"title": "A report", "volume": "12.5", "type": "document"}


def test_every_history_row_names_who_imported(author):
    article, _ = stored(author)
    stored(author, TEXT.replace("Many.", "Some.").replace("## Symptoms\n\nFew.", "## Signs\n\nFew."), update=True)

    tracked = [Article, Section, Wording, Reference, ArticleReference]
    tracked += [type(article.article_topics.get(topic__name="Surgery")), type(article.authorships.get())]
    assert history_users(*tracked) == {author.pk}
    assert not hasattr(article, "_history_user")


def test_an_author_without_public_name_gets_one_from_the_account(author):
    newcomer = author._meta.model.objects.create_user("new", first_name="Nina", last_name="Newcomer")
    newcomer.groups.add(Group.objects.get(name=Role.AUTHOR.group))

    article, _ = stored(newcomer)

    assert str(article.authorships.get().contributor) == "Nina Newcomer"
    assert Contributor.history.get(name="Nina Newcomer").history_user == newcomer


def test_an_account_without_any_name_is_refused(author):
    nameless = author._meta.model.objects.create_user("new")
    nameless.groups.add(Group.objects.get(name=Role.AUTHOR.group))
    before = everything()

    with pytest.raises(NotImported, match="has no full name"):
        stored(nameless)

    assert everything() == before


def test_topics_are_found_whatever_their_capitals(author):
    Topic.objects.create(name="CARDIOLOGY", slug="cardiology")

    article, report = stored(author, TEXT.replace("Surgery", "Cardiology"))

    assert sorted(topic.name for topic in article.topics.all()) == ["CARDIOLOGY", "Oncology"]
    assert report.topics_created == []


def test_an_author_makes_no_topic_and_is_told_which_there_are(author):
    before = everything()

    with pytest.raises(NotImported) as caught:
        stored(author, TEXT.replace("Oncology, Surgery", "Onkology, Surgery, Chest"))

    assert str(caught.value) == (
        "The topics “Onkology”, “Chest” are not known here; an editor or administrator can add one. "
        "The topics are: Oncology, Surgery."
    )
    assert everything() == before


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_an_author_who_is_an_editor_or_administrator_makes_topics_with_addresses_of_their_own(author, role):
    author.groups.add(Group.objects.get(name=role.group))
    Topic.objects.create(name="C", slug="c")

    article, report = stored(author, TEXT.replace("Surgery", "C++, 腫瘍"))

    assert report.topics_created == ["C++", "腫瘍"]
    assert sorted(article.topics.values_list("name", "slug")) == [
        ("C++", "c-2"),
        ("Oncology", "oncology"),
        ("腫瘍", "topic"),
    ]


def test_an_audience_that_is_not_known_here_is_refused(author):
    Audience.objects.get(key="professional").delete()
    before = everything()

    with pytest.raises(NotImported, match="audience “professional” is not known here"):
        stored(author)

    assert everything() == before


def test_a_former_address_of_another_article_is_refused(author):
    article, _ = stored(author)
    article.slug = "cancer-of-the-bowel"
    article.save()
    before = everything()

    with pytest.raises(NotImported, match="still leads readers to another article"):
        stored(author)

    assert everything() == before


def test_a_title_without_latin_letters_needs_a_slug(author):
    before = everything()

    with pytest.raises(NotImported, match="give a slug"):
        stored(author, TEXT.replace("title: Bowel cancer", "title: 大腸癌"))

    assert everything() == before


def test_an_address_ends_at_a_word():
    assert slug_of("Bowel " * 20) == "-".join(["bowel"] * 13)
    assert slug_of("a" * 100) == "a" * 80
    assert slug_of("a" * 80 + " b") == "a" * 80
