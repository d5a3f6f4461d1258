"""The page of what the checks block: what an editor can override, and everywhere an override is shown."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles import checks
from reviews import workflow
from reviews.models import Override
from reviews.workflow.steps.beside.overriding import blocking
from tests import factories
from tests.desk.pages import text, url
from tests.factories import PASSWORD

REASON = "It quotes what it warns of."


@pytest.fixture
def draft(author):
    return factories.article(author, body="<p>Never write 5.0 mg.</p>")


def address(draft, name="override"):
    return url(name, draft.pk, checks.fingerprint(blocking(draft)[0]))


def test_an_author_is_led_to_what_blocks_and_an_editor_overrides_it(at, draft, author, editor):
    page = text(at(author).get(url("desk_article", draft.pk)))
    assert f'href="{url("findings", draft.pk)}"' in page
    page = text(at(author).get(url("findings", draft.pk)))
    assert "A trailing zero in a dose" in page
    assert "ask an editor to override it" in page
    assert "Sign and override" not in page
    assert "Sign and override" in text(at(editor).get(url("findings", draft.pk)))

    answer = at(editor).post(address(draft), {"reason": REASON, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [(url("findings", draft.pk), 302)]
    page = text(answer)
    assert "The finding is overridden. It no longer stops the text." in page
    assert "Overridden by Edith Editor on" in page
    assert "The draft cannot be submitted now" not in text(at(author).get(url("desk_article", draft.pk)))


@pytest.mark.parametrize(("sent", "status"), [({"reason": ""}, 422), ({"password": "wrong"}, 422)])
def test_a_refused_override_keeps_the_reason(at, draft, editor, sent, status):
    answer = at(editor).post(address(draft), {"reason": REASON, "password": PASSWORD} | sent)

    assert answer.status_code == status
    assert "There is a problem" in text(answer)
    assert sent.get("reason", REASON) in text(answer)
    assert not Override.objects.exists()


def test_words_that_were_changed_meanwhile_are_refused_with_what_was_typed(at, draft, author, editor):
    where = address(draft)
    factories.edit(draft, "Give 5 mg.", by=author)

    answer = at(editor).post(where, {"reason": REASON, "password": PASSWORD})

    assert answer.status_code == 409
    assert "no longer find this" in text(answer)
    assert REASON in text(answer)


def test_an_editor_who_wrote_part_of_the_draft_is_told_so(at, draft):
    writing = factories.person("writing", groups=["editor"])
    factories.edit(draft, "Never write 7.0 mg.", by=writing)

    page = text(at(writing).get(url("findings", draft.pk)))

    assert "You wrote all or part of this text. Another editor must do this." in page
    assert "Sign and override" not in page


def test_an_override_is_taken_back(at, draft, author, editor):
    row = factories.overridden(draft, editor)

    answer = at(editor).post(
        url("take_back_override", row.pk), {"reason": "A mistake.", "password": PASSWORD}, follow=True
    )

    page = text(answer)
    assert "The override is taken back. The finding stops the text again." in page
    assert "Taken back by Edith Editor on" in page
    assert "Sign and take back" not in page
    assert "The draft cannot be submitted now" in text(at(author).get(url("desk_article", draft.pk)))


def test_reviewers_readers_and_the_dossier_are_told(at, client, draft, author, editor, clinical, specialist):
    factories.overridden(draft, editor)
    version = factories.submitted(author, draft)
    asked = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    page = text(at(clinical).get(url("desk_review", version.review.pk)))
    assert "Overridden findings" in page
    assert page.count(REASON) >= 2  # in the list, and in the sentence to sign
    assert "I know that Edith Editor overrode the finding of MED-001 on “Never write 5.0 mg.”" in page
    for row in asked:
        factories.decide(row)
    workflow.publish(version, actor=editor)

    page = text(client.get(url("article_for", draft.slug, "public")))
    assert "It would have prevented publication because of one finding." in page
    assert "MED-001, “Never write 5.0 mg.”: It quotes what it warns of. (Edith Editor)." in page
    assert "found nothing that prevents publication" not in page
    page = text(at(editor).get(url("dossier", draft.pk)))
    assert "Edith Editor overrode a finding of MED-001: It quotes what it warns of." in page


def test_a_page_without_overrides_still_says_that_nothing_was_found(client, author, editor, clinical, specialist):
    version = factories.submitted(author)
    factories.published(version, editor, clinical, specialist)

    page = text(client.get(url("article_for", version.article.slug, "public")))

    assert "found nothing that prevents publication" in page


def test_the_page_costs_the_same_queries_however_many_findings(at, draft, author, editor, django_assert_num_queries):
    client = at(editor)
    for body in ("Never write 5.0 mg.", "Never write 5.0 mg. Nor 7.0 mg. Nor 8.0 mg. Nor .5 mg."):
        factories.edit(draft, body, by=author)
        with django_assert_num_queries(14):
            client.get(url("findings", draft.pk))


def test_an_overridden_finding_only_warns_wherever_an_author_looks(at, draft, author, editor):
    pages = [url("draft_checks", draft.pk), url("draft_preview", draft.pk, "public")]
    for page in pages:
        assert "Blocks submission (1)" in text(at(author).get(page))
    with pytest.raises(SystemExit):
        call_command("check_article", draft.slug, stdout=StringIO())

    factories.overridden(draft, editor)

    for page in pages:
        assert "Blocks submission" not in text(at(author).get(page))
        assert "A trailing zero in a dose" in text(at(author).get(page))
    out = StringIO()
    call_command("check_article", draft.slug, stdout=out)
    assert "Blocks submission" not in out.getvalue()
