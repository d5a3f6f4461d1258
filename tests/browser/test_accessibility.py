"""Axe finds nothing on any page in any state of the demonstration, narrow and wide, light and dark."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import Article, Reference, Section, Version
from reviews import workflow
from reviews.demo.cast import PASSWORD
from reviews.models import Assignment, BoardMember, Review
from reviews.models.board.interests import Interest
from reviews.workflow.steps.interests.disclosing import Declared
from tests import factories
from tests.browser.hands import follow, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
}
OF_WIDTH_AND_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
WAYS = [  # the other rules see neither width together with colour, so two ways of looking suffice for them
    (320, "light", RULES),
    (1280, "light", OF_WIDTH_AND_COLOUR),
    (320, "dark", OF_WIDTH_AND_COLOUR),
    (1280, "dark", RULES),
]
AT_THE_DESK = [way for way in WAYS if way[2] is RULES]  # each width and each colour once: its pages are many


@pytest.fixture
def demonstration(settings):
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    settings.DEBUG = False
    return list(Article.objects.order_by("pk"))


def readers_pages(articles) -> list[str]:
    of_articles = []
    for article in articles:
        of_articles.append(f"/articles/{article.slug}/for/public/")
        of_articles.append(f"/articles/{article.slug}/for/professional/")
        if article.published_version:
            of_articles.append(f"/articles/{article.slug}/versions/")
            of_articles.append(f"/articles/{article.slug}/versions/1/")
            of_articles.append(f"/articles/{article.slug}/versions/1/proof/")
    general = [
        "/",
        "/articles/",
        "/topics/",
        "/topics/oncology/",
        "/glossary/",
        "/articles/sentinel-node-biopsy/versions/2/cite/",
        "/board/",
        "/notices/",
        "/notices/retraction/",
        "/ledger/",
        "/search/",
        "/search/?q=lymph",
        "/search/?q=sentinal+lymph&kind=topic&page=1",
        "/search/?q=lymph&topic=nowhere",
        "/articles/sentinel-node-biopsy/versions/1...2/",
    ]
    return [*general, "/search/?q=nothingfitsthis", *of_articles, "/nowhere/"]


def asking(reviews) -> list[str]:
    """Return the pages that ask reviewers, of those of the reviews that are under way."""
    pending = Review.objects.pending().filter(pk__in=reviews)
    return [f"/desk/reviews/{pk}/assignments/" for pk in pending.values_list("pk", flat=True)]


def library_pages() -> list[str]:
    known = Reference.objects.order_by("pk").values_list("pk", flat=True)[:1]
    return ["/desk/references/", *(f"/desk/references/{pk}/{page}" for pk in known for page in ("", "edit/"))]


def desk_pages(username: str) -> list[str]:
    reviews = Review.objects.order_by("pk").values_list("pk", flat=True)
    articles = Article.objects.order_by("pk").values_list("pk", flat=True)
    pages = [
        "/desk/",
        "/desk/inbox/",
        "/desk/calendar/",
        "/desk/time-zone/",
        "/desk/articles/",
        "/desk/password/",
        *([] if username.startswith(("reviewer", "pharm", "lay", "admin")) else library_pages()),
        *(f"/desk/articles/{pk}/" for pk in articles),
    ]
    pages += [f"/desk/reviews/{pk}/" for pk in reviews]
    if username == "reviewer2":
        read_again = Article.objects.listed().values_list("pk", flat=True)
        pages += [f"/desk/articles/{pk}/attestations/" for pk in read_again[:2]]
        return [
            *pages,
            "/desk/availability/",
            "/desk/disclosures/",
            *(f"/desk/reviews/{pk}/?changes" for pk in reviews),
        ]
    draft = (
        Article.objects.get(slug="lymph-nodes")
        if Article.objects.filter(slug="lymph-nodes")
        else Article.objects.first()
    )
    section = draft.sections.first()
    at = f"/desk/articles/{draft.pk}"
    pages += [
        f"{at}/{name}/"
        for name in ("write", "draft", "people", "references", "references/import", "notices", "preview/public")
    ]
    pages += [f"{at}/history/", f"{at}/history/changes/?from=version-1", f"{at}/history/changes/?from=nothing"]
    pages += [f"{at}/sections/new/", f"{at}/sections/{section.pk}/", f"{at}/sections/{section.pk}/for/carer/"]
    worded = Section.objects.filter(article__slug="lymph-nodes-and-cancer-spread", wordings__isnull=False).first()
    pages += [f"/desk/articles/{worded.article_id}/sections/{worded.pk}/{name}" for name in ("", "wordings/")]
    pages += [
        f"{at}/references/{row.pk}/{end}" for row in draft.article_references.all()[:1] for end in ("", "retracted/")
    ]
    if username == "editor":
        pages += [f"/desk/articles/{pk}/dossier/" for pk in articles[:3]]
        return [*pages, "/desk/disclaimers/", "/desk/questions/", "/desk/queue/", "/desk/dashboard/", *asking(reviews)]
    return [*pages, "/desk/articles/new/", "/desk/articles/import/"]


def findings(page, address, ways=WAYS) -> list[str]:
    """Return what axe says of a page in each way of looking at it, and where it is wider than the screen."""
    page.goto(address)
    return looked_at(page, address, ways)


def looked_at(page, address, ways=WAYS) -> list[str]:
    """Return the same of the page that is open now."""
    found = []
    for width, scheme, rules in ways:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options=rules)
        found += [
            f"{address} at {width} px, {scheme}: {violation['id']}: {node['html'][:160]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]
        if (over := page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) > 0:
            found.append(f"{address} at {width} px is {over} px too wide")
    return found


def test_the_readers_pages(visit, demonstration):
    page = visit(bypass_csp=True)
    pages = readers_pages(demonstration)

    found = [finding for address in pages for finding in findings(page, address)]

    assert found == []
    assert page.context.cookies() == []
    assert len(pages) > 25


@pytest.mark.parametrize("username", ["author", "editor", "reviewer2"])
def test_the_desk(visit, demonstration, username):
    page = visit(bypass_csp=True)
    found = findings(page, "/desk/sign-in/")
    sign_in(page, username, PASSWORD)

    pages = desk_pages(username)
    found += [finding for address in pages for finding in findings(page, address, AT_THE_DESK)]

    assert found == []
    assert len(pages) > 20


def test_a_request_that_is_not_answered(visit, demonstration):
    page = visit(bypass_csp=True)
    sign_in(page, "reviewer3", PASSWORD)
    asked = Assignment.objects.unanswered().get(reviewer__username="reviewer3")
    address = f"/desk/reviews/{asked.review_id}/"
    page.goto(address)
    page.get_by_text("Decline, or declare a conflict of interest").click()

    assert looked_at(page, address, AT_THE_DESK) == []
    follow(page.get_by_role("button", name="Decline this request"))
    expect(page.locator("[role=alert]")).to_have_count(1)
    assert looked_at(page, address, AT_THE_DESK) == []


def test_a_plan_for_a_disclosed_interest(visit, demonstration):
    asked = Assignment.objects.unanswered().get(reviewer__username="reviewer3")
    topics = list(asked.review.article.topics.all())
    shares = Declared("Sample Devices", Interest.Relation.STOCK, timezone.localdate(), topics=topics)
    workflow.disclose(asked.reviewer.board_member, actor=asked.reviewer, interests=[shares])
    address = f"/desk/reviews/{asked.review_id}/plans/{asked.reviewer_id}/"
    page = visit(bypass_csp=True)
    sign_in(page, "editor", PASSWORD)

    assert findings(page, address, AT_THE_DESK) == []
    follow(page.get_by_role("button", name="Record the plan"))
    expect(page.locator("[role=alert]")).to_have_count(1)
    assert looked_at(page, address, AT_THE_DESK) == []
    assert findings(page, "/desk/queue/", AT_THE_DESK) == []
    assert page.get_by_text("Mei Sample").count()


def test_what_the_checks_block_and_an_override(visit, demonstration):
    author = User.objects.get(username="author")
    draft = factories.article(author, title="Prescribing", body="<p>Never write 5.0 mg.</p>")
    page = visit(bypass_csp=True)
    sign_in(page, "editor", PASSWORD)
    address = f"/desk/articles/{draft.pk}/findings/"

    assert findings(page, address, AT_THE_DESK) == []
    page.get_by_text("Override this finding").click()
    follow(page.get_by_role("button", name="Sign and override"))
    expect(page.locator("[role=alert]")).to_have_count(1)
    assert looked_at(page, address, AT_THE_DESK) == []
    page.get_by_label("Why it does not hold here").fill("It quotes what it warns of.")
    page.get_by_label("Your password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign and override"))
    expect(page.get_by_text("Overridden by")).to_have_count(1)
    assert findings(page, address, AT_THE_DESK) == []


def test_the_question_before_a_retraction_keeps_what_was_typed(visit, demonstration):
    page = visit(bypass_csp=True)
    sign_in(page, "editor", PASSWORD)
    address = f"/desk/articles/{Article.objects.listed().order_by('pk').first().pk}/notices/"
    page.goto(address)
    page.get_by_label("Kind of notice").select_option("Retraction")
    page.get_by_label("Text of the notice").fill("The dose is wrong.\n\nIt is 0.5 mg.")
    follow(page.get_by_role("button", name="Issue notice"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Retraction: what readers will see", use_inner_text=True)
    expect(page.locator(".notice p")).to_have_text(["The dose is wrong.", "It is 0.5 mg."], use_inner_text=True)
    assert looked_at(page, address, AT_THE_DESK) == []
    follow(page.get_by_role("button", name="Change it"))
    expect(page.get_by_label("Text of the notice")).to_have_value("The dose is wrong.\n\nIt is 0.5 mg.")
    follow(page.get_by_role("button", name="Issue notice"))
    page.get_by_role("button", name="Issue the notice: Retraction").press("Enter")
    expect(page.get_by_text("The notice is public.")).to_be_visible()


def pages_of_the_administration() -> list[str]:
    account = User.objects.get(username="editor").pk
    member = BoardMember.objects.order_by("pk").first().pk
    version = Version.objects.order_by("pk").first().pk
    article = Article.objects.get(slug="lymph-nodes-and-cancer-spread").pk
    return [
        "/admin/",
        "/admin/auth/user/",
        f"/admin/auth/user/{account}/change/",
        "/admin/auth/group/",
        "/admin/articles/article/",
        f"/admin/articles/article/{article}/history/",
        "/admin/articles/topic/add/",
        f"/admin/articles/version/{version}/change/",
        "/admin/reviews/boardmember/",
        f"/admin/reviews/boardmember/{member}/change/",
        f"/admin/reviews/boardmember/{member}/history/",
        "/admin/reviews/disclosure/add/",
        "/admin/reviews/review/",
        "/admin/reviews/ledgerevent/",
    ]


def test_the_administration(visit, demonstration):
    """Django's own pages, by the standard; what axe calls best practice is Django's to decide."""
    page = visit(bypass_csp=True)
    sign_in(page, "admin", PASSWORD)
    standard = {
        "runOnly": {"type": "tag", "values": RULES["runOnly"]["values"][:-1]},
        "rules": {
            **RULES["rules"],
            "aria-input-field-name": {"enabled": False},
        },  # a fault of Select2 in Django's admin
    }

    found = []
    for address in pages_of_the_administration():
        for width, scheme in ((320, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            answer = page.goto(address)
            assert (answer.status, urlsplit(answer.url).path) == (200, address)
            results = Axe().run(page, options=standard)
            found += [
                f"{address} at {width} px, {scheme}: {violation['id']}: {node['html'][:160]}"
                for violation in results.response["violations"]
                for node in violation["nodes"]
            ]

    assert found == []


def test_a_refused_form_is_as_good(visit, demonstration):
    page = visit(bypass_csp=True)
    sign_in(page, "author", PASSWORD)
    page.goto("/desk/articles/new/")
    follow(page.locator("main button").first)

    results = Axe().run(page, options=RULES)

    expect(page.locator("[role=alert]")).to_have_count(1)
    assert [violation["id"] for violation in results.response["violations"]] == []
