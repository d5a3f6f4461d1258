from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Audience, Disclaimer, DisclaimerConfirmation
from articles.models.people import Role, holds
from reviews.evidence import ledger
from reviews.models.actions import Action
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.table import Who
from reviews.workflow.transaction import lock_audience, reason_given


@refusals_logged
@transaction.atomic(durable=True)
def issue_disclaimer(audience: Audience, *, actor: User, text: str) -> Disclaimer:
    """
    Store the next disclaimer for an audience. It is in force once a second editor confirms it.

    Raise NotNow if the same text by the same editor is already waiting: the form was sent twice.
    """
    text = reason_given(text, field="text")
    audience = lock_audience(audience.pk)
    if not holds(actor, Role.EDITOR):
        raise NotAllowed(str(Who.EDITOR.label))
    if audience.disclaimers.filter(text=text, issued_by=actor, confirmation__isnull=True).exists():
        raise NotNow(_("You have already submitted exactly this text. It is waiting for another editor to confirm it."))
    last = audience.disclaimers.aggregate(number=Max("number"))["number"] or 0
    disclaimer = Disclaimer(
        audience=audience,
        number=last + 1,
        text=text,
        issued_by=actor,
        issued_by_name=ledger.name_of(actor),
        issued_at=timezone.now(),
    )
    disclaimer.save()
    ledger.append(Action.DISCLAIMER_ISSUED, actor=actor, payload=_payload(disclaimer), rows=[disclaimer])
    return disclaimer


@refusals_logged
@transaction.atomic(durable=True)
def confirm_disclaimer(disclaimer: Disclaimer, *, actor: User) -> DisclaimerConfirmation:
    """Put a disclaimer in force. Its own writer may not."""
    lock_audience(disclaimer.audience_id)
    if not holds(actor, Role.EDITOR):
        raise NotAllowed(str(Who.EDITOR.label))
    if disclaimer.issued_by_id == actor.pk:
        raise NotAllowed(_("You wrote this disclaimer. Another editor must confirm it."))
    if DisclaimerConfirmation.objects.filter(disclaimer=disclaimer).exists():
        raise NotNow(_("This disclaimer is already confirmed."))
    if Disclaimer.objects.filter(
        audience=disclaimer.audience_id, number__gt=disclaimer.number, confirmation__isnull=False
    ).exists():
        raise NotNow(_("A newer disclaimer is already in force."))
    confirmation = DisclaimerConfirmation(
        disclaimer=disclaimer,
        confirmed_by=actor,
        confirmed_by_name=ledger.name_of(actor),
        confirmed_at=timezone.now(),
    )
    confirmation.save()
    ledger.append(Action.DISCLAIMER_CONFIRMED, actor=actor, payload=_payload(disclaimer), rows=[confirmation])
    return confirmation


def _payload(disclaimer: Disclaimer) -> dict[str, str | int]:
    return {"audience": disclaimer.audience.key, "number": disclaimer.number, "sha256": disclaimer.sha256}
