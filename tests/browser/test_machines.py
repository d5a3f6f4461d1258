"""What is there for machines, in a browser: it runs none of it and complains of none; and the pages of notices."""

import json

import pytest

from reviews import workflow
from tests.articles.site.machines import states
from tests.browser.test_accessibility import looked_at

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(editor, clinical, specialist):
    return editor, clinical, specialist


def test_the_policy_of_the_site_lets_data_be_and_the_browser_complains_of_nothing(visit, author, staff):
    states.published(author, staff)
    page, said = visit(), []
    page.on("console", lambda message: said.append(message.text))

    page.goto("/articles/nodes/for/public/")
    data = json.loads(page.locator("script[type='application/ld+json']").inner_text())

    assert data["name"] == "Lymph <nodes> & glands"
    assert page.evaluate("navigator.permissions.query({name: 'geolocation'}).then(found => found.state)") == "denied"
    assert page.evaluate("document.featurePolicy.allowsFeature('camera')") is False
    assert said == []
    assert page.request.get("/favicon.ico").headers["content-type"] in ("image/x-icon", "image/vnd.microsoft.icon")


def test_the_pages_of_notices_are_for_everybody_and_fit_every_screen(visit, author, staff):
    made = states.again(states.published(author, staff))
    for kind in ("correction", "concern", "retraction"):
        notice = workflow.issue_notice(made, actor=staff[0], kind=kind, reason=f"{kind}: 5 mg should read 0.5 mg.")
    workflow.issue_notice(made, actor=staff[0], kind="retraction", reason="It is right.", lifts=notice)
    page = visit()

    found = []
    for path in ("/notices/", "/notices/concern/", f"/notices/{notice.pk}/"):
        page.goto(path)
        found += looked_at(page, path)

    assert found == []
