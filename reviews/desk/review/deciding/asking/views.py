"""The page that asks reviewers: the board with its load, and who is proposed for which place of the quorum."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from articles.desk.requests import SignedInRequest
from articles.models.rows.remembered import remembering
from reviews import workflow
from reviews.desk.access import visible_review
from reviews.desk.answers import attempt
from reviews.desk.article.options import options
from reviews.desk.review.deciding.asking.forms import AskForm, ask_form, day_of, instead_of
from reviews.desk.review.deciding.asking.proposing import Row, board, nobody_for
from reviews.desk.review.reading import read_page
from reviews.desk.review.views import show_review
from reviews.models import Assignment, Capacity, Review
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.approval import eligibility, quorum


@dataclass(frozen=True)
class Line:
    """A member of the board who can be asked, with the fields of the form."""

    row: Row
    is_chosen: bool
    field: BoundField | None

    @property
    def capacity(self) -> str:
        """Return in a word the only capacity in which this person can be asked."""
        return Capacity(self.row.capacities[0]).in_a_word

    @property
    def before(self) -> str:
        """Return in a word the capacity in which this person decided on an earlier version; "" if they did not."""
        return Capacity(self.row.before).in_a_word if self.row.before else ""


@dataclass
class Asking:
    """The facts on the page."""

    review: Review
    rows: list[Row]
    form: AskForm
    instead: Assignment | None = None  # the request in whose place somebody else is asked

    @cached_property
    def lines(self) -> list[Line]:
        """Return the people who can be asked: those proposed first, then by rank, those with doubts last."""
        able = [row for row in self.rows if row.capacities]
        chosen = self.form.chosen
        able.sort(key=lambda row: (not row.proposed, bool(row.doubts), row.rank))
        return [Line(row, str(row.user) in chosen, self.form.capacity_of(row)) for row in able]

    @cached_property
    def others(self) -> list[tuple[str, list[str], int | None]]:
        """
        Return (name, reasons, account) of the people who cannot be asked, by name.

        The account is given if an editor can record a management plan for the interests that bar them.
        """
        unable = [row for row in self.rows if not row.capacities]
        return [
            (
                row.name,
                list(dict.fromkeys(each for every in row.against.values() for each in every)),
                row.user if row.candidate.person.touching else None,
            )
            for row in unable
        ]

    @cached_property
    def needed(self) -> list[str]:
        return quorum.needed(self.review.quorum)

    @cached_property
    def not_asked_for(self) -> list[str]:
        return eligibility.not_asked_for(self.review)

    @cached_property
    def nobody_for(self) -> list[str]:
        return nobody_for(self.review, self.rows)

    @cached_property
    def without_plan(self) -> set[int]:
        """Return the accounts of those asked who have disclosed an interest since: they fill no place."""
        return eligibility.without_plan(self.review) if self.asked else set()

    @cached_property
    def asked(self) -> list[Assignment]:
        return [row for row in self.review.all_assignments() if row.is_open]


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask reviewers, all at once; the first request confirms risk and change class."""
    review = visible_review(request, pk)
    with remembering():
        review = read_page(review, request.user)
        instead = instead_of(review, (request.POST or request.GET).get("instead", ""))
        due = day_of(review, request.POST or None)
        rows = board(review, due, request.user.pk)
        form = ask_form(review, rows, due, request.POST if request.method == "POST" else None, instead)
        option = options(request.user, review.article, review, ["assign"]).get("assign")
        if request.method != "POST":
            if option is None:
                raise PermissionDenied(_("Only an editor can ask reviewers."))
            if option.is_open:
                return _page(request, Asking(review, rows, form, instead), 200)
            messages.warning(request, " ".join(option.blockers))
            return redirect("desk_review", pk)
    if asked := attempt(form, lambda **terms: workflow.ask(review, actor=request.user, **terms)):
        number = len(asked)
        said = ngettext("{number} reviewer is asked.", "{number} reviewers are asked.", number).format(number=number)
        messages.success(request, said)
        if instead and form.cleaned_data["cancel"]:
            _cancel(request, instead)
        return redirect("desk_review", pk)
    if option is None or not option.is_open:
        return show_review(request, visible_review(request, pk), form, form.http_status)
    with remembering():
        return _page(request, Asking(review, rows, form, instead), form.http_status)


def _cancel(request: SignedInRequest, assignment: Assignment) -> None:
    """Cancel the request in whose place somebody else was asked; say why not if it has ended since."""
    try:
        workflow.unassign(assignment, actor=request.user, reason=Review.ASKED_INSTEAD)
    except (NotAllowed, NotNow) as refusal:
        messages.warning(request, str(refusal))
    else:
        said = _("The request to {name} is cancelled.").format(name=assignment.reviewer_name)
        messages.success(request, said)


def _page(request: SignedInRequest, asking: Asking, status: int) -> HttpResponse:
    review = asking.review
    context = {"review": review, "version": review.version, "asking": asking, "form": asking.form, "bound": asking.form}
    return render(request, "desk/ask.html", context, status=status)
