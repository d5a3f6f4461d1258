"""
Every address of the site, what each kind of person is answered there, and nothing undeclared.

The table names for each address who is shown the page (GET) and what an empty form (POST) is answered; HEAD answers
as GET does, and PUT, PATCH and DELETE are no way in anywhere. An address that is not in the table fails the test.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.populated import browser

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who is answered what is decided before any query of a page

ACTORS = ("anonymous", "deactivated", "author", "other author", "editor", "asked", "not asked", "admin", "superuser")
STRANGERS = ("anonymous", "deactivated")
EVERYBODY = dict.fromkeys(ACTORS, 200)
PAGE = (EVERYBODY, 405)
LED_ON = (dict.fromkeys(ACTORS, 302), 405)
FORM_FOR_READERS = (dict.fromkeys(ACTORS, 302), dict.fromkeys(ACTORS, 302))


def only(answer, *who, otherwise, strangers=302):
    """Return the answers: this one for these people, `otherwise` for the others who are signed in."""
    return {actor: strangers if actor in STRANGERS else answer if actor in who else otherwise for actor in ACTORS}


SIGNED_IN = only(200, otherwise=200)
SEES = ("author", "editor", "asked", "admin")
WRITES = ("author", "editor")
SEEN = only(200, *SEES, otherwise=404)
WRITTEN = only(200, *WRITES, otherwise=404)
STEP = only(422, *SEES, otherwise=404)  # whoever sees the page; who may take the step is told by the workflow's table
PART = only(422, *WRITES, otherwise=404)
AUTHORS = only(200, "author", "other author", otherwise=403)
AUTHORS_FORM = only(422, "author", "other author", otherwise=403)
NO_PAGE = only(405, otherwise=405)
LEADS_BACK = only(302, *SEES, otherwise=404)  # opened, not sent: to the page that the form stands on
LEADS_A_WRITER_BACK = only(302, *WRITES, otherwise=404)
LEADS_AN_EDITOR_BACK = only(302, "editor", "admin", otherwise=403)

LIBRARY = only(200, "author", "other author", "editor", otherwise=403)
LIBRARY_FORM = only(422, "author", "other author", "editor", otherwise=403)
EDITORS = only(200, "editor", otherwise=403)
EDITORS_FORM = only(422, "editor", otherwise=403)

RECORDS = only(403, "author", "asked", otherwise=404) | dict.fromkeys(("editor", "admin"), 200)
ASKED = only(403, "author", "asked", otherwise=404) | dict.fromkeys(("editor", "admin"), 302)
PLAN = dict.fromkeys(("author", "asked", "admin"), 403)  # they see the review, and no more

TABLE = {  # name: (GET, POST of an empty form)
    "home": PAGE,
    "articles": PAGE,
    "article": LED_ON,
    "article_for": PAGE,
    "article_markdown": PAGE,
    "article_pdf": PAGE,
    "article_saved": PAGE,
    "version_file": PAGE,
    "llms": PAGE,
    "versions": PAGE,
    "version": PAGE,
    "changes": PAGE,
    "choose_comparison": (dict.fromkeys(ACTORS, 422), 405),
    "comparison": PAGE,
    "comparison_for": PAGE,
    "signed": PAGE,
    "proof": PAGE,
    "proof_file": PAGE,
    "version_proof": PAGE,
    "version_proof_file": PAGE,
    "version_proof_at": PAGE,
    "board": PAGE,
    "board_member": PAGE,
    "ledger": PAGE,
    "ledger_checkpoint": PAGE,
    "ledger_checkpoint_at": LED_ON,
    "ledger_newest_checkpoint": PAGE,
    "ledger_export": PAGE,
    "ledger_export_at": LED_ON,
    "ledger_newest_export": LED_ON,
    "ledger_verifier": PAGE,
    "search": PAGE,
    "search_suggestions": PAGE,
    "feed": PAGE,
    "public_notices": PAGE,
    "public_notices_of": PAGE,
    "public_notice": PAGE,
    "notices_feed": PAGE,
    "topic_feed": PAGE,
    "sitemap": PAGE,
    "sitemap_of": PAGE,
    "robots": PAGE,
    "security": (dict.fromkeys(ACTORS, 404), 405),  # the operator of this site names nobody
    "icon": LED_ON,
    "topics": PAGE,
    "topic": PAGE,
    "picture": PAGE,
    "editorial_policy": LED_ON,
    "audience": FORM_FOR_READERS,
    "ask": (EVERYBODY, dict.fromkeys(ACTORS, 422)),
    "answers": (dict.fromkeys(ACTORS, 410), 405),  # of an address that opens no more
    "question_status": PAGE,
    "delete_question": (dict.fromkeys(ACTORS, 302), EVERYBODY),
    "glossary": PAGE,
    "cite": PAGE,
    "citation": PAGE,
    "references_file": (dict.fromkeys(ACTORS, 404), 405),  # of a text that cites nothing
    "helpful": (EVERYBODY, dict.fromkeys(ACTORS, 422)),
    "report_error": (EVERYBODY, dict.fromkeys(ACTORS, 422)),
    "report_status": PAGE,
    "delete_report": (dict.fromkeys(ACTORS, 302), EVERYBODY),
    "calendar_feed": PAGE,
    "healthz": PAGE,
    "metrics": (only(404, otherwise=404, strangers=404), only(405, otherwise=405, strangers=405)),
    "desk": (SIGNED_IN, only(405, otherwise=405)),
    "sign_in": (only(302, otherwise=302, strangers=200), only(302, otherwise=302, strangers=422)),
    "sign_out": (NO_PAGE, only(302, otherwise=302)),
    "password_change": (SIGNED_IN, only(200, otherwise=200)),
    "password_change_done": (only(302, otherwise=302), NO_PAGE),
    "password_reset": (EVERYBODY, EVERYBODY),
    "password_reset_done": PAGE,
    "password_reset_confirm": (EVERYBODY, EVERYBODY),
    "password_reset_complete": PAGE,
    "inbox": (SIGNED_IN, NO_PAGE),
    "calendar": (SIGNED_IN, NO_PAGE),
    "make_calendar_address": (only(302, otherwise=302), only(200, otherwise=200)),
    "revoke_calendar_address": (only(302, otherwise=302), only(302, otherwise=302)),
    "choose_emails": (only(302, otherwise=302), only(422, otherwise=422)),
    "read_all": (only(302, otherwise=302), only(302, otherwise=302)),
    "open_message": (only(302, "editor", otherwise=404), NO_PAGE),
    "queue": (only(200, "editor", otherwise=403), NO_PAGE),
    "save_view": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "remove_view": (only(302, "editor", otherwise=403), only(302, "editor", otherwise=403)),
    "queue_steps": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "dashboard": (only(200, "editor", "admin", otherwise=403), NO_PAGE),
    "dashboard_table": (only(200, "editor", "admin", otherwise=403), NO_PAGE),
    "time_zone": (SIGNED_IN, only(422, otherwise=422)),
    "availability": (only(200, "asked", "not asked", otherwise=403), only(302, "asked", "not asked", otherwise=403)),
    "disclosures": (only(200, "asked", "not asked", otherwise=403), only(422, "asked", "not asked", otherwise=403)),
    "renew_disclosure": (
        only(302, "asked", "not asked", otherwise=403),
        only(422, "asked", "not asked", otherwise=403),
    ),
    "add_absence": (only(302, "asked", "not asked", otherwise=403), only(422, "asked", "not asked", otherwise=403)),
    "remove_absence": (
        only(302, "asked", "not asked", otherwise=403),
        only(302, "asked", otherwise=403) | {"not asked": 404},
    ),
    "findings": (only(200, "author", "editor", otherwise=404) | {"admin": 403}, NO_PAGE),
    "override": (
        only(302, "author", "editor", otherwise=404) | {"admin": 403},
        only(422, "author", "editor", otherwise=404) | {"admin": 403},
    ),
    "take_back_override": (
        only(302, "author", "editor", otherwise=404) | {"admin": 403},
        only(422, "author", "editor", otherwise=404) | {"admin": 403},
    ),
    "record_plan": (only(200, "editor", otherwise=404) | PLAN, only(422, "editor", otherwise=404) | PLAN),
    "close_task": (only(302, otherwise=302), only(422, *SEES, otherwise=404)),
    "draft_create": (AUTHORS, AUTHORS_FORM),
    "draft_import": (
        only(200, "author", "other author", otherwise=403),
        only(422, "author", "other author", otherwise=403),
    ),
    "draft": (WRITTEN, PART),
    "write": (WRITTEN, PART),
    "autosave": (WRITTEN, PART),
    "draft_checks": (WRITTEN, PART),
    "draft_preview": (WRITTEN, PART),
    "draft_history": (WRITTEN, NO_PAGE),
    "draft_changes": (only(422, *WRITES, otherwise=404), NO_PAGE),  # nothing is chosen
    "wordings": (WRITTEN, NO_PAGE),
    "differing_doses": (NO_PAGE, PART),
    "restore": (LEADS_A_WRITER_BACK, PART),
    "section_create": (WRITTEN, PART),
    "section": (WRITTEN, PART),
    "section_remove": (LEADS_A_WRITER_BACK, only(302, *WRITES, otherwise=404)),
    "section_move": (LEADS_A_WRITER_BACK, only(302, *WRITES, otherwise=404)),
    "wording": (WRITTEN, PART),
    "typed": (NO_PAGE, PART),
    "citations": (WRITTEN, PART),
    "links": (WRITTEN, NO_PAGE),
    "people": (WRITTEN, PART),
    "person_remove": (LEADS_A_WRITER_BACK, only(302, *WRITES, otherwise=404)),
    "references": (WRITTEN, PART),
    "figures": (WRITTEN, PART),
    "figure_choice": (WRITTEN, PART),
    "figure": (WRITTEN, PART),
    "figure_remove": (LEADS_A_WRITER_BACK, only(302, *WRITES, otherwise=404)),
    "reference_import": (WRITTEN, PART),
    "reference_export": (WRITTEN, NO_PAGE),
    "draft_file": (WRITTEN, NO_PAGE),
    "library": (LIBRARY, NO_PAGE),
    "library_work": (LIBRARY, NO_PAGE),
    "library_work_edit": (LIBRARY, LIBRARY_FORM),
    "library_work_merge": (
        only(302, "author", "other author", "editor", otherwise=403),
        EDITORS_FORM,
    ),
    "reference": (WRITTEN, PART),
    "although_retracted": (WRITTEN, LEADS_A_WRITER_BACK),
    "reference_remove": (LEADS_A_WRITER_BACK, only(302, *WRITES, otherwise=404)),
    "desk_articles": (SIGNED_IN, NO_PAGE),
    "desk_article": (SEEN, NO_PAGE),
    "submit": (LEADS_BACK, STEP),
    "notices": (SEEN, STEP),
    "dossier": (RECORDS, NO_PAGE),
    "ask_for_archive": (ASKED, ASKED),
    "dossier_archive": (RECORDS, NO_PAGE),
    "attestations": (only(200, *SEES, "not asked", otherwise=404), only(422, *SEES, "not asked", otherwise=404)),
    "lift_notice": (LEADS_BACK, only(422, "author", "editor", "asked", "admin", otherwise=404)),
    "desk_review": (SEEN, NO_PAGE),
    "desk_version_file": (SEEN, NO_PAGE),
    "read_changes": (LEADS_BACK, LEADS_BACK),
    "assign": (only(403, "author", "asked", "admin", otherwise=404) | {"editor": 200}, STEP),
    "recall": (LEADS_BACK, STEP),
    "decline": (LEADS_BACK, STEP),
    "declare_urgent": (LEADS_BACK, STEP),
    "end_round": (LEADS_BACK, only(403, "author", "asked", "admin", otherwise=404) | {"editor": 409}),
    "withdraw_approval": (LEADS_BACK, STEP),
    "publish": (LEADS_BACK, only(403, "author", "asked", "admin", otherwise=404) | {"editor": 409}),
    "schedule": (LEADS_BACK, STEP),
    "cancel_schedule": (LEADS_BACK, only(422, "author", "editor", "asked", "admin", otherwise=404)),
    "decide": (LEADS_BACK, STEP),
    "keep_answers": (LEADS_BACK, only(403, *SEES, otherwise=404) | {"asked": 302}),
    "accept": (LEADS_BACK, only(403, "author", "editor", "admin", otherwise=404) | {"asked": 302}),
    "recuse": (LEADS_BACK, STEP),
    "unassign": (LEADS_BACK, STEP),
    "comment": (LEADS_BACK, STEP),
    "answer": (LEADS_BACK, STEP),
    "assign_comment": (
        LEADS_BACK,
        only(403, "admin", otherwise=404) | dict.fromkeys(("author", "editor", "asked"), 409),
    ),
    "resolve_comment": (LEADS_BACK, STEP),
    "take_over": (LEADS_BACK, only(403, "asked", "admin", otherwise=404) | dict.fromkeys(("author", "editor"), 302)),
    "disclaimers": (only(200, "editor", "admin", otherwise=403), NO_PAGE),
    "issue_disclaimer": (LEADS_AN_EDITOR_BACK, only(422, "editor", "admin", otherwise=403)),
    "questions": (EDITORS, NO_PAGE),
    "question": (EDITORS, NO_PAGE),
    "answer_question": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "merge_question": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "decline_question": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "write_question": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "reopen_question": (only(302, "editor", otherwise=403), only(409, "editor", otherwise=403)),
    "reports": (EDITORS, NO_PAGE),
    "report": (EDITORS, NO_PAGE),
    "judge_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "reply_to_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "correct_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "leave_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "turn_away_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "merge_report": (only(302, "editor", otherwise=403), EDITORS_FORM),
    "reopen_report": (only(302, "editor", otherwise=403), only(409, "editor", otherwise=403)),
    "confirm_disclaimer": (LEADS_AN_EDITOR_BACK, only(403, otherwise=403) | {"editor": 302}),
}


def addresses(resolver=None, namespace="") -> list[tuple[str, str]]:
    """Return (namespace, name) of every address; the admin's are tried in tests/admin."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found += addresses(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            found.append((namespace, pattern.name))
    return found


