"""What each process of a race does; `runner` starts them, and each function ends with the barrier they share."""

import random
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest import mock

from django.contrib.auth import base_user
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import RequestFactory

from articles.models import Article, ArticleName, Audience, SearchIndex
from articles.models.people import Role
from articles.search import names
from articles.search.index import checking, writing
from reviews import workflow
from reviews.desk.sign_in.signing_in import SignInForm
from reviews.messages import notifications
from reviews.models import LedgerEvent, Schedule
from reviews.workflow import NotAllowed, NotNow, guesses
from reviews.workflow.approval import eligibility, signing
from tests import factories
from tests.races import inspection, pairs

HEAD_START = {True: 0.05, False: 0.01}  # seconds; the window that a control has to hit is narrow


def take_part(name: str, numbers: range, side: int, guarded: bool, barrier) -> dict:
    """
    Be one of the two sides of a race, whose rounds have these numbers; the first race of a test begins with 0.

    Prepare half of the articles, take this side's step on each of them, all at the same moments as the other side,
    and inspect half. Return the outcomes in the order of the rounds, and what was found by round.
    """
    pair, own = pairs.PAIRS[name], numbers[side::2]
    if side == 0 and numbers.start == 0:
        pairs.make_cast()
    barrier.wait()
    with fast_path():
        for number in own:
            pair.prepare(pairs.draft(pair.kind, f"race-{number}"))
    barrier.wait()
    with lock_as(guarded):
        outcomes = [_round(pair, side, number, HEAD_START[guarded], barrier) for number in numbers]
    barrier.wait()
    found = {number: inspection.state_and_problems(_article(number)) for number in own}
    return {"outcomes": outcomes, "found": found, "ledger": inspection.ledger_problems() if side == 0 else []}


def _round(pair: pairs.Pair, side: int, number: int, head_start: float, barrier) -> str:
    step = (pair.left, pair.right)[side](_article(number))
    barrier.wait()
    if number % 4 == side:  # hold one side back now and then, so that each is first sometimes
        time.sleep(random.uniform(0, head_start))
    return attempt(step)


def _article(number: int) -> Article:
    return Article.objects.select_related("latest_version", "published_version").get(slug=f"race-{number}")


def attempt(step) -> str:
    """Return what became of a step: accepted, the name of the refusal, or "broken" with what went wrong."""
    try:
        step()
    except (NotAllowed, NotNow, ValidationError) as refusal:
        return type(refusal).__name__
    except Exception as error:
        return f"broken: {type(error).__name__}: {str(error).splitlines()[0]}"
    return "accepted"


@contextmanager
def fast_path():
    """Leave out, while articles are prepared, two things that no race is about and that take a third of the time."""
    with (
        mock.patch.object(eligibility, "reasons_against", return_value=[]),
        mock.patch.object(notifications, "send"),
    ):
        yield


@contextmanager
def lock_as(guarded: bool):
    """Leave the locks of article and audience as they are; or, for the control, let every step read without them."""
    with ExitStack() as stack:
        for name, reads in UNLOCKED.items() if not guarded else ():
            locked = getattr(workflow.transaction, name, None) or getattr(workflow.reading, name)
            for module in [module for where, module in sys.modules.items() if where.startswith("reviews.workflow")]:
                if getattr(module, name, None) is locked:
                    stack.enter_context(mock.patch.object(module, name, reads))
        yield


UNLOCKED = {
    "lock": lambda article_id: Article.objects.get(pk=article_id),
    "lock_members": lambda version, reviewer=0: None,
    "lock_audience": lambda audience_id: Audience.objects.get(pk=audience_id),
}


def rename(side: int, number: int, guarded: bool, barrier) -> dict:
    """
    Give an article other names, so often, while another process does the same with one that has the same words.

    The steps that publish also hold the ledger's lock; this is the one writer of the index that does not. Without
    `guarded` the index is not locked either. Return what went wrong, and how the index differs from the texts.
    """
    if side == 0:
        pairs.make_cast()
    barrier.wait()
    with fast_path():
        pairs.published(article := pairs.draft("question", f"race-{side}"))
    barrier.wait()
    with mock.patch.object(writing, "locked_state", writing.locked_state if guarded else unlocked_state):
        outcomes = [attempt(partial(_renamed, article, place)) for place in range(number)]
    barrier.wait()
    broken = [outcome for outcome in outcomes if outcome != "accepted"]
    return {"broken": broken, "differences": checking.differences() if side == 0 else []}


