"""Signing in, what is whose, and what the desk's pages cost."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.models import Article, Audience, Authorship
from reviews import workflow
from reviews.models import SecurityRecord
from tests.desk.pages import SIGNED, text, url
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    cite,
    decide,
    edit,
    person,
    published,
    save,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db


def sign_in(client, username, password):
    return client.post(url("sign_in"), {"username": username, "password": password})


def test_signing_in_leads_to_my_work(client, author):
    assert sign_in(client, "author", PASSWORD).url == url("desk")
    assert "My articles" in text(client.get(url("desk")))


def test_signing_in_leads_to_no_other_site(client, author):
    answer = client.post(
        url("sign_in"), {"username": "author", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )

    assert answer.url == url("desk")


def test_five_wrong_passwords_close_an_account_for_a_while(author):
    for _ in range(5):
        assert sign_in(Client(), "author", "guess").status_code == 422

    answer = sign_in(Client(), "author", PASSWORD)

    assert answer.status_code == 429
    assert "Too many wrong passwords" in text(answer)
    assert SecurityRecord.objects.filter(kind="wrong_sign_in", user=author).count() == 5


def test_strangers_guesses_do_not_lock_out_the_owner_whose_browser_is_known(author, editor):
    home, shared = Client(), Client()
    sign_in(home, "author", PASSWORD)
    sign_in(shared, "editor", PASSWORD)
    cookie = home.cookies["known_browser"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/sign-in/", True, "Lax")
    for browser in (home, shared):
        browser.post(url("sign_out"))
    for _ in range(12):
        sign_in(Client(), "author", "guess")
    forged = Client()
    forged.cookies["known_browser"] = cookie.value[:-1] + ("A" if cookie.value[-1] != "A" else "B")

    assert sign_in(Client(), "author", PASSWORD).status_code == 429
    assert sign_in(forged, "author", PASSWORD).status_code == 429
    assert sign_in(shared, "author", PASSWORD).status_code == 429, "it is known for another account"
    assert sign_in(home, "author", PASSWORD).status_code == 302


def test_a_known_browser_has_five_guesses_of_its_own_and_no_more(author):
    home = Client()
    sign_in(home, "author", PASSWORD)
    home.post(url("sign_out"))

    statuses = [sign_in(home, "author", "guess").status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]
    assert sign_in(home, "author", PASSWORD).status_code == 429
    assert sign_in(Client(), "author", PASSWORD).status_code == 302


def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(author):
    wrong, unknown = ([sign_in(Client(), name, "guess") for _ in range(12)] for name in ("author", "nobodys-name"))
    statuses = [[answer.status_code for answer in answers] for answers in (wrong, unknown)]

    assert statuses == [[422] * 5 + [429] * 7] * 2
    assert "user name or password is wrong" in text(wrong[0])
    assert "user name or password is wrong" in text(unknown[0])


def test_wrong_sign_ins_do_not_close_signing(at, author, editor, clinical):
    assignment = under_review(submitted(author), editor, (clinical, "clinical"))[0]
    for _ in range(10):
        sign_in(Client(), "reviewer1", "guess")

    answer = at(clinical).post(
        url("decide", assignment.pk),
        {**SIGNED, "digest": assignment.review.version.digest},
    )

    assert answer.status_code == 302


def test_a_deactivated_account_is_out_at_once(at, author):
    client = at(author)
    author.is_active = False
    author.save()

    assert client.get(url("desk")).status_code == 302
    assert sign_in(Client(), "author", PASSWORD).status_code == 422


def test_the_way_to_a_password_has_the_sites_own_address_whatever_the_request_says(client, clinical):
    client.post(url("password_reset"), {"email": clinical.email}, headers={"host": "testserver:6666"})

    assert "https://testserver/desk/password/reset/" in mail.outbox[-1].body
    assert "6666" not in mail.outbox[-1].body


@pytest.mark.parametrize("page", ["/desk/", "/desk/articles/", "/desk/sign-in/", "/admin/", "/desk/nothing-here/"])
def test_no_page_of_the_staffs_is_kept(at, author, page):
    said = at(author).get(page)["Cache-Control"]

    assert {"no-store", "private"} <= {*said.split(", ")}


def test_a_person_sets_their_own_password_by_mail(client, clinical):
    client.post(url("password_reset"), {"email": clinical.email})
    link = next(line for line in mail.outbox[-1].body.splitlines() if "/desk/password/reset/" in line)
    page = client.get(link.replace("https://testserver", ""), follow=True)
    form = {"new_password1": "a much longer secret", "new_password2": "a much longer secret"}

    client.post(page.redirect_chain[-1][0], form)

    assert sign_in(Client(), "reviewer1", "a much longer secret").status_code == 302


def test_every_page_of_the_desk_is_private(client):
    for name in ("desk", "desk_articles", "draft_create", "draft_import", "disclaimers", "password_change"):
        assert client.get(url(name)).url.startswith(url("sign_in")), name


def test_who_was_taken_off_an_article_sees_it_no_more(at, author):
    draft = article(author)
    assert at(author).get(url("draft", draft.pk)).status_code == 200

    draft.authorships.all().delete()

    assert at(author).get(url("desk_article", draft.pk)).status_code == 404
    assert at(author).get(url("draft", draft.pk)).status_code == 404


def test_each_sees_what_is_theirs(at, author, editor, clinical, specialist):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))
    people = {
        "author": author,
        "other author": person("other", groups=["author"]),
        "editor": editor,
        "asked": clinical,
        "not asked": specialist,
        "administrator": person("root", groups=["admin"]),
        "no role": person("norole"),
    }

    seen = {
        who: (
            at(user).get(url("desk_article", version.article_id)).status_code,
            at(user).get(url("desk_review", version.review.pk)).status_code,
            version.title in text(at(user).get(url("desk_articles"))),
        )
        for who, user in people.items()
    }

    yes, no = (200, 200, True), (404, 404, False)
    assert seen == {
        "author": yes,
        "other author": no,
        "editor": yes,
        "asked": yes,
        "not asked": no,
        "administrator": yes,
        "no role": no,
    }


def test_a_lost_role_closes_the_desk_at_the_next_request(at, author):
    draft = article(author)
    client = at(author)
    author.groups.clear()

    assert client.get(url("draft", draft.pk)).status_code == 404
    assert client.post(url("submit", draft.pk), {"change": "major", "note": "x"}).status_code == 404


def test_my_work_shows_what_waits_on_each(at, author, editor, clinical, specialist):
    waiting = submitted(author)
    asked = submitted(author)
    under_review(asked, editor, (clinical, "clinical"))
    ready = approved(submitted(author), editor, clinical, specialist).version

    for_editor = text(at(editor).get(url("desk")))
    for_reviewer = text(at(clinical).get(url("desk")))
    for_author = text(at(author).get(url("desk")))

    assert all(version.title in for_editor for version in (waiting, asked, ready))
    assert asked.title in for_reviewer
    assert ready.title in for_reviewer  # the approval can still be withdrawn
    assert waiting.title not in for_reviewer
    assert waiting.title in for_author


def test_the_list_is_searched_and_paged(at, editor, author):
    for number in range(53):
        article(author, title=f"Part {number:02}")
    fifty = {"after": Article.objects.get(title="Part 02").pk}

    first = text(at(editor).get(url("desk_articles")))
    last = Article.objects.get(title="Part 49")
    second = text(at(editor).get(url("desk_articles"), {"after": last.pk}))
    found = text(at(editor).get(url("desk_articles"), {"q": "part 07", "state": "draft"}))

    assert "Part 49" in first
    assert "Part 50" not in first
    assert "Part 52" in second
    assert "Next articles" in first
    assert "Part 52" in (rest := text(at(editor).get(url("desk_articles"), fifty)))
    assert "Next articles" not in rest
    assert "Part 07" in found
    assert "Part 08" not in found


def test_the_next_page_of_the_list_keeps_the_words_and_the_state(at, editor, author):
    for number in range(51):
        article(author, title=f"Part & parcel {number:02}")
    submitted(author, title="Part & parcel that is submitted")
    article(author, title="Whole")

    first = at(editor).get(url("desk_articles"), {"q": "part & parcel", "state": "draft"})
    (link,) = html.fromstring(first.content).xpath("//a[@rel='next']/@href")
    second = html.fromstring(at(editor).get(url("desk_articles") + link).content)

    assert second.xpath("//ul[@class='rows']/li/a/text()") == ["Part & parcel 50"]
    assert second.xpath("//a[@rel='next']") == []


def test_the_list_names_what_is_public_where_that_is_not_the_latest_version(at, author, editor, clinical, specialist):
    draft = article(author, title="Nodes")
    published(submitted(author, draft), editor, clinical, specialist)

    def row() -> str:
        (found,) = html.fromstring(at(editor).get(url("desk_articles")).content).xpath("//ul[@class='rows']/li")
        return " ".join(found.text_content().split())

    assert row() == "Nodes Published version 1"

    edit(draft, "Other words.", by=author)
    submitted(author, draft, change="minor", note="Words")
    assert row() == "Nodes Submitted version 2; version 1 is public"


@pytest.mark.parametrize("query", [{"q": "'\"%_\\"}, {"q": "\0"}, {"after": "x"}, {"after": "9" * 30}, {"state": "x"}])
def test_odd_questions_to_the_list_get_a_page(at, editor, query):
    assert at(editor).get(url("desk_articles"), query).status_code == 200


def queries(client, page) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_my_work_and_the_list_cost_the_same_for_one_and_for_many(at, author, editor, clinical, specialist):
    def one():
        under_review(submitted(author), editor, (clinical, "clinical"))
        submitted(author)
        article(author)
        approved(submitted(author), editor, clinical, specialist)
        first, _ = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
        decide(first)
        workflow.comment(first.review.version, actor=clinical, text="Look, @author and @editor.")

    def cost():
        return [
            queries(at(user), url(name)) for user in (author, editor, clinical) for name in ("desk", "desk_articles")
        ]

    one()
    few = cost()
    for _ in range(12):
        one()

    assert cost() == few


def test_the_page_of_a_review_costs_the_same_for_a_few_and_for_many(at, author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    section.body = "<p>Otherwise.</p>"
    save(section, author)
    version = submitted(author, draft, change="minor")
    under_review(version, editor, (clinical, "clinical"))
    workflow.comment(version, actor=clinical, text="First.")
    pages = [f"{url('desk_review', version.review.pk)}?changes", url("desk_article", draft.pk)]
    few = [queries(at(user), page) for user in (author, editor, clinical) for page in pages]

    for number in range(10):
        other = board_member(
            f"member{number}", f"Member {number}", ["clinical", "specialist"], specialties=["Oncology"]
        )
        under_review(version, editor, (other, "clinical"))
        thread = workflow.comment(version, actor=other, text=f"Comment {number}.")
        workflow.comment(version, actor=author, text="An answer.", thread=thread)

    assert [queries(at(user), page) for user in (author, editor, clinical) for page in pages] == few


def test_a_draft_costs_the_same_for_a_few_sections_and_for_many(at, author):
    draft = article(author)
    pages = [url("draft", draft.pk), url("draft_preview", draft.pk, "public")]
    few = [queries(at(author), page) for page in pages]

    for number in range(20):
        draft.sections.create(role="body", heading=f"Part {number}", body="<p>Words.</p>", position=number + 2)

    assert [queries(at(author), page) for page in pages] == few


def test_the_smaller_pages_cost_the_same_for_a_few_rows_and_for_many(at, author, editor, clinical, specialist):
    draft = article(author)
    version = published(submitted(author, draft), editor, clinical, specialist)
    section = draft.sections.get()
    workflow.issue_notice(version.article, actor=editor, kind="correction", reason="A word was missing.")
    cite(draft, "first", by=author)
    pages = [
        url("people", draft.pk),
        url("references", draft.pk),
        url("notices", draft.pk),
        url("disclaimers"),
        url("section", draft.pk, section.pk),
        url("wording", draft.pk, section.pk, "carer"),
    ]
    few = [queries(at(editor), page) for page in pages]

    for number in range(12):
        somebody = person(f"somebody{number}", groups=["author"])
        save(Authorship(article=draft, contributor=somebody.contributor, position=number), author)
        cite(draft, f"work{number}", by=author)
        workflow.issue_notice(version.article, actor=editor, kind="correction", reason=f"Word {number} was missing.")
        workflow.issue_disclaimer(Audience.objects.get(key="carer"), actor=editor, text=f"Text {number}.")
        draft.sections.create(role="body", heading=f"Part {number}", body="<p>Words.</p>", position=number + 2)

    assert [queries(at(editor), page) for page in pages] == few


def listed(client, heading) -> str:
    """Return what My work lists under a heading."""
    page = html.document_fromstring(client.get(url("desk")).content)
    sections = [one for one in page.xpath("//section") if heading in one.xpath("string(h2)")]
    return " ".join(" ".join(one.text_content() for one in sections).split())


def test_what_waits_to_be_published_is_listed_only_while_it_can_be(at, author, editor, clinical, specialist):
    draft = article(author, title="Lymph nodes")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    second = approved(submitted(author, draft), editor, clinical, specialist)
    assert "Lymph nodes version 2" in listed(at(editor), "Approved: publish")
    assert "Lymph nodes version 2" in listed(at(clinical), "Approved by you, not yet public")
    assert "version 1" not in listed(at(clinical), "Approved by you, not yet public")

    draft.refresh_from_db()
    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="Both are wrong.", versions=[1, 2])

    assert "Lymph nodes" not in listed(at(editor), "Approved: publish")
    assert second.published_at is None


def test_the_desk_says_of_a_work_that_it_was_retracted_since_only_where_that_is_so(at, author, editor):
    body = '<p>Nodes<cite data-ref="a">[a]</cite> filter<cite data-ref="b">[b]</cite>.</p>'
    draft = article(author, body=body)
    known = cite(draft, "a", by=author, status="retracted")
    known.although_retracted = "It is the study that this section corrects."
    save(known, author)
    later = cite(draft, "b", by=author).reference
    review = submitted(author, draft).review
    later.csl = {**later.csl, "status": "retracted"}
    later.save()

    page = text(at(editor).get(url("desk_review", review.pk)))

    said = "The reference [@b] (“Work b”) is retracted. The library did not say so when version 1 was submitted."
    assert said in " ".join(page.split())
    assert "The reference [@a] (“Work a”)" not in page


def test_a_story_that_is_cut_says_so(at, author, editor, monkeypatch):
    version = submitted(author)
    workflow.comment(version, actor=editor, text="One.")
    page = url("desk_article", version.article_id)
    monkeypatch.setattr("reviews.desk.article.timeline.MOST", 2)
    assert "These are the newest." not in text(at(editor).get(page))

    monkeypatch.setattr("reviews.desk.article.timeline.MOST", 1)

    assert "Only the newest events are shown. The earlier ones are in the ledger" in text(at(editor).get(page))


def test_an_approval_of_what_can_never_be_public_is_offered_to_nobody(at, author, editor, clinical, specialist):
    draft = article(author, title="Lymph nodes")
    first = approved(submitted(author, draft), editor, clinical, specialist).version
    mine = "Approved by you, not yet public"
    assert "Lymph nodes version 1" in listed(at(clinical), mine)
    edit(draft, "Lower doses.", by=author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Still lower doses.", by=author)
    [asked] = under_review(submitted(author, draft), editor, (clinical, "clinical"))

    assert mine not in text(at(clinical).get(url("desk")))
    workflow.recuse(asked, actor=clinical, reason="My brother made it.", conflict=True)
    assert at(clinical).get(url("desk_review", first.review.pk)).status_code == 403