def test_every_address_is_declared():
    names = {name for namespace, name in addresses() if namespace != "admin"}

    assert None not in names, "an address has no name"
    assert names == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_each_address_answers_each_person_as_declared(world, name):
    people, arguments = world
    page = reverse(name, kwargs=arguments.get(name))
    get, post = (dict.fromkeys(ACTORS, answer) if isinstance(answer, int) else answer for answer in TABLE[name])

    answers = {
        (method, actor): _answer(people, actor, method, page)
        for method in ("get", "head", "put", "patch", "delete", "post")
        for actor in ACTORS
    }

    expected = {("get", actor): get[actor] for actor in ACTORS}
    expected |= {("head", actor): get[actor] for actor in ACTORS}
    expected |= {("post", actor): post[actor] for actor in ACTORS}
    assert {key: answers[key] for key in expected} == expected
    others = {answer for key, answer in answers.items() if key not in expected}
    assert others <= {405, 302}  # 302 is the way to the sign-in, or off it again


def _answer(people, actor, method, page) -> int:
    """Return the status, with nothing left behind for the next who asks."""
    before = transaction.savepoint()
    answer = getattr(browser(people, actor), method)(page).status_code
    transaction.savepoint_rollback(before)
    return answer


# Readers' forms, which refuse what another site sends
EXEMPT = {"audience", "ask", "delete_question", "helpful", "report_error", "delete_report"}


@pytest.mark.parametrize("name", sorted(set(TABLE) - EXEMPT))
def test_no_address_takes_a_form_that_our_own_page_did_not_give(world, name):
    people, arguments = world
    page = reverse(name, kwargs=arguments.get(name))

    for actor in ("editor", "asked"):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(people[actor])
        assert client.post(page).status_code == 403, actor


@pytest.mark.parametrize("name", TABLE)
def test_a_number_that_no_database_holds_is_not_there(world, name):
    people, arguments = world
    numbers = {key: 10**30 for key, value in arguments.get(name, {}).items() if isinstance(value, int)}
    page = reverse(name, kwargs={**arguments.get(name, {}), **numbers})

    for actor in ("anonymous", "editor", "asked", "admin") if numbers else ():
        for method in ("get", "post"):
            assert _answer(people, actor, method, page) in (302, 403, 404, 405), (actor, method)
