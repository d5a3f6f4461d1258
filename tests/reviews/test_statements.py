"""The cost of the workflow in statements: a step has its number, whatever was published before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews import workflow
from reviews.messages import mail
from tests import factories

# With BEGIN and COMMIT. The rows of an event are one statement on PostgreSQL and one for each table on SQLite.
STATEMENTS = {
    "sqlite": {
        "submit": 17, "ask": 12, "ask another": 12, "accept": 10, "sign": 20, "sign and approve": 22, "publish": 18,
    },
    "postgresql": {
        "submit": 15, "ask": 11, "ask another": 11, "accept": 9, "sign": 18, "sign and approve": 20, "publish": 16,
    },
}  # fmt: skip


@pytest.mark.django_db
def test_each_step_has_its_number_of_statements(author, editor, clinical, specialist, monkeypatch):
    monkeypatch.setattr(mail, "enqueue", lambda *args, **kwargs: None)  # the job does its work after the step
    counted = {}

    def counting(name, step, *args):
        with CaptureQueriesContext(connection) as queries:
            result = step(*args)
        counted[name] = len(queries)
        return result

    for _ in range(2):  # the first appends of a process also ask whether the ledger has all settings
        draft = factories.article(author, body="<p>Seen before.<cite data-ref='w1'>[w1]</cite></p>")
        factories.cite(draft, "w1", by=author)
        version = counting("submit", factories.submitted, author, draft)
        review = version.review
        (first,) = counting("ask", factories.asked, version, editor, (clinical, "clinical"))
        (second,) = counting("ask another", factories.asked, version, editor, (specialist, "specialist"))
        first, second = counting("accept", factories.accepted, first), factories.accepted(second)
        first.review = second.review = review
        counting("sign", factories.decide, first)
        counting("sign and approve", factories.decide, second)
        counting("publish", lambda version=version: workflow.publish(version, actor=editor))

    assert counted == STATEMENTS[connection.vendor]
