"""A request to review that is refused, and a change of the board that makes it so."""

import datetime

import pytest

from reviews import workflow
from reviews.models import BoardMember
from reviews.workflow import NotAllowed, NotNow
from tests.factories import evidence

DAY = datetime.timedelta(days=1)


def change_member(user, **fields):
    member = BoardMember.objects.get(user=user)
    for name, value in fields.items():
        setattr(member, name, value)
    member.save()


def refusal(review, editor, reviewer, capacity="clinical", **kwargs):
    """Return the words with which the request is refused, after making sure that it left nothing behind."""
    before = evidence()
    with pytest.raises((NotAllowed, NotNow)) as refused:
        workflow.assign(review, actor=editor, reviewer=reviewer, capacity=capacity, **kwargs)
    assert evidence() == before
    return str(refused.value)
