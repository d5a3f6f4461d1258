"""Steps on several reviews at once, from the queue: each row says what was done, or why it was not."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models.rows.remembered import remembering
from articles.text.plain.forms import is_key
from reviews import workflow
from reviews.desk.access import require_editor, reviews_among
from reviews.desk.article.options import options
from reviews.desk.queues.queue import ROWS, show_queue
from reviews.desk.review.deciding.asking.proposing import board, nobody_for
from reviews.messages import reminders
from reviews.models import Assignment, Review
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.assignment import due_by_default


@dataclass(frozen=True)
class Told:
    """What became of a row that was chosen."""

    review: Review
    sentence: str
    is_done: bool
    is_part: bool = False  # some of it is not done: the sentence says what


def queue_path(request: SignedInRequest) -> str:
    require_editor(request)
    return reverse("queue")


@posted_from(queue_path)
def queue_steps(request: SignedInRequest) -> HttpResponse:
    """Ask the people who are proposed for the chosen reviews, or remind those who were asked; show the queue again."""
    require_editor(request)
    step = STEPS.get(request.POST.get("step", ""))
    keys = [int(key) for key in request.POST.getlist("review") if is_key(key)]
    chosen = reviews_among(request, keys[:ROWS])
    if step is None or not chosen:
        return show_queue(request, problem=_("Choose at least one row, and what to do with it."), status=422)
    return show_queue(request, [step(request, review) for review in chosen])


def _ask(request: SignedInRequest, review: Review) -> Told:
    """Ask the people who are proposed for the places that nobody is asked for."""
    with remembering():
        option = options(request.user, review.article, review, ["assign"]).get("assign")
        if option is None or not option.is_open:
            return Told(review, " ".join(option.blockers) if option else _("Only an editor can ask reviewers."), False)
        rows = board(review, due_by_default(review), request.user.pk)
        proposed = [(row.candidate.person.user, row.proposed) for row in rows if row.proposed]
        still = ", ".join(nobody_for(review, rows))
    if not proposed:
        nobody = _("Nobody can be proposed for: {signatures}.").format(signatures=still) if still else ""
        return Told(review, nobody or _("Enough people are asked."), False)
    try:
        asked = workflow.ask(review, actor=request.user, reviewers=proposed)
    except (NotAllowed, NotNow) as refusal:
        return Told(review, str(refusal), False)
    except ValidationError as refusal:
        return Told(review, " ".join(refusal.messages), False)
    names = ", ".join(row.reviewer_name for row in asked)
    sentence = _("Asked: {names}.").format(names=names)
    if still:
        left = _("Still open, because nobody can be proposed: {signatures}.").format(signatures=still)
        sentence = f"{sentence} {left}"
    return Told(review, sentence, True, bool(still))


def _remind(request: SignedInRequest, review: Review) -> Told:
    """Remind everyone who is asked and was not reminded today."""
    waiting = Assignment.objects.to_decide().filter(review=review).select_related("reviewer", "review__version")
    told: list[tuple[Assignment, str]] = [(row, reminders.remind_now(row, timezone.localdate())) for row in waiting]
    if not told:
        return Told(review, _("Nobody is asked."), False)
    done = [row.reviewer_name for row, refusal in told if not refusal]
    sentences = [refusal for _row, refusal in told if refusal]
    if done:
        sentences.insert(0, _("Reminded: {names}.").format(names=", ".join(done)))
    return Told(review, " ".join(sentences), bool(done), len(done) < len(told))


STEPS: dict[str, Callable[[SignedInRequest, Review], Told]] = {"ask": _ask, "remind": _remind}
