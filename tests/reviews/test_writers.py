"""Who wrote a version: everybody in the history of its draft, and everybody it names."""

from articles.models import Article, Authorship, Section, Topic, Version, Wording
from articles.models.audience import Audience
from tests.factories import article, cite, edit, payload, person, published, save, submitted


def names(version):
    return [writer["name"] for writer in version.writers]


def test_the_writers_of_a_version_are_everybody_in_the_history_of_its_draft(author, editor):
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_every_linked_contributor_is_a_writer_though_they_typed_nothing(author):
    draft = article(author)
    illustrator = person("ines", "Ines Illustrator")
    save(Authorship(article=draft, contributor=illustrator.contributor, role="illustrator"), author)

    assert names(submitted(author, draft)) == ["Ada Author", "Ines Illustrator"]


def test_who_imported_the_text_is_a_writer(author, editor):
    draft = article(author, imported_by=editor)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_who_made_the_article_is_a_writer(author, editor):
    draft = article(author)
    Article.objects.filter(pk=draft.pk).update(created_by=editor)

    assert "Edith Editor" in names(submitted(author, draft))


def test_a_comma_saved_by_somebody_else_does_not_free_the_first_writer(author, editor):
    draft = article(author)
    edit(draft, "Lymph nodes filter lymph", by=editor)
    edit(draft, "Lymph nodes, filter lymph", by=author)
    edit(draft, "Lymph nodes filter, lymph", by=author)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_the_writer_of_a_deleted_section_stays_a_writer(author, editor):
    draft = article(author)
    row = save(Section(article=draft, heading="More", body="<p>More.</p>", position=2), editor)
    row._history_user = author
    row.delete()

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_the_writer_of_a_wording_of_a_deleted_section_stays_a_writer(author, editor):
    draft = article(author)
    row = save(Section(article=draft, heading="More", body="<p>More.</p>", position=2), author)
    carer = Audience.objects.get(key="carer")
    wording = save(Wording(section=row, audience=carer, body="<p>For carers.</p>"), editor)
    wording._history_user = row._history_user = author
    wording.delete()
    row.delete()

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor"]


def test_who_added_a_reference_or_a_topic_is_a_writer(author, editor, editor2):
    draft = article(author)
    cite(draft, by=editor)
    save(draft.article_topics.model(article=draft, topic=Topic.objects.create(name="Immunology", slug="imm")), editor2)

    assert names(submitted(author, draft)) == ["Ada Author", "Edith Editor", "Edgar Second"]


def test_publishing_makes_nobody_a_writer(author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lymph nodes filter all lymph.", by=author)

    assert names(submitted(author, draft, change="minor")) == ["Ada Author"]


def test_a_writer_who_left_the_draft_later_stays_one_in_the_version(author, editor):
    draft = article(author)
    coauthor = person("carl", "Carl Coauthor")
    link = save(Authorship(article=draft, contributor=coauthor.contributor), author)
    version = submitted(author, draft)

    link.delete()

    assert "Carl Coauthor" in names(Version.objects.get(pk=version.pk))


def test_the_submission_commits_to_the_history_of_the_draft(author):
    draft = article(author)
    submitted(author, draft)

    history = payload("submitted")["history"]

    assert len(history["sha256"]) == 64
    first, last = history["ids"]["articles_historicalsection"][0]
    assert last - first + 1 == Section.history.filter(article_id=draft.pk).count() == 1
