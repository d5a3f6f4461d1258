"""A refused step leaves a line in the log of security: who and which step, and never a name, a title or a reason."""

import logging

import pytest

from reviews import workflow
from reviews.workflow import NotAllowed, NotNow
from tests.factories import submitted, under_review

STEPS = [name for name in workflow.__all__ if name[0].islower() and name != "publish_due"]


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "imprimatur.security")
    return caplog


def test_who_may_not(author, lay, log):
    version = submitted(author, title="Kanarienvogel")

    with pytest.raises(NotAllowed):
        workflow.decline(version.review, actor=lay, reason="Kanarienvogel")

    assert [(record.levelname, record.getMessage()) for record in log.records] == [
        ("WARNING", f"Refused: decline by account {lay.pk}, who may not.")
    ]
    assert "Kanarienvogel" not in log.text


def test_what_cannot_be_done_now(author, editor, clinical, log):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))
    log.clear()

    with pytest.raises(NotNow):
        workflow.publish(version, actor=editor)

    assert [record.getMessage() for record in log.records] == [f"Refused: publish by account {editor.pk}, not now."]


def test_a_step_that_is_taken_is_no_matter_of_security(author, log):
    submitted(author)

    assert log.records == []


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_noted(name):
    assert getattr(workflow, name).__wrapped__.__name__ == name
    assert getattr(workflow, name).__code__.co_filename.endswith("refusals.py")
