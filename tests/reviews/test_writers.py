"""Who wrote a version: everybody in the history of its draft, and everybody it names."""

from articles.models import Article, Authorship, Section, Topic, Version, Wording
from articles.models.reference import Reference
from articles.models.setup.audience import Audience
from articles.text.citations import format_reference
from reviews.workflow.approval.eligibility import reasons_against
from tests.articles.frozen import cite as mark
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


def citing(author, **csl):
    draft = article(author, body=f"<p>It works.{mark('ada')}</p>")
    return draft, cite(draft, "ada", by=author, **csl).reference


def told(work, by, **csl):
    work.csl = {**work.csl, **csl}
    save(work, by)


def test_who_changes_what_is_printed_of_a_cited_work_wrote_a_part_of_the_text(author, clinical):
    draft, work = citing(author)
    told(work, clinical, title="My drug cures 500 of 500")

    version = submitted(author, draft)

    assert names(version) == ["Ada Author", "Clara Clinical"]
    assert reasons_against(clinical, version.review, "clinical") == ["Clara Clinical wrote all or part of this text."]


def test_they_stay_a_writer_when_somebody_else_mends_it_after_them(author, clinical, editor):
    draft, work = citing(author)
    told(work, clinical, title="My drug cures 500 of 500")
    told(work, editor, title="A drug cures 5 of 500")

    assert set(names(submitted(author, draft))) == {"Ada Author", "Edith Editor", "Clara Clinical"}


def test_who_made_or_mended_a_work_before_the_draft_cited_it_wrote_nothing_of_it(author, clinical, editor):
    work = save(Reference(csl={"type": "article-journal", "title": "Nodse"}), editor)
    told(work, clinical, title="Nodes")
    draft = article(author, body=f"<p>It works.{mark('ada')}</p>")
    save(draft.article_references.model(article=draft, key="ada", reference=work), author)

    assert names(submitted(author, draft)) == ["Ada Author"]


def test_a_detail_that_is_not_printed_makes_nobody_a_writer(author, clinical):
    draft, work = citing(author)
    told(work, clinical, ISSN="1234-5678")

    assert names(submitted(author, draft)) == ["Ada Author"]


def said_why(draft, author):
    """Say why the retracted work is cited: without that the draft cannot be submitted."""
    (row,) = draft.article_references.all()
    row.although_retracted = "It is the study that this section corrects."
    save(row, author)


def test_who_marks_a_cited_work_as_retracted_wrote_nothing_of_the_text(author, clinical):
    draft, work = citing(author)
    told(work, clinical, status="retracted")
    said_why(draft, author)

    version = submitted(author, draft)

    assert "[Retracted]" in format_reference(work.csl)
    assert names(version) == ["Ada Author"]
    assert reasons_against(clinical, version.review, "clinical") == []


def test_who_marks_a_work_and_takes_the_mark_back_wrote_nothing(author, clinical):
    draft, work = citing(author)
    told(work, clinical, status="retracted")
    told(work, clinical, status="")

    assert names(submitted(author, draft)) == ["Ada Author"]


def test_who_takes_away_a_mark_that_another_set_wrote_a_part_of_the_text(author, clinical, editor):
    draft, work = citing(author)
    told(work, editor, status="retracted")
    told(work, clinical, status="")

    assert names(submitted(author, draft)) == ["Ada Author", "Clara Clinical"]


def test_who_rewrites_a_work_while_marking_it_wrote_a_part_of_the_text(author, clinical):
    draft, work = citing(author)
    told(work, clinical, status="retracted", title="Nodes")
    said_why(draft, author)

    assert names(submitted(author, draft)) == ["Ada Author", "Clara Clinical"]


def test_a_change_of_a_work_that_the_text_does_not_print_makes_nobody_a_writer(author, clinical):
    draft = article(author)
    told(cite(draft, "ada", by=author).reference, clinical, title="Nodes")

    assert names(submitted(author, draft)) == ["Ada Author"]


def test_a_change_after_the_submission_counts_for_the_next_version_alone(author, clinical, editor, specialist):
    draft, work = citing(author)
    version = submitted(author, draft)
    told(work, editor, title="Nodes")
    published(version, editor, clinical, specialist)

    assert names(version) == ["Ada Author"]
    assert names(submitted(author, draft, change="minor")) == ["Ada Author", "Edith Editor"]
