"""What a reviewer compares a version with, and what is signed beside its text."""

import re

import pytest
from lxml import html

from articles.checks.families.language.letters import leaves
from articles.files.markdown.front_matter.references import DATES, FIELDS, NAMES
from articles.models import Disclaimer
from reviews import workflow
from tests.articles.frozen import cite as mark
from tests.desk.pages import text, url
from tests.factories import (
    article,
    cite,
    decide,
    edit,
    published,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db


def test_the_redline_shows_what_changed_since_the_last_approved_version(at, author, editor, clinical, specialist):
    draft = article(author, body="<p>Take 5 mg daily.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 10 mg daily.", by=author)
    review = submitted(author, draft, change="minor", note="Dose").review

    page = text(at(editor).get(f"{url('desk_review', review.pk)}?changes"))

    assert (
        '<del><span class="visually-hidden">[removed: </span>5 mg<span class="visually-hidden">]</span></del>'
        '<ins><span class="visually-hidden">[added: </span>10 mg<span class="visually-hidden">]</span></ins>'
    ) in page


def test_each_link_to_another_view_keeps_what_was_chosen(at, author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Other words.", by=author)
    review = submitted(author, draft, change="minor", note="Words").review

    shown = at(editor).get(url("desk_review", review.pk), {"audience": "carer", "changes": "previous"})

    assert html.fromstring(shown.content).xpath("//nav[@class='views']//a/@href") == [
        "?audience=public&changes=approved",
        "?audience=carer&changes=approved",
        "?audience=professional&changes=approved",
        "?audience=carer",
        "?audience=carer&changes=approved",
    ]


def links_of(page):
    return re.findall(r"What changed since ([^<]*)<", page)


def test_each_version_to_compare_with_is_offered_by_its_names(at, author, editor, clinical, specialist):
    draft = article(author, body="<p>Take 5 mg daily.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    for dose, step in ((10, "request_changes"), (15, None)):
        edit(draft, f"Take {dose} mg daily.", by=author)
        version = submitted(author, draft, change="minor", note="Dose")
        asked, *_ = under_review(version, editor, (clinical, "clinical"))
        if step:
            decide(asked, step, "Not so much.")
    page = url("desk_review", version.review.pk)

    shown = {user: links_of(text(at(user).get(page))) for user in (editor, clinical)}

    assert shown[editor] == ["version 1 (last approved, public)", "version 2 (previous)"]
    assert shown[clinical] == [
        "version 1 (last approved, public)",
        "version 2 (your last decision, previous)",
    ]
    for key, before in {"approved": 5, "published": 5, "": 5, "mine": 10, "previous": 10}.items():
        changes = text(at(clinical).get(f"{page}?changes={key}"))
        assert f"</span>{before} mg<span" in changes, key
    assert at(editor).get(f"{page}?changes=mine").status_code == 404
    assert at(editor).get(f"{page}?changes=nonsense").status_code == 404


def test_the_second_round_of_a_text_never_approved_is_compared_with_the_first(at, author, editor, clinical):
    draft = article(author, body="<p>Take 5 mg daily.</p>")
    first = submitted(author, draft)
    assert links_of(text(at(editor).get(url("desk_review", first.review.pk)))) == []
    asked, *_ = under_review(first, editor, (clinical, "clinical"))
    decide(asked, "request_changes", "Too little.")
    edit(draft, "Take 10 mg daily.", by=author)

    page = url("desk_review", submitted(author, draft).review.pk)

    assert links_of(text(at(editor).get(page))) == ["version 1 (previous)"]
    assert "5 mg" in text(at(editor).get(f"{page}?changes=previous"))


def test_what_is_signed_beside_the_text_is_on_the_page(at, author, editor, clinical):
    draft = article(author, ai_use="assisted", ai_note="A draft by a machine.")
    author.contributor.credentials = "MD, FRCP"
    author.contributor.save()
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))

    page = text(at(clinical).get(url("desk_review", version.review.pk)))

    written = "Written by people with the help of artificial intelligence. A draft by a machine."
    for said in ("MD, FRCP", written, "Oncology", "Disclaimer 1 for a"):
        assert said in page
    for disclaimer in Disclaimer.objects.in_force():
        assert disclaimer.text in page


def test_what_is_signed_of_a_work_and_not_printed_is_on_the_page(at, author, editor, clinical):
    draft = article(author, body=f"<p>It works.{mark('ada')}</p>")
    cite(draft, "ada", by=author, note="Give 50 mg daily.", abstract="Or 500 mg.", custom={"dose": "5 g"})
    version = submitted(author, draft)
    under_review(version, editor, (clinical, "clinical"))

    page = text(at(clinical).get(url("desk_review", version.review.pk)))

    said = 'abstract: Or 500 mg.; custom: {"dose":"5 g"}; note: Give 50 mg daily.'
    assert f"<dt>Reference [@ada]: details that readers are not shown</dt><dd>{said}</dd>" in page


def test_every_detail_of_a_work_that_is_signed_is_on_the_page(at, author, editor, clinical):
    """Also a given name that is printed as an initial, the seventh author, and what we have no name for."""
    people = [{"family": f"Family{number}", "given": f"Given{number}", "note": f"Aside{number}"} for number in range(9)]
    work = {name: f"Value{number}" for number, name in enumerate([*FIELDS.values(), "dose"])}
    work |= {name: [{**one, "given": f"{name} {one['given']}"} for one in people] for name in NAMES}
    work |= {name: {"date-parts": [[2020, 1, 2]], "raw": f"Raw {name}"} for name in DATES}
    work |= {"PMID": "31452104", "PMCID": "PMC7654321", "DOI": "10.5555/value"}
    work |= {"type": "chapter", "custom": {"inner": {"most": ["Innermost"]}}}
    draft = article(author, body=f"<p>It works.{mark('ada')}</p>")
    cite(draft, "ada", by=author, **work)

    page = text(at(editor).get(url("desk_review", submitted(author, draft).review.pk)))

    assert [leaf for leaf in leaves(work) if leaf not in page] == []


def test_a_text_from_right_to_left_is_compared_quoted_and_written_as_readers_get_it(
    at, author, editor, clinical, specialist
):
    draft = article(author, title="عقد", language="ar", body="<p>خذ 10–20 مغ.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "خذ 10–30 مغ.", by=author)
    version = submitted(author, draft)
    workflow.comment(version, actor=author, text="?", exact="خذ")

    page = html.document_fromstring(
        at(editor).get(f"{url('desk_review', version.review.pk)}?changes=published").content
    )
    section = html.document_fromstring(at(author).get(url("section", draft.pk, draft.sections.get().pk)).content)

    arabic = re.compile("[\u0600-\u06ff]")
    shown = [one for one in page.xpath("//main//*") if arabic.search(one.text or "")]
    apart = [one for one in shown if not one.xpath("ancestor-or-self::*[@dir='rtl']") and one.tag not in ("a", "title")]
    assert len(shown) > 4
    assert [html.tostring(one, encoding="unicode") for one in apart] == []
    assert section.xpath("//textarea[@name='body']/@dir") == section.xpath("//input[@name='heading']/@dir") == ["rtl"]
