"""The constraints of the database on a draft say in a sentence what to do."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, Authorship, Reference, Section, Wording
from articles.models.audience import Audience
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
        (Section(article=draft, heading="", body=""), "Give the section a heading; only the lead does without."),
        (Authorship(article=draft, contributor=contributor), "This person has this part already."),
        (draft.article_topics.get().__class__(article=draft, topic=draft.topics.get()),
         "The article is filed under this topic already."),
        (work.__class__(article=draft, key=work.key, reference=work.reference),
         "This article has a reference with this key already."),
        (Wording(section=row, audience=carer), "This section has a wording for this audience already."),
        (Reference(csl={}, doi="10.1/a"), "The library has a work with this DOI already."),
        (Reference(csl={}, pmid="123"), "The library has a work with this PMID already."),
    ]:  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            broken.validate_constraints()
        assert sentence in refused.value.messages, broken
