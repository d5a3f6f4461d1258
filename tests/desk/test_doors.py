"""
Whatever door a text comes in by: nothing hostile in it is stored as HTML, and no page shows it as HTML.

`tests/browser/test_doors.py` looks on in Chromium while the same texts are opened, pasted and previewed.
"""

import json
import re
from contextlib import suppress

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from lxml.html import document_fromstring

from articles.desk.typed import from_typed
from articles.desk.typed.pasted import from_pasted
from articles.models import Article, Audience, Section, Wording
from articles.text import richtext
from tests.articles.hostile import PAYLOADS
from tests.desk.pages import url
from tests.desk.test_autosave import keep
from tests.desk.test_history import restorations
from tests.desk.test_hostile import FORMS, RIGHT
from tests.desk.test_two_writers import conflict
from tests.desk.test_writing import Opened
from tests.factories import article, cite, person, save
from tests.populated import browser

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOSTILE = [
    '"><script>alert(1)</script>',
    "</textarea></title></script><script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    '<p><a href="javascript:alert(1)">x</a></p>',
    "<p style='background:url(http://evil.example/x)'>x</p>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<table><tr><td onfocus=alert(1) tabindex=0 autofocus>x</td></tr></table>",
]
AS_ADDRESS = "javascript:alert(1)"
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcdoc", "background", "xlink:href"}
RUNS = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data|blob):", re.IGNORECASE)


def harm(page: str) -> list[str]:
    """Return what of a page would run, load or hide something, and is none of the site's own."""
    found = []
    for element in document_fromstring(page).iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            runs = name in ADDRESSES and RUNS.match(value)
            if name.startswith("on") or runs or (name == "style" and "evil" in value):
                found.append(f"{element.tag} {name}={value[:80]}")
        text = element.text or ""
        hostile = "<" if "json" in element.get("type", "") else "alert"
        if element.tag in ("script", "style") and hostile in text:
            found.append(f"{element.tag}: {text[:80]}")
        is_preview = element.tag == "iframe" and element.get("name") == "preview"
        if element.tag in ("iframe", "object", "embed", "base", "link", "img") and not is_preview:
            where = "".join(element.get(name, "") for name in ("src", "href", "data"))
            found += [element.tag] * (not where.startswith("/"))
    return found


def not_canonical() -> list[str]:
    """Return the stored texts that are not as the one reader of rich text writes them."""
    bodies = [*Section.objects.values_list("body", flat=True), *Wording.objects.values_list("body", flat=True)]
    return [body for body in bodies if richtext.clean(body) != body]


class Site:
    """A draft with a wording and a reference, its author at the desk, and all pages that show it."""

    def __init__(self, at, author):
        self.author, self.client, self.at = author, at(author), at
        self.draft = article(author, title="Nodes", slug="nodes")
        cite(self.draft, by=author)
        self.section = self.draft.sections.get()
        carer = Audience.objects.get(key="carer")
        save(Wording(section=self.section, audience=carer, body="<p>Give it.</p>"), author)

    def pages(self) -> list[str]:
        pk = self.draft.pk
        at_section = (pk, self.section.pk)
        return [
            url("desk_article", pk), url("draft", pk), url("write", pk), url("references", pk), url("people", pk),
            url("draft_history", pk), url("section", *at_section),
            url("wordings", *at_section), url("wording", *at_section, "carer"), url("draft_preview", pk, "public"),
            f"{url('draft_preview', pk, 'public')}?page", f"{url('draft_preview', pk, 'carer')}?page",
            f"{url('write', pk)}?text=kept", "/desk/", "/desk/articles/",
        ]  # fmt: skip

    def post(self, address, **fields):
        return self.client.post(address, fields)


def opened(site):
    return Opened(site.client, site.draft)


def by_the_section(site, text):
    address, right = url("section", site.draft.pk, site.section.pk), {"role": "body", "position": 1}
    yield site.post(address, **right, heading="Why", body=text)
    yield site.post(address, **right, heading=text, body="Words.")
    yield site.post(url("section_create", site.draft.pk), **right, heading="New", body=text)


def by_the_wording(site, text):
    address = url("wording", site.draft.pk, site.section.pk, "carer")
    yield site.post(address, heading="", body=text)
    yield site.post(address, heading=text, body="Words.")