def _renamed(article: Article, place: int):
    with names.names_change(article.pk):
        ArticleName.objects.filter(article=article).delete()
        ArticleName(article=article, name=f"Another name {place % 3}").save()


def unlocked_state() -> SearchIndex:
    return SearchIndex.objects.get(pk=1)


def schedule_many(count: int, start, step, held_back: int, barrier) -> list[int]:
    """Schedule approved articles, one each `step` from `start`; submit a newer version of some. Return their ids."""
    pairs.make_cast()
    rows = []
    for number in range(count):
        version = pairs.approved(pairs.draft("question", f"race-{number}"))
        rows.append(workflow.schedule(version, actor=pairs.person("editor"), at=start + number * step))
    for row in rows[:: count // held_back]:
        factories.edit(row.article, "Newer words.", by=pairs.person("author"))
        factories.submitted(pairs.person("author"), row.article)
    barrier.wait()
    return [row.pk for row in rows]


def publish_when_due(clock: list, barrier) -> list[list[tuple[int, str]]]:
    """Run `publish_due` at each of these times; return for each what this process closed, and how."""
    closed = []
    for now in clock:
        barrier.wait()
        closed.append([(row.pk, row.outcome) for row in workflow.publish_due(now)])
    barrier.wait()
    return closed


def schedules(barrier) -> dict:
    """Return how each schedule stands, how often each article was published, and what is wrong."""
    published = LedgerEvent.objects.filter(action="published").values_list("article", flat=True)
    found = [inspection.state_and_problems(article) for article in Article.objects.order_by("pk")]
    return {
        "open": Schedule.objects.filter(closed_at__isnull=True).count(),
        "published": sorted(published),
        "refused": LedgerEvent.objects.filter(action="schedule_refused").count(),
        "problems": [problem for _, problems in found for problem in problems] + inspection.ledger_problems(),
    }


def change_roles(side: int, count: int, barrier) -> int:
    """Give a person of one's own a role and take it again; return the number of changes."""
    user = factories.person(f"changed{side}")
    group = Group.objects.get(name=Role.AUTHOR.group)
    barrier.wait()
    for number in range(count):
        (user.groups.remove if number % 2 else user.groups.add)(group)
    barrier.wait()
    return count


def migrate(barrier):
    """Make the tables of a fresh database."""
    call_command("migrate", verbosity=0)


def inspect_ledger(action: str, barrier) -> tuple[int, list[str]]:
    """Return how many events of this kind there are, and what is wrong with the ledger."""
    return LedgerEvent.objects.filter(action=action).count(), inspection.ledger_problems()


def guess(side: int, door: str, times: int, people: int, barrier) -> list[tuple[int, list[str]]]:
    """Guess a password wrongly, together with the others; return for each person the hashed guesses and refusals."""
    if side == 0:
        for number in range(people):
            factories.person(f"guessed{number}")
    barrier.wait()
    return [_guess(pairs.person(f"guessed{number}"), DOORS[door], times, barrier) for number in range(people)]


def _guess(user, refusal, times: int, barrier) -> tuple[int, list[str]]:
    hashed = []

    def check(password, stored, *setter):
        hashed.append(password)
        return check_password(password, stored)

    barrier.wait()
    with mock.patch.object(guesses, "check_password", check), mock.patch.object(base_user, "check_password", check):
        codes = [refusal(user) for _ in range(times)]
    return len(hashed), codes


def _at_signing(user) -> str:
    try:
        signing.authenticate(user, "not the password")
    except ValidationError as error:
        return error.error_dict["password"][0].code
    return "accepted"


def _at_sign_in(user) -> str:
    form = SignInForm(RequestFactory().post("/"), {"username": user.username, "password": "not the password"})
    return "accepted" if form.is_valid() else form.non_field_errors().as_data()[0].code


DOORS = {"signing": _at_signing, "sign_in": _at_sign_in}
