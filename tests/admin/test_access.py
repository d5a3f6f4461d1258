"""Who comes in, and that evidence is only read."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from articles.models import Article
from articles.models.people import Role
from reviews.models import Review
from tests.admin.registry import MAINTAINED, OURS, READ, address, label, some_row
from tests.factories import rows

pytestmark = pytest.mark.once  # who comes in is decided before the database is asked for a row

PAGES = ("changelist", "add", "change", "delete", "history")
NOBODY_ELSE = "Only administrators can open these pages."


def page_of(model, page):
    return address(model, page, None if page in ("changelist", "add") else some_row(model))


@pytest.mark.parametrize("name", ["author", "editor", "clinical", "superuser", "deactivated"])
def test_nobody_but_an_administrator_comes_in(name, full, client, superuser, boss):
    if name == "deactivated":
        boss.is_active = False
        boss.save()
    people = {**full.people, "superuser": superuser, "deactivated": boss}
    client.force_login(people[name])
    before = rows()

    for model in OURS:
        for page in PAGES:
            asked, sent = client.get(page_of(model, page)), client.post(page_of(model, page), {"post": "yes"})
            for answer in (asked, sent):
                if name == "deactivated":
                    assert (asked.status_code, sent.status_code) == (302, 403)
                    assert asked["Location"].startswith("/desk/sign-in/")
                    assert "Your session has expired." in sent.content.decode()
                else:
                    assert answer.status_code == 403
                    assert NOBODY_ELSE in answer.content.decode()

    assert rows() == before


def test_who_is_not_signed_in_is_sent_to_the_one_sign_in_page(full, client):
    for model in OURS:
        for page in PAGES:
            assert client.get(page_of(model, page)).status_code == 302

    answer = client.get("/admin/reviews/ledgerprivate/", follow=True)

    assert answer.redirect_chain[-1][0] == "/desk/sign-in/?next=/admin/reviews/ledgerprivate/"


def test_a_permission_opens_nothing(client, full):
    author = full.author
    author.is_staff = True
    author.save()
    author.user_permissions.set(Permission.objects.all())
    client.force_login(author)

    assert client.get("/admin/").status_code == 403


def test_the_role_opens_everything_without_staff_or_permissions(at_admin, boss):
    assert not boss.is_staff
    assert at_admin.get("/admin/").status_code == 200


def test_the_role_is_asked_for_at_every_request(at_admin, boss):
    assert at_admin.get("/admin/").status_code == 200

    boss.groups.clear()

    assert at_admin.get("/admin/").status_code == 403


def test_an_administrator_is_led_from_the_old_sign_in_page_inside(at_admin, client, full):
    assert at_admin.get("/admin/login/").headers["Location"] == "/admin/"

    client.force_login(full.author)

    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_page_offers_an_administrator_what_is_declared(model, full, at_admin):
    offered = MAINTAINED.get(model, set())

    found = {page: at_admin.get(page_of(model, page)).status_code for page in ("add", "delete")}
    change = at_admin.get(page_of(model, "change"))

    assert found == {page: 200 if page in offered else 403 for page in ("add", "delete")}
    assert change.status_code == 200
    assert ('name="_save"' in change.content.decode()) == ("change" in offered)


@pytest.mark.parametrize("model", READ, ids=label)
def test_nothing_that_is_posted_to_a_page_of_evidence_changes_a_row(model, full, at_admin):
    row = some_row(model)
    fields = {field.name: "1" for field in model._meta.concrete_fields}
    before = rows()

    answers = [
        at_admin.post(address(model, "add"), fields),
        at_admin.post(address(model, "change", row), {**fields, "_save": "Save"}),
        at_admin.post(address(model, "delete", row), {"post": "yes"}),
        at_admin.post(address(model, "changelist"), {"action": "delete_selected", "_selected_action": row.pk}),
        at_admin.post(address(model, "changelist"), {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "_save": "Save"}),
    ]

    assert [answer.status_code for answer in answers[:3]] == [403, 403, 403]
    assert all(answer.status_code in (200, 302, 403) for answer in answers)
    assert rows() == before


@pytest.mark.parametrize("model", OURS, ids=label)
def test_no_list_deletes_in_bulk(model, full, at_admin):
    before = rows(), get_user_model().objects.count(), Group.objects.count()
    posted = {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in model._base_manager.all()[:5]],
        "post": "yes",
    }

    at_admin.post(address(model, "changelist"), posted)

    assert (rows(), get_user_model().objects.count(), Group.objects.count()) == before


@pytest.mark.parametrize("model", [model for model in OURS if hasattr(model, "history")], ids=label)
def test_history_is_shown_and_never_put_back(model, full, at_admin):
    """The library itself saves what is posted to its page of an older state, its revert switched off or not."""
    record = model.history.order_by("history_id").first()
    path = f"{address(model, 'changelist')}{getattr(record, model._meta.pk.attname)}/history/{record.history_id}/"
    before = rows()

    shown = at_admin.get(path)
    put_back = at_admin.post(path, {"_save": "Revert"})

    assert shown.status_code == 200
    assert "Revert" not in shown.content.decode()
    assert put_back.status_code == 403
    assert "History is read here" in put_back.content.decode()
    assert rows() == before


def test_the_history_of_a_row_that_is_gone_can_be_read(full, at_admin):
    gone = full.articles["nodes"].sections.model.history.filter(history_type="-").first()

    assert at_admin.get(f"/admin/articles/section/{gone.id}/history/").status_code == 200


def test_suggestions_are_for_administrators_only(full, client, at_admin):
    asked = [
        {"app_label": "reviews", "model_name": "ledgerprivate", "field_name": "event"},
        {"app_label": "articles", "model_name": "contributor", "field_name": "user"},
        {"app_label": "reviews", "model_name": "specialty", "field_name": "topic"},
    ]
    assert [at_admin.get("/admin/autocomplete/", query).status_code for query in asked] == [200, 200, 200]
    assert at_admin.get("/admin/autocomplete/", {**asked[1], "term": "\0"}).status_code == 400
    assert at_admin.get("/admin/autocomplete/").status_code == 403

    client.force_login(full.editor)

    assert [client.get("/admin/autocomplete/", query).status_code for query in asked] == [403, 403, 403]


def test_an_administrator_who_also_reviews_takes_no_step_here(full, at_admin, boss):
    """Both roles, and still no page of the admin writes a status or a pointer."""
    boss.groups.add(Group.objects.get(name=Role.EDITOR.group), Group.objects.get(name=Role.REVIEWER.group))
    before = rows()

    for model in (Article, Review):
        row = some_row(model)
        at_admin.post(address(model, "change", row), {"status": "approved", "published_version": "1"})

    assert rows() == before


INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\s(?:style|on[a-z]+)=\"", re.IGNORECASE)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_the_content_security_policy_stands_in_no_pages_way(model, full, at_admin):
    """It allows neither scripts nor styles in the page itself."""
    for page in PAGES:
        answer = at_admin.get(page_of(model, page))

        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert INLINE.findall(answer.content.decode()) == [], page