def by_the_page_of_the_draft(site, text):
    part = f"s{site.section.pk}"
    for name in ("article-title", "article-ai_note", f"{part}-heading", f"{part}-body", f"{part}-carer-body"):
        yield opened(site).type(**{name: text}).send()
    page = opened(site)
    page.send("add:section")
    yield page.type(n1__heading=text, n1__body=text).send()


def by_the_details_of_the_draft(site, text):
    right = {"slug": "nodes", "kind": "topic", "language": "en", "risk": "standard", "ai_use": "assisted"}
    right["written_for"] = site.draft.written_for_id
    yield site.post(url("draft", site.draft.pk), **right, title=text)
    yield site.post(url("draft", site.draft.pk), **right, title="Nodes", ai_note=text)
    yield site.post(url("draft_create"), **{**right, "slug": "other"}, title=text)


def by_the_clipboard(site, text):
    for field in ("pasted", "typed"):
        answer = site.post(url("typed", site.draft.pk), **{field: text})
        html = answer.json().get("html", "")
        assert harm(f"<div>{html}</div>") == []
        yield answer


def by_a_reference(site, text):
    right = {"key": "k1", "type": "webpage", "title": "A work"}
    for name in ("key", "title", "authors", "container", "publisher", "page", "url", "doi"):
        yield site.post(url("references", site.draft.pk), **{**right, "key": f"k{name}", name: text})
    yield site.client.get(url("citations", site.draft.pk), {"q": text})
    yield site.client.get(url("links", site.draft.pk), {"q": text})


def by_a_file(site, text):
    head = "---\ntitle: {title}\nlanguage: en\nwritten_for: public\nai_use: none\n---\n"
    for title, body in (("Fever", f"## Why\n\n{text}\n"), ("Fever", f"## {text}\n\nWords.\n"), (text, "Words.")):
        written = head.format(title=json.dumps(title)) + body
        yield site.post(url("draft_import"), file=SimpleUploadedFile("a.md", written.encode()))


def by_an_older_text(site, text):
    """As an older release, or a hand at the database, may have left it in the history."""
    site.section.body = text
    save(site.section, site.author)
    site.section.body = "<p>Words.</p>"
    save(site.section, site.author)
    older = site.section.history.order_by("history_id")[1]
    changes = site.client.get(
        url("draft_changes", site.draft.pk), {"from": f"{older.history_date:%Y-%m-%dT%H:%M:%S.%fZ}"}
    )
    yield changes
    for fields in restorations(changes).values():
        yield site.post(url("restore", site.draft.pk), **fields)


def by_a_text_that_was_kept(site, text):
    part = f"s{site.section.pk}"
    page = opened(site).type(**{"article-title": text, f"{part}-heading": text, f"{part}-body": text})
    keep(page, part=part)
    yield site.client.get(url("write", site.draft.pk))
    taken = site.client.get(f"{url('write', site.draft.pk)}?text=kept")
    yield taken
    page.show(taken)
    yield page.send()


def by_a_choice_between_two(site, text):
    part = f"s{site.section.pk}"
    mine, other = opened(site), Opened(site.at(person("other", groups=["editor"])), site.draft)
    other.type(**{f"{part}__body": "Theirs.", f"{part}__heading": "Theirs", "article__title": "Theirs"}).send()
    mine.type(**{f"{part}__body": text, f"{part}__heading": text, "article__title": text})
    asked = mine.send()
    assert asked.status_code == 409
    yield asked
    fields = conflict(mine.page)
    for code in fields["undecided"]:
        fields[f"choice|{code}"], fields[f"both|{code}"] = ["both"], [text]
    yield mine.client.post(mine.address, fields)


def by_the_preview(site, text):
    fields = {"role": "body", "heading": text, "body": text, "position": 1}
    for what, sent in (("section", fields), ("section", {**fields, "body": "Words."}), ("wording", fields)):
        query = f"of={what}&section={site.section.pk}&readers=carer"
        for readers in ("public", "carer"):
            yield site.client.post(f"{url('draft_preview', site.draft.pk, readers)}?{query}", sent)
    page = opened(site).type(**{f"s{site.section.pk}__body": text, "article__title": text})
    yield site.client.post(f"{url('draft_preview', site.draft.pk, 'public')}?of=write", dict(page.fields))


