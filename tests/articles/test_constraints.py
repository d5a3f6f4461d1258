"""The constraints of the database on a draft say in a sentence what to do."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, Authorship, Reference, Section, Wording
from articles.models.setup.audience import Audience
from tests.factories import article, cite, save


def test_the_constraints_of_a_draft_say_what_to_do(author):
    draft = article(author)
    row = draft.sections.get()
    work = cite(draft, by=author)
    contributor = author.contributor
    public = Audience.objects.get(key="public")
    carer = Audience.objects.get(key="carer")
    save(Wording(section=row, audience=carer, body="<p>So.</p>"), author)
    Reference.objects.create(csl={"title": "A"}, doi="10.1/a", pmid="123")

    for broken, sentence in [
        (Article(kind="topic", slug="x", title="", created_by=author, written_for=public), "Give the article a title."),
        (Section(article=draft, heading="", body=""), "Give the section a heading. Only the lead may have none."),
        (Authorship(article=draft, contributor=contributor), "This person already has this role."),
        (draft.article_topics.get().__class__(article=draft, topic=draft.topics.get()),
         "The article already has this topic."),
        (work.__class__(article=draft, key=work.key, reference=work.reference),
         "This article already has a reference with this key."),
        (Wording(section=row, audience=carer), "This section already has a wording for this audience."),
        (Reference(csl={}, doi="10.1/a"), "The library already has a work with this DOI."),
        (Reference(csl={}, pmid="123"), "The library already has a work with this PMID."),
    ]:  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            broken.validate_constraints()
        assert sentence in refused.value.messages, broken
