"""Freezing: what a reader sees changes the digest, and nothing else does."""

import datetime
import hashlib
import json
from pathlib import Path

import pytest

from articles.frozen.content import FROZEN, LEFT_OUT, freeze, thaw
from articles.models import Article, Audience, Authorship, Contributor, Reference, Section, Topic, Wording
from reviews import workflow
from tests.factories import article, cite, disclaimers, save, submitted

GOLDEN = Path(__file__).parent / "golden" / "version-1.json"


@pytest.fixture
def draft(author):
    made = article(author, body="<p>Nodes filter lymph.<cite data-ref='smith2020'>[smith2020]</cite></p>")
    cite(made, by=author)
    save(Section(article=made, heading="Causes", body="<p>Take 5 mg of CO<sub>2</sub>.</p>", position=2), author)
    professional = Audience.objects.get(key="professional")
    first = made.sections.first()
    save(Wording(section=first, audience=professional, body="<p>Lymphatic filtration.</p>"), author)
    return made


def test_every_field_of_the_draft_is_frozen_or_left_out_for_a_reason():
    for model in FROZEN:
        fields = {field.name for field in [*model._meta.fields, *model._meta.many_to_many]}
        frozen, left_out = FROZEN[model], set(LEFT_OUT[model])

        assert frozen & left_out == set(), model
        assert frozen | left_out == fields, (
            f"{model.__name__}: put {fields ^ (frozen | left_out)} in FROZEN or LEFT_OUT"
        )


def test_the_same_draft_has_the_same_digest(draft):
    first, second = freeze(draft), freeze(Article.objects.get(pk=draft.pk))

    assert first.text == second.text
    assert first.digest == hashlib.sha256(first.text.encode()).hexdigest()
    assert thaw(first.text) == first.content


CHANGES = {
    "title": lambda draft: change(draft, title=draft.title + "."),
    "kind": lambda draft: change(draft, kind="question"),
    "language": lambda draft: change(draft, language="en-GB"),
    "risk": lambda draft: change(draft, risk="high"),
    "use of AI": lambda draft: change(draft, ai_use="assisted"),
    "day of the search": lambda draft: change(draft, evidence_current_to=datetime.date(2026, 3, 31)),
    "a text that was translated": lambda draft: change(draft, translation_of=submitted(draft.created_by)),
    "note on AI": lambda draft: change(draft, ai_note="A tool."),
    "audience it is written for": lambda draft: change(draft, written_for=Audience.objects.get(key="carer")),
    "one letter of a body": lambda draft: change(draft.sections.last(), body="<p>Take 5 mg of CO<sub>2</sub>!</p>"),
    "a subscript": lambda draft: change(draft.sections.last(), body="<p>Take 5 mg of CO2.</p>"),
    "a number": lambda draft: change(draft.sections.last(), body="<p>Take 50 mg of CO<sub>2</sub>.</p>"),
    "heading": lambda draft: change(draft.sections.last(), heading="Cause"),
    "role of a section": lambda draft: change(draft.sections.last(), role="urgent"),
    "order of sections": lambda draft: change(draft.sections.last(), position=0),
    "a section removed": lambda draft: draft.sections.last().delete(),
    "a wording": lambda draft: change(draft.sections.first().wordings.get(), body="<p>Filtration.</p>"),
    "a heading of a wording": lambda draft: change(draft.sections.first().wordings.get(), heading="Function"),
    "a citation": lambda draft: change(draft.sections.first(), body="<p>Nodes filter lymph.</p>"),
    "a cited work": lambda draft: change(Reference.objects.get(), csl={"type": "book", "title": "Another"}),
    "name of a topic": lambda draft: change(Topic.objects.get(), name="Cancer"),
    "a topic": lambda draft: draft.article_topics.all().first().delete(),
    "name of an author": lambda draft: change(
        Contributor.objects.get(authorships__article=draft), name="Ada B. Author"
    ),
    "credentials of an author": lambda draft: change(
        Contributor.objects.get(authorships__article=draft), credentials="MD"
    ),
    "part of an author": lambda draft: change(Authorship.objects.get(), role="editor"),
    "label of an audience": lambda draft: change(Audience.objects.get(key="carer"), label="somebody who cares"),
    "a disclaimer": lambda draft: renew_disclaimer(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_reader_could_see_changes_the_digest(draft, name):
    before = freeze(draft).digest

    CHANGES[name](draft)

    assert freeze(Article.objects.get(pk=draft.pk)).digest != before


UNSEEN = {
    "address": lambda draft: change(draft, slug="elsewhere"),
    "a work cited nowhere": lambda draft: cite(draft, "unused", by=draft.created_by),
    "a section saved again": lambda draft: draft.sections.last().save(),
    "markup that means the same": lambda draft: change(
        draft.sections.last(), body="<p >Take  5 mg of CO<sub>2</sub>.</p><p></p>"
    ),
    "text in another normal form": lambda draft: change(draft, title=draft.title),
    "biography of an author": lambda draft: change(Contributor.objects.get(authorships__article=draft), bio="Born."),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_no_reader_sees_leaves_the_digest(draft, name):
    before = freeze(draft).digest

    UNSEEN[name](draft)

    assert freeze(Article.objects.get(pk=draft.pk)).digest == before


def test_the_format_is_as_the_golden_file_has_it(draft, author):
    """A change of the format enters under a new format name, or old signatures lose their text."""
    content = freeze(draft).content
    for key in ("article", "title"):
        content[key] = "…"
    for section in content["sections"]:
        section["key"] = "k" * 10
    content["visible"] = dict.fromkeys(content["visible"], "0" * 64)
    for disclaimer in content["disclaimers"].values():
        disclaimer["number"] = 1

    written = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    assert written == GOLDEN.read_text(encoding="utf-8")


def test_visible_digests_differ_between_audiences_with_words_of_their_own(draft):
    visible = freeze(draft).content["visible"]

    assert set(visible) == {"public", "carer", "professional"}
    assert visible["public"] != visible["professional"]


def change(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def renew_disclaimer():
    disclaimers()
    from tests.factories import person

    first, second = person("another", groups=["editor"]), person("second", groups=["editor"])
    issued = workflow.issue_disclaimer(Audience.objects.get(key="public"), actor=first, text="A newer one.")
    workflow.confirm_disclaimer(issued, actor=second)