DOORS = [
    by_the_section, by_the_wording, by_the_page_of_the_draft, by_the_details_of_the_draft, by_the_clipboard,
    by_a_reference, by_a_file, by_an_older_text, by_a_text_that_was_kept, by_a_choice_between_two, by_the_preview,
]  # fmt: skip


@pytest.fixture
def site(at, author):
    return Site(at, author)


@pytest.mark.parametrize("door", DOORS)
def test_nothing_hostile_is_stored_or_shown(site, door):
    wrong, statuses = [], set()
    for text in [*HOSTILE, AS_ADDRESS]:
        before = transaction.savepoint()
        for answer in door(site, text):
            statuses.add(answer.status_code)
            if "html" in answer.headers["Content-Type"] and answer.content:
                wrong += [(text, answer.status_code, each) for each in harm(answer.content.decode())]
        for address in site.pages():
            shown = site.client.get(address)
            assert shown.status_code == 200, address
            wrong += [(text, address, each) for each in harm(shown.content.decode())]
        for draft in Article.objects.exclude(pk=site.draft.pk):
            wrong += [(text, "new", each) for each in harm(site.client.get(url("draft", draft.pk)).content.decode())]
        wrong += [(text, "stored", each) for each in not_canonical()]
        transaction.savepoint_rollback(before)

    assert wrong == []
    assert statuses <= {200, 302, 409, 422}


def test_a_text_with_anything_hostile_is_refused_or_becomes_plain():
    """All payloads there are, by the two readers of what comes to the desk as HTML."""
    stored = 0
    for text in PAYLOADS:
        found = []
        for read in (from_typed, lambda text: from_pasted(text, keys=frozenset())[0]):
            with suppress(ValidationError):
                found.append(read(text))
        for html in found:
            assert richtext.clean(html) == html, text
            assert harm(f"<div>{html}</div>") == [], text
        stored += len(found)
    assert stored > 100


@pytest.mark.parametrize("name", FORMS)
def test_no_form_of_the_desk_shows_what_was_typed_as_html(world, name):
    people, arguments = world
    actor, fields = FORMS[name]
    client, page = browser(people, actor), reverse(name, kwargs=arguments.get(name))
    base = {field: RIGHT[field] for field in fields if field in RIGHT}

    wrong = []
    for field in fields:
        for text in HOSTILE[:2]:
            before = transaction.savepoint()
            answer = client.post(page, {**base, field: text}, follow=True)
            if "html" in answer.headers.get("Content-Type", ""):
                wrong += [(field, text, each) for each in harm(answer.content.decode())]
            transaction.savepoint_rollback(before)

    assert wrong == []


def pages_of_the_administration() -> list[str]:
    return sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)


@pytest.mark.parametrize("name", pages_of_the_administration())
def test_no_form_of_the_administration_shows_or_stores_it_as_html(world, name):
    people, _ = world
    client, wrong = browser(people, "admin"), []
    form = client.get(reverse(f"admin:{name}_add"))
    if form.status_code != 200:
        assert form.status_code == 403, "this page only shows"
        return
    document = document_fromstring(form.content)
    entries = document.xpath("//form[contains(@id, '_form')]//*[self::input or self::textarea or self::select][@name]")
    fields = {each.get("name"): each.value for each in entries if isinstance(each.value, str)}
    typed = [
        each.get("name") for each in entries if each.tag == "textarea" or each.get("type") in ("text", "url", None)
    ]

    for text in HOSTILE[:2]:
        before = transaction.savepoint()
        for field in typed:
            answer = client.post(reverse(f"admin:{name}_add"), {**fields, field: text}, follow=True)
            wrong += [(field, each) for each in harm(answer.content.decode())]
        answer = client.post(reverse(f"admin:{name}_add"), {**fields, **dict.fromkeys(typed, text)}, follow=True)
        wrong += [("all", each) for each in harm(answer.content.decode())]
        wrong += [("list", each) for each in harm(client.get(reverse(f"admin:{name}_changelist")).content.decode())]
        transaction.savepoint_rollback(before)

    assert wrong == []
