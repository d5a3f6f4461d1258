"""What still keeps a person from reviewing, as the pages of accounts and of the board say it after each save."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Contributor
from articles.models.people import Role, holds
from reviews.evidence.ledger import name_of
from reviews.models import BoardMember, Capacity, Disclosure
from reviews.workflow.approval.eligibility import against_any_review

NO_BOARD_ROW = gettext_lazy(
    "This account has the role of the medical advisory board, but no capacity below: nobody can ask this person."
)
NO_ROLE = gettext_lazy(
    "This person has capacities below, but not the role of the medical advisory board: nobody can ask them."
)
WHERE = gettext_lazy("They fill it in on the desk: “Disclose your interests”.")


def say_doubts(request: HttpRequest, user: User) -> None:
    """Show a warning for each thing that keeps a saved person from reviewing although part of it was entered."""
    for sentence in doubts(user):
        messages.warning(request, sentence)


def doubts(user: User) -> list[str]:
    """Return a sentence for each thing that keeps a saved person from reviewing although part of it was entered."""
    user = User.objects.get(pk=user.pk)  # the form's knows no name that was entered with it
    member = BoardMember.objects.filter(user=user).first()
    if not user.is_active:
        return []
    if member is None:
        return [str(NO_BOARD_ROW)] if holds(user, Role.REVIEWER) else []
    found = [] if holds(user, Role.REVIEWER) else [str(NO_ROLE)]
    found += against_any_review(user)
    if not Disclosure.objects.filter(member=member).exists():
        found.append(str(WHERE))
    row = Contributor.objects.filter(user=user).first()
    if row and not row.credentials and any(each in member.capacities for each in Capacity.counting()):
        found.append(_("Readers see no credentials after the name of {name}.").format(name=name_of(user)))
    return found
