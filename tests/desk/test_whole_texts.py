"""A text that stands on the page of changes with all its words was opened there; one with a folded word was not."""

import copy
import random

import pytest
from lxml import html

from articles.models import Audience, Wording
from articles.text.rendering.sections import choose
from reviews.desk.review.changed.changes import compared
from reviews.models import Decision, Opening
from tests.articles.frozen import LABELS, cite, section, wording
from tests.articles.frozen import version as content_of
from tests.desk.pages import SIGNED, url
from tests.desk.test_every_change import draw
from tests.factories import article, published, save, submitted, under_review, without_interests

pytestmark = pytest.mark.django_db(transaction=True)

NEW_WORDS = "<p>Ask before you take it.</p>"


@pytest.fixture
def asked(author, editor, clinical, specialist, pharmacist):
    """Return a request to somebody who approved no version, for one in which these sections have new words."""
    draft = article(author, body="<p>Take 5 mg.</p>")
    second = draft.sections.create(role="body", heading="Second", body="<p>As it was.</p>", position=2)
    save(Wording(section=second, audience=Audience.objects.get(key="carer"), body="<p>Help them.</p>"), author)
    published(submitted(author, draft), editor, clinical, specialist)

    def with_new_words(*places, carer=""):
        for row in draft.sections.filter(position__in=places):
            row.body = NEW_WORDS
            save(row, author)
        if carer:
            of_carer = second.wordings.get()
            of_carer.body = carer
            save(of_carer, author)
        return under_review(submitted(author, draft), editor, (pharmacist, "pharmacist"))[0]

    return with_new_words


def page_of(client, assignment, **chosen):
    return html.document_fromstring(client.get(url("desk_review", assignment.review_id), chosen).content)


def asked_to_tick(client, assignment, **chosen):
    page_of(client, assignment, **chosen)
    return page_of(client, assignment, **chosen).xpath("//input[@name='read_elsewhere']/@value")


def test_a_text_whose_sections_all_changed_was_opened(at, asked, pharmacist):
    assignment = asked(1, 2)

    assert asked_to_tick(at(pharmacist), assignment, changes="1") == ["carer"], "its wording did not change"
    noted = Opening.objects.filter(user=pharmacist).values_list("audience", "since__number")
    assert sorted(noted, key=str) == [("", 1), ("public", None)]


def test_a_changed_wording_beside_the_changes_was_opened_and_is_signed_as_read(at, asked, pharmacist):
    assignment, client = asked(1, 2, carer="<p>Help them to sit up.</p>"), at(pharmacist)

    assert asked_to_tick(client, assignment, changes="1") == []
    form = {**SIGNED, "offered": "", "read_elsewhere": [], "digest": assignment.review.version.digest}
    assert client.post(url("decide", assignment.pk), form).status_code == 302

    read = "I have read the texts for “patient or member of the public” and “carer or family member” here."
    assert without_interests(Decision.objects.get(assignment=assignment).signature).endswith(read)


def test_a_text_with_a_folded_section_was_opened_only_when_it_is_unfolded(at, asked, pharmacist):
    assignment, client = asked(1), at(pharmacist)
    assert asked_to_tick(client, assignment, changes="1") == ["public", "carer"]

    (unfold,) = page_of(client, assignment, changes="1").xpath("//a[contains(@href, 'unfolded')]/@href")
    address = url("desk_review", assignment.review_id) + unfold.partition("#")[0]
    page = html.document_fromstring(client.get(address).content)

    (folded,) = page.xpath("//details[@class='unchanged']")
    assert "open" in folded.attrib
    assert asked_to_tick(client, assignment, changes="1") == ["carer"]


def test_whoever_never_approved_the_text_sees_beside_the_changes_all_that_they_sign(
    at, asked, pharmacist, clinical, editor
):
    heading = "//h2[@id='signed-heading']"

    assignment = asked(1, 2)
    (known,) = under_review(assignment.review.version, editor, (clinical, "clinical"))

    assert page_of(at(pharmacist), assignment, changes="1").xpath(heading)
    assert not page_of(at(clinical), known, changes="1").xpath(heading)


def shown_of(page: str) -> str:
    """Return the words of the later version that stand on the page, unfolded."""
    root = html.fragment_fromstring(page, create_parent="div")
    for gone in root.xpath(
        ".//del | .//details[@class='unchanged']//div | .//*[@data-change='removed'] | .//sup"
        " | .//*[contains(@class, 'visually-hidden') or @class='jumps' or @class='state' or @class='hint']"
    ):
        gone.drop_tree()
    return " ".join(root.text_content().split())


def lines_of(content, audience):
    for shown in choose(content, audience):
        yield shown.heading
        body = html.fragment_fromstring(shown.body, create_parent="div")
        for citation in list(body.iter("cite")):
            citation.drop_tree()  # the page has its number
        yield from (line.text_content() for line in body.iter("p", "li", "th", "td"))


def mixed(chance: random.Random):
    """Return two versions: each section, or only some of its texts, is another one in the second."""
    old, new = draw(chance), draw(chance)
    for place, row in enumerate(old["sections"]):
        kind = chance.choice(["same", "other", "one text", "new"])
        if kind == "same":
            new["sections"][place] = copy.deepcopy(row)
        elif kind == "one text":
            other = new["sections"][place]
            new["sections"][place] = {**copy.deepcopy(row), "wordings": other["wordings"]}
        elif kind == "new":
            new["sections"][place]["key"] = f"n{place}"
    return old, new


def test_of_every_text_said_to_stand_whole_each_line_is_on_the_page():
    counted = 0
    for seed in range(60):
        chance = random.Random(seed)
        old, new = mixed(chance)
        for compared_audience in LABELS:
            found = compared(old, new, compared_audience)
            words = shown_of(found.html)
            for audience in found.whole:
                missing = [line for line in lines_of(new, audience) if " ".join(line.split()) not in words]
                assert missing == [], (seed, compared_audience, audience)
                counted += 1
    assert counted > 20


def with_work(*sections):
    return content_of(*sections, works="a", title="Aspirin", visible={}, topics=[])


def test_a_text_that_cites_what_the_list_of_references_does_not_show_does_not_stand_whole():
    carer = wording(f"<p>For carers.{cite('a')}</p>")
    new = with_work(section("s1", body="<p>Other words.</p>", carer=carer))
    old = with_work(section("s1", body="<p>Words.</p>"))

    assert compared(old, new, "public").whole == ["public", "professional"]
    assert compared(old, new, "carer").whole == ["public", "carer", "professional"]
