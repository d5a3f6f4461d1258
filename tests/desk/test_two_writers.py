"""Two people on the page of one draft: nothing is overwritten silently, and what does not collide is merged."""

import pytest
from lxml.html import document_fromstring

from articles.desk.writing.conflict import merged_text
from articles.models import ArticleTopic, Authorship, Section, Wording
from tests.desk.pages import text, url
from tests.desk.test_writing import Opened, draft, named  # noqa: F401 (a fixture)
from tests.factories import evidence, person, save, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(at, author, editor, draft):  # noqa: F811
    """Return the page as two people opened it at the same time."""
    return Opened(at(author), draft), Opened(at(editor), draft)


def conflict(page) -> dict[str, list[str]]:
    """Return the fields of the page of choices as a browser would send them, with no choice made."""
    (form,) = document_fromstring(page.content).xpath("//main//form")
    found = {}
    for field in form.xpath(".//input | .//textarea"):
        if field.get("type") != "radio" and field.get("name") != "csrfmiddlewaretoken":
            found.setdefault(field.get("name"), []).append(field.value or "")
    return found


def choose(mine, **choices):
    """Choose on the page of choices, as mine.page is one, and send it."""
    fields = conflict(mine.page)
    for name, value in choices.items():
        fields[name] = [value]
    mine.page = mine.client.post(mine.address, fields)
    return mine.page


def test_changes_in_other_sections_are_merged_without_asking(two, draft):  # noqa: F811
    mine, theirs = two
    one, second, three = draft.sections.all()
    theirs.type(**{f"s{one.pk}__body": "Theirs.", f"s{three.pk}-carer__body": "Theirs for carers."}).send()
    mine.type(**{f"s{second.pk}__body": "Mine.", f"s{one.pk}__heading": "My heading"})

    answer = mine.send()

    assert answer.status_code == 302
    said = text(mine.client.get(url("write", draft.pk)))
    assert "Somebody else saved parts of the draft after you opened it." in said
    one.refresh_from_db()
    second.refresh_from_db()
    assert (one.heading, one.body, second.body) == ("My heading", "<p>Theirs.</p>", "<p>Mine.</p>")
    assert Wording.objects.get().body == "<p>Theirs for carers.</p>"


@pytest.mark.parametrize(
    ("choice", "stored"),
    [("theirs", "Lymph nodes filter lymph well."), ("mine", "Lymph nodes filter lymph slowly."), ("both", "Both.")],
)
def test_the_same_words_changed_twice_are_a_choice(two, draft, choice, stored):  # noqa: F811
    mine, theirs = two
    one, second, _ = draft.sections.all()
    theirs.type(**{f"s{one.pk}__body": "Lymph nodes filter lymph well."}).send()
    before = evidence()
    mine.type(**{f"s{one.pk}__body": "Lymph nodes filter lymph slowly.", f"s{second.pk}__body": "Also mine."})

    refused = mine.send()

    assert refused.status_code == 409
    assert evidence() == before
    page = text(refused)
    assert "Edith Editor saved this draft after you opened it." in page
    assert "<del>well</del>" in page
    assert "<ins>slowly</ins>" in page
    code = f"s{one.pk}|body"
    answer = choose(mine, **{f"choice|{code}": choice, f"both|{code}": "Both."})
    assert answer.status_code == 302, text(answer)
    one.refresh_from_db()
    second.refresh_from_db()
    assert (one.body, second.body) == (f"<p>{stored}</p>", "<p>Also mine.</p>")


