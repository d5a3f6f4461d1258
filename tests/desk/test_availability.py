"""A board member's absences, entered on the desk or by an administrator."""

import datetime

import pytest
from django.utils import timezone

from reviews.models import Absence
from tests.desk.pages import text, url
from tests.factories import evidence, person

DAY = datetime.timedelta(days=1)
ALREADY = "These days lie within an absence that is entered already."


def days(first, last):
    today = timezone.localdate()
    return {"first_day": today + first * DAY, "last_day": today + last * DAY}


@pytest.mark.parametrize("again", [(5, 9), (6, 8)])
def test_the_same_absence_is_entered_once_at_both_doors(at, clinical, specialist, again):
    at(clinical).post(url("add_absence"), days(5, 9))
    admin = at(person("root", groups=["admin"]))

    refused = at(clinical).post(url("add_absence"), days(*again))
    in_admin = admin.post("/admin/reviews/absence/add/", {"member": clinical.board_member.pk, **days(*again)})

    assert refused.status_code == 422
    assert ALREADY in text(refused)
    assert str(days(*again)["first_day"]) in text(refused)
    assert ALREADY in text(in_admin)
    assert Absence.objects.filter(member=clinical.board_member).count() == 1
    assert at(clinical).post(url("add_absence"), days(8, 12)).status_code == 302
    assert at(specialist).post(url("add_absence"), days(5, 9)).status_code == 302


def test_an_absence_is_saved_again_as_it_is(at, clinical):
    row = Absence.objects.create(member=clinical.board_member, **days(5, 9))
    admin = at(person("root", groups=["admin"]))

    assert admin.post(f"/admin/reviews/absence/{row.pk}/change/", days(5, 9)).status_code == 302


def test_an_absence_that_ends_in_more_than_five_years_is_refused_on_the_desk(at, clinical):
    today = timezone.localdate()
    before = evidence()

    answer = at(clinical).post(url("add_absence"), {"first_day": today.isoformat(), "last_day": "9999-12-31"})

    assert answer.status_code == 422
    assert "This day is more than five years away. Choose an earlier one." in text(answer)
    assert 'value="9999-12-31"' in text(answer)
    assert evidence() == before
    assert not clinical.board_member.absences.exists()
    fits = (today + datetime.timedelta(days=1500)).isoformat()
    assert at(clinical).post(url("add_absence"), {"first_day": fits, "last_day": fits}).status_code == 302


def test_and_in_the_administration(client, clinical):
    client.force_login(person("boss", groups=["admin"]))
    days = {"first_day": timezone.localdate(), "last_day": "9999-12-31"}

    answer = client.post("/admin/reviews/absence/add/", {"member": clinical.board_member.pk, **days})

    assert "This day is more than five years away." in text(answer)
    assert not clinical.board_member.absences.exists()
