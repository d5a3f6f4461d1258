"""Every word that readers are shown is marked for translation, on every page and in every state of a text."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from reviews import workflow
from reviews.models import Quorum
from tests import factories
from tests.populated import READERS, TOKEN
from tests.pseudo import content, unmarked, wrapped

pytestmark = pytest.mark.once

PLAIN = ["/", "/articles/", "/articles/?letter=x", "/articles/?kind=question&letter=0-9", "/topics/", "/board/"]
PLAIN += ["/ledger/", "/notices/", "/glossary/", "/search/", "/search/?q=nodes", "/search/?q=xyzzy", "/search/?q=%21"]
PLAIN += ["/search/?q=lymph+nodes&kind=question", "/search/?q=lymph&topic=none", "/no/such/page/"]
PROGRAMS = {"article_markdown", "signed", "proof_file", "version_proof_file", "version_proof_at", "citation"}
PROGRAMS |= {
    "references_file",
    "version_file",
    "topic_feed",
    "sitemap_of",
    "delete_report",
    "delete_question",
    "password_reset_confirm",
}
ENDS = ["", "versions/", "versions/1/", "versions/1/changes/", "versions/2/", "versions/2/changes/", "proof/"]
ENDS += ["versions/1...2/", "versions/1/cite/", "versions/1/for/carer/helpful/", "for/carer/", "for/carer/ask/"]


@pytest.fixture
def in_every_state(world):
    """Return the addresses of articles: one under each kind of notice, one lifted, and one on each step."""
    author, editor, clinical, specialist = (
        User.objects.get(username=name) for name in ("author", "editor", "reviewer1", "reviewer2")
    )
    found = []
    for kind in ("retraction", "withdrawal", "removal", "concern", "correction", "lifted"):
        draft = factories.article(author, slug=f"under-{kind}", topics=("Oncology",))
        factories.cite(draft, by=author)
        factories.published(factories.submitted(author, draft), editor, clinical, specialist)
        factories.edit(draft, "They filter 5 mg of lymph.", by=author)
        factories.published(
            factories.submitted(author, draft, change="minor", note="A dose."), editor, clinical, specialist
        )
        notice = workflow.issue_notice(
            draft, actor=editor, kind="concern" if kind == "lifted" else kind, reason="A dose was wrong."
        )
        if kind == "lifted":
            workflow.issue_notice(draft, actor=editor, kind="concern", reason="The dose was right.", lifts=notice)
        found.append(draft)
    steps = [
        lambda version: version,
        lambda version: factories.under_review(version, editor, (clinical, "clinical")),
        lambda version: factories.approved(version, editor, clinical, specialist),
    ]
    Quorum.objects.create(kind="question", risk="standard", open_review=True)
    for number, step in enumerate(steps):
        draft = factories.article(author, slug=f"step-{number}", kind="question", topics=("Oncology",))
        step(factories.submitted(author, draft))
        found.append(draft)
    return [f"/articles/{draft.slug}/{end}" for draft in found for end in ENDS]


def test_every_word_that_readers_are_shown_is_marked(client, world, in_every_state):
    """To mend it: mark the words that are listed, as docs/developer.md says."""
    _, arguments = world
    named = {name: given for name, given in READERS.items() if name not in PROGRAMS}
    named["board_member"] = arguments["board_member"]
    named["public_notice"] = arguments["public_notice"]
    paths = [*PLAIN, *in_every_state, *(reverse(name, kwargs=given) for name, given in named.items())]
    typed = content("xyzzy", TOKEN)
    found = {}

    with wrapped():
        for path in paths:
            response = client.get(path, follow=True)
            if response["Content-Type"].startswith("text/html") and (
                words := unmarked(response.content.decode(), typed)
            ):
                found[path] = words

    assert found == {}, found


def test_every_word_of_what_readers_send_is_marked(client, world, settings):
    settings.EMERGENCY_NUMBER = "112"
    ask, report = (reverse(name, kwargs=READERS[name]) for name in ("ask", "report_error"))
    helpful, audience = reverse("helpful", kwargs=READERS["helpful"]), reverse("audience")
    sent = [
        (ask, {"question": ""}),
        (ask, {"question": "How do lymph nodes filter lymph?"}),
        (ask, {"question": "xyzzy"}),
        (ask, {"question": "xyzzy", "website": "filled in", "send": "1"}),
        (ask, {"question": "Chest pain and I cannot breathe", "send": "1", "once": "none"}),
        (report, {}),
        (report, {"text": "The dose is wrong.", "thought": "9", "section": "none"}),
        (report, {"text": "The dose is wrong.", "thought": "1", "once": "none"}),
        (helpful, {}),
        (helpful, {"helpful": "no"}),
        (helpful, {"helpful": "no", "about": "1"}),
        (helpful, {"helpful": "no", "about": "1", "text": "x" * 501}),
        (audience, {"audience": "nobody"}),
    ]
    typed = content("xyzzy", "How do lymph nodes filter lymph?", "Chest pain and I cannot breathe")
    found = {}

    with wrapped():
        for path, fields in sent:
            for headers in ({}, {"sec-fetch-site": "cross-site"}):
                response = client.post(path, fields, headers=headers, follow=True)
                if words := unmarked(response.content.decode(), typed):
                    found[path, tuple(fields.items()), *headers] = words

    assert found == {}, found


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ("<p>⟦Search⟧</p>", []),
        ("<p>⟦Search⟧ Articles</p>", ["Articles"]),
        ("<p>⟦Read <b>it</b> again⟧ – <b>Imprimatur</b></p>", []),
        ('<input placeholder="Search" aria-label="⟦Search⟧">', ["Search"]),
        ("<p>⟦Written by Arthur Author⟧</p>", []),
        ("<p>Arthur Author</p>", []),
        ("<p>Arthur</p>", ["Arthur"]),
        ("<article><p>What was signed.</p></article>", []),
    ],
)
def test_the_tool_finds_what_is_not_marked(page, left):
    assert unmarked(page, "Arthur Author\nLymph nodes filter lymph.") == left