def test_nothing_is_saved_before_each_place_has_a_choice(two, draft):  # noqa: F811
    mine, theirs = two
    one = draft.sections.first()
    theirs.type(**{f"s{one.pk}__body": "Theirs.", "article__title": "Their title"}).send()
    mine.type(**{f"s{one.pk}__body": "Mine.", "article__title": "My title"}).send()
    before = evidence()

    answer = choose(mine, **{"choice|article|title": "mine"})

    assert answer.status_code == 422
    assert "Choose one of these." in text(answer)
    assert evidence() == before
    assert choose(mine, **{f"choice|s{one.pk}|body": "theirs"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.sections.first().body) == ("My title", "<p>Theirs.</p>")


def test_a_third_save_in_between_brings_the_choice_again(two, draft):  # noqa: F811
    mine, theirs = two
    one = draft.sections.first()
    theirs.type(**{f"s{one.pk}__body": "Theirs."}).send()
    mine.type(**{f"s{one.pk}__body": "Mine."}).send()
    Opened(theirs.client, draft).type(**{f"s{one.pk}__body": "Theirs anew."}).send()

    again = choose(mine, **{f"choice|s{one.pk}|body": "mine"})

    assert again.status_code == 409
    assert "Theirs anew." in text(again)
    assert draft.sections.first().body == "<p>Theirs anew.</p>"
    assert choose(mine, **{f"choice|s{one.pk}|body": "mine"}).status_code == 302
    assert draft.sections.first().body == "<p>Mine.</p>"


@pytest.mark.parametrize("restore", [True, False])
def test_a_section_that_somebody_removed_is_restored_or_let_go(two, draft, restore):  # noqa: F811
    mine, theirs = two
    three = draft.sections.last()
    theirs.send(f"remove:s{three.pk}")
    theirs.send()
    assert not Section.objects.filter(pk=three.pk).exists()

    mine.type(**{f"s{three.pk}__body": "Mine."})
    refused = mine.send()

    assert refused.status_code == 409
    assert "They removed this section with its wordings. You changed it." in text(refused)
    answer = choose(mine, **{f"choice|s{three.pk}|gone": "mine" if restore else "theirs"})
    assert answer.status_code == 302, text(answer)
    assert named(draft)[2:] == (["Three"] if restore else [])
    if restore:
        row = Section.objects.get(heading="Three")
        assert (row.key, row.body) == (three.key, "<p>Mine.</p>")
        assert [each.body for each in row.wordings.all()] == ["<p>For carers.</p>"]


def test_a_section_that_somebody_removed_goes_if_it_was_not_changed_here(two, draft):  # noqa: F811
    mine, theirs = two
    one, _, three = draft.sections.all()
    theirs.send(f"remove:s{three.pk}")
    theirs.send()

    assert mine.type(**{f"s{one.pk}__body": "Mine."}).send().status_code == 302
    assert len(named(draft)) == 2
    assert "“Three” was removed" in text(mine.client.get(url("write", draft.pk)))


@pytest.mark.parametrize("keep", [True, False])
def test_a_section_that_somebody_changed_is_not_removed_silently(two, draft, keep):  # noqa: F811
    mine, theirs = two
    three = draft.sections.last()
    theirs.type(**{f"s{three.pk}-carer__body": "Theirs."}).send()
    mine.send(f"remove:s{three.pk}")

    refused = mine.send()

    assert refused.status_code == 409
    assert choose(mine, **{f"choice|s{three.pk}|removed": "theirs" if keep else "mine"}).status_code == 302
    assert [row.body for row in Wording.objects.all()] == (["<p>Theirs.</p>"] if keep else [])
    assert Section.objects.filter(pk=three.pk, body=three.body).exists() is keep


def test_new_sections_topics_and_the_order_of_both_are_kept(two, draft, editor):  # noqa: F811
    mine, theirs = two
    three = draft.sections.last()
    theirs.send("add:section")
    theirs.type(n1__heading="Theirs", n1__body="Words.")
    theirs.set("article-topics", [*theirs.all("article-topics"), str(topic("Nursing").pk)]).send()
    mine.send("add:section")
    mine.type(n1__heading="Mine", n1__body="Words.")
    mine.send(f"up:s{three.pk}")

    assert mine.send().status_code == 302
    assert named(draft)[1:] == ["Three", "Theirs", "Two", "Mine"]
    assert {row.topic.name for row in draft.article_topics.all()} == {"Oncology", "Surgery", "Nursing"}


def test_a_page_from_another_door_collides_too(two, draft, editor):  # noqa: F811
    mine, _ = two
    one = draft.sections.first()
    one.body = "<p>Theirs.</p>"
    save(one, editor)
    save(ArticleTopic(article=draft, topic=topic("Nursing")), editor)

    assert mine.type(**{f"s{one.pk}__body": "Mine."}).send().status_code == 409
    assert draft.sections.first().body == "<p>Theirs.</p>"


CHANGED = "<p>⚑ You both changed this: first their text, then yours. Make one of them, and delete this line.</p>"
DELETED = "<p>⚑ They deleted what follows, and you changed it. Keep it or delete it, and delete this line.</p>"
PARTED = "<p>a</p>\n<p>x</p>\n<p>b</p>\n<p>y</p>"


@pytest.mark.parametrize(
    ("opened", "theirs", "mine", "merged"),
    [
        ("<p>a</p><p>b</p>", "<p>a1</p><p>b</p>", "<p>a</p><p>b2</p>", "<p>a1</p>\n<p>b2</p>"),
        ("<p>a</p><p>b</p>", "<p>a</p>", "<p>a</p><p>b</p><p>c</p>", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
        ("<p>a</p>", "<p>a1</p>", "<p>a2</p>", f"{CHANGED}\n<p>a1</p>\n<p>a2</p>"),
        ("<p>a</p><p>b</p>", "<p>b</p>", "<p>a2</p><p>b</p>", f"{DELETED}\n<p>a2</p>\n<p>b</p>"),
        ("<p>a</p>", "<p>a1</p>", "<p>a1</p>", "<p>a1</p>"),
        ("<p>a</p><p>b</p>", "<p>a</p><p>x</p><p>b</p>", "<p>a</p><p>b</p><p>y</p>", PARTED),
        (None, "<p>a</p>", "<p>b</p>", "<p>b</p>"),
    ],
)  # fmt: skip
def test_the_text_from_both_has_each_change(opened, theirs, mine, merged):
    assert merged_text(opened, theirs, mine) == merged


def test_a_paragraph_that_both_changed_is_not_saved_twice_unseen(two, draft):  # noqa: F811
    mine, theirs = two
    one = draft.sections.first()
    theirs.type(**{f"s{one.pk}__body": "Theirs."}).send()
    refused = mine.type(**{f"s{one.pk}__body": "Mine."}).send()
    code = f"s{one.pk}|body"
    (area,) = document_fromstring(refused.content).xpath(f"//textarea[@name='both|{code}']")
    proposed = area.text.strip()
    before = evidence()

    answer = choose(mine, **{f"choice|{code}": "both", f"both|{code}": proposed})

    assert proposed == f"{CHANGED}\n<p>Theirs.</p>\n<p>Mine.</p>"
    assert answer.status_code == 422
    assert evidence() == before
    assert "Two people changed what follows the sign ⚑." in text(answer)
    mine.show(answer)
    assert mine[f"s{one.pk}-body"].strip() == proposed
    assert mine.type(**{f"s{one.pk}__body": "<p>Theirs and mine.</p>"}).send().status_code == 302
    one.refresh_from_db()
    assert one.body == "<p>Theirs and mine.</p>"


def test_a_text_made_from_both_stays_if_another_place_has_no_choice(two, draft):  # noqa: F811
    mine, theirs = two
    one = draft.sections.first()
    theirs.type(**{f"s{one.pk}__body": "Theirs.", "article__title": "Their title"}).send()
    mine.type(**{f"s{one.pk}__body": "Mine.", "article__title": "My title"}).send()
    code = f"s{one.pk}|body"

    answer = choose(mine, **{"choice|article|title": "mine", f"both|{code}": "<p>Made from both.</p>"})

    assert answer.status_code == 422
    (area,) = document_fromstring(answer.content).xpath(f"//textarea[@name='both|{code}']")
    assert area.text.strip() == "<p>Made from both.</p>"


def test_a_role_that_two_people_changed_is_a_choice_with_names_of_roles(two, draft):  # noqa: F811
    mine, theirs = two
    other = save(Authorship(article=draft, contributor=person("other", "Olga Other").contributor, position=5), None)
    for page in two:
        page.show(page.client.get(page.address))
    theirs.type(**{f"p{other.pk}__role": "editor"}).send()
    mine.type(**{f"p{other.pk}__role": "illustrator"})

    refused = mine.send()

    assert refused.status_code == 409
    for words in ("People: Olga Other: Role", "Illustrator", "Editor"):
        assert words in text(refused)
    assert choose(mine, **{f"choice|p{other.pk}|role": "mine"}).status_code == 302
    other.refresh_from_db()
    assert other.role == "illustrator"
