"""Every word of a section or wording that is signed is shown to some reader; else the text cannot be submitted."""

from itertools import product

import pytest

from articles import checks
from articles.models import Audience, Wording
from articles.text.rendering import render
from reviews import workflow
from reviews.workflow import NotNow
from tests.articles.frozen import LABELS, lead, section, version, wording
from tests.factories import article, evidence, save

BODIES = {"words": "<p>{}</p>", "nothing": "", "a blank": "<p> </p>"}


def content(written_for, worded_for, body, heading, of_lead):
    words = BODIES[body].format("Bodyword")
    one = {worded_for: wording(words, "Headingword" if heading else "")}
    parts = (lead(**one), section()) if of_lead else (lead(), section(**one))
    return version(*parts, written_for=written_for, title="T", contributors=[{"name": "A", "role": "author"}],
                   topics=[{"name": "T", "slug": "t"}], ai_use={"level": "none", "note": ""},
                   disclaimers={key: {} for key in LABELS})  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize(
    ("written_for", "worded_for", "body", "heading", "of_lead"),
    [*product(LABELS, LABELS, BODIES, (True, False), (True, False))],
)
def test_what_is_shown_to_nobody_cannot_be_submitted(written_for, worded_for, body, heading, of_lead):
    frozen = content(written_for, worded_for, body, heading, of_lead)

    pages = "".join(render(frozen, audience).html for audience in LABELS)
    signed = ["Bodyword"] * (body == "words") + ["Headingword"] * heading
    found = [finding.rule for finding in checks.run(frozen) if finding.blocks]

    assert found in ([], ["STR-006"])
    assert found or all(word in pages for word in signed)
    assert bool(found) is (body != "words" or written_for == worded_for)


@pytest.mark.django_db(transaction=True)
def test_a_wording_for_the_readers_of_the_general_text_blocks_the_submission(author):
    draft = article(author)
    professional = Audience.objects.get(key="professional")
    save(Wording(section=draft.sections.get(), audience=professional, body="<p>Give 5 mg IV.</p>"), author)
    draft.written_for = professional
    save(draft, author)
    before = evidence()

    with pytest.raises(NotNow) as refusal:
        workflow.submit(draft, actor=author, change="major", note="First version")

    assert evidence() == before
    assert str(refusal.value) == (
        f"The section “What they do” has a wording for these readers: {professional.label}. The main text is already "
        "written for these readers, so this wording is never shown. Move its text to the section. Then delete the "
        "wording’s text and save."
    )
