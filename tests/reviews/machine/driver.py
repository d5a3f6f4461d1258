"""Takes attempts on the real workflow, and compares all that comes of them with the model."""

import datetime
import pickle
from collections import Counter
from contextlib import contextmanager
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection

from articles.models import Article, Authorship
from articles.models.people import Role
from reviews import workflow
from reviews.models import BoardMember, Disclosure, SecurityRecord
from tests import factories
from tests.reviews.machine import invariants, model, snapshot
from tests.reviews.machine.invariants import Chain, Violation, require

KIND = {workflow.NotAllowed: model.WHO, workflow.NotNow: model.WHEN, ValidationError: model.INPUT}
TICK = datetime.timedelta(minutes=1)


class Tally:
    """How often what was tried: by the state it was tried in, and by what came of it."""

    def __init__(self):
        self.cells: Counter = Counter()
        self.outcomes: Counter = Counter()
        self.examples = self.steps = 0


class Stage:
    """
    A database with people and articles in it, the model of both, and the rows as they were when they were made.

    The rows are never read again: a step has to look for itself how things stand.
    """

    def __init__(self, now: datetime.datetime):
        self.world = model.World(now)
        self.rows: dict[tuple, object] = {}
        self.chain = Chain()
        self.last: snapshot.Snapshot | None = None

    def copy(self) -> "Stage":
        other = Stage(self.world.now)
        other.world = pickle.loads(pickle.dumps(self.world))
        other.rows, other.chain, other.last = dict(self.rows), self.chain.copy(), self.last
        return other


class Driver:
    def __init__(self, stage: Stage, tally: Tally):
        self.stage, self.tally = stage, tally
        self.world, self.rows, self.chain = stage.world, stage.rows, stage.chain
        self.names = {row.pk: key[1] for key, row in self.rows.items() if key[0] == "article"}
        self.public_ids = {key[1]: str(row.public_id) for key, row in self.rows.items() if key[0] == "article"}

    @contextmanager
    def clock(self):
        """Let the workflow's clock stand still at the model's time."""
        with mock.patch("django.utils.timezone.now", return_value=self.world.now):
            yield

    def take(self, attempt: model.Attempt) -> str:
        """Make the attempt, compare what comes of it with the model, and return the kind of refusal, if any."""
        self.world.now += TICK
        wanted = self.world.refusal(attempt)
        self._count(attempt, wanted)
        mails = len(connection.run_on_commit)
        with self.clock():
            found, result = self._outcome(attempt)
        require(found == wanted, f"{attempt}: {found or 'taken'} instead of {wanted or 'taken'}.", result)
        if wanted:
            self._remember_guess(attempt)
            require(len(connection.run_on_commit) == mails, f"{attempt}: refused, and mail was sent")
            self._nothing_changed(attempt)
        else:
            events = self.world.apply(attempt)
            self._keep(attempt, result)
            self._changed_as_said(events, [attempt.article])
        return wanted

    def _count(self, attempt, wanted: str):
        self.tally.steps += 1
        self.tally.cells[self.world.state(attempt), attempt.step] += 1
        self.tally.outcomes[attempt.step, wanted or "taken"] += 1

    def _outcome(self, attempt) -> tuple[str, object]:
        try:
            return "", getattr(self, f"_{attempt.step}")(attempt, self.rows["person", attempt.actor])
        except tuple(KIND) as refusal:
            words = factories.sentences(refusal)
            require(all(map(factories.is_sentence, words)), f"{attempt}: refused without a sentence:", words)
            return next(KIND[each] for each in KIND if isinstance(refusal, each)), refusal
        except Exception as crash:
            raise Violation(f"{attempt}: {type(crash).__name__}: {crash}") from crash

    def _remember_guess(self, attempt):
        """A wrong password leaves a security record: counted when it was checked, not when it was too many."""
        actor = self.world.people[attempt.actor]
        recent = [at for at in actor.guesses if at > self.world.now - model.WINDOW]
        if attempt["wrong_password"] and len(recent) < model.GUESSES:
            actor.guesses.append(self.world.now)
            record = SecurityRecord.objects.filter(user=actor.pk, at=self.world.now, kind="wrong_password")
            require(record.count() == 1, f"{attempt}: no record of the wrong password")

    # 3. A refused step leaves nothing behind; 4. a step that is taken leaves what it says

    def _nothing_changed(self, attempt):
        now = snapshot.take(self.stage.last)
        require(now == self.stage.last, f"{attempt}: refused, and left behind", now.changed(self.stage.last))

    def _changed_as_said(self, wanted: list, articles: list[str], *, draft_stays: bool = True):
        before, now = self.stage.last, snapshot.take(self.stage.last)
        changes = now.changed(before) if before else []
        events = self.chain.follow()
        invariants.events_are(events, wanted, self.world, self.public_ids)
        invariants.written_rows_are_committed(changes, events)
        if draft_stays:
            invariants.draft_is_untouched(changes)
        for name in articles:
            self._stands(name, now)
        self._others_stay(changes, articles)
        invariants.signatures_are_lawful(changes, now, self.world)
        invariants.one_of_each(now)
        invariants.readers_see(self.world, self.names, now)
        self.stage.last = now

    def _stands(self, name: str, now):
        article, row = self.world.articles[name], self.rows["article", name]
        wanted, found = snapshot.expected(article, self.world.people), snapshot.seen(now, row.pk)
        for part in wanted:
            require(found[part] == wanted[part], name, part, "are", found[part], "instead of", wanted[part])
        invariants.replay_agrees(self.chain, article, str(row.public_id))
        invariants.texts_stand(article, row.pk)
        invariants.public_is_signed(now, article, row.pk)

    def _others_stay(self, changes: list, articles: list[str]):
        mine = {self.rows["article", name].pk for name in articles}
        for table, before, now in changes:
            owner = (now or before).get("article_id", (now or before)["id"] if table == "articles_article" else None)
            require(owner is None or owner in mine, "a row of another article changed:", table, now)

    def _keep(self, attempt, result):
        """Keep the row that the step made, as it is now."""
        article = self.world.articles[attempt.article]
        if attempt.step == "submit":
            number = len(article.versions)
            article.latest.digest = result.digest
            self.rows["version", attempt.article, number] = result
            self.rows["review", attempt.article, number] = result.review
        elif attempt.step == "assign":
            asked = article.versions[attempt.version - 1].assignments
            self.rows["assignment", attempt.article, attempt.version, len(asked) - 1] = result
        elif attempt.step in ("issue_notice", "comment", "schedule"):
            many = {"issue_notice": "notices", "comment": "comments", "schedule": "schedules"}[attempt.step]
            self.rows[many[:-1], attempt.article, len(getattr(article, many)) - 1] = result

    # The steps, as a page would call them

    def _submit(self, attempt, actor):
        article = self.rows["article", attempt.article]
        return workflow.submit(article, actor=actor, change=attempt["change"], note="What changed, and why.")

    def _assign(self, attempt, actor):
        return workflow.assign(
            self._review(attempt),
            actor=actor,
            reviewer=self.rows["person", attempt["reviewer"]],
            capacity=attempt["capacity"],
            risk=attempt["risk"],
            change=attempt["change"],
        )

    def _unassign(self, attempt, actor):
        return workflow.unassign(self._assignment(attempt), actor=actor, reason="They are ill.")

    def _accept(self, attempt, actor):
        return workflow.accept(self._assignment(attempt), actor=actor)

    def _recuse(self, attempt, actor):
        conflict = bool(attempt["conflict"])
        return workflow.recuse(self._assignment(attempt), actor=actor, reason="I cannot.", conflict=conflict)

    def _recall(self, attempt, actor):
        return workflow.recall(self._review(attempt), actor=actor, reason="A paragraph is missing.")

    def _decline(self, attempt, actor):
        return workflow.decline(self._review(attempt), actor=actor, reason="Not a text for us.")

    def _end_round(self, attempt, actor):
        return workflow.end_round(self._review(attempt), actor=actor)

    def _declare_urgent(self, attempt, actor):
        return workflow.declare_urgent(self._review(attempt), actor=actor, reason="A drug was recalled.")

    def _approve(self, attempt, actor):
        return self._decide(attempt, actor, "approve", "")

    def _request_changes(self, attempt, actor):
        return self._decide(attempt, actor, "request_changes", "The second paragraph is wrong.")

    def _decide(self, attempt, actor, outcome, reason):
        digest = self.world.articles[attempt.article].versions[attempt.version - 1].digest
        return workflow.decide(
            self._assignment(attempt),
            actor=actor,
            outcome=outcome,
            password=self._password(attempt),
            digest=digest[::-1] if attempt["stale"] else digest,
            reason=reason,
        )

    def _withdraw_approval(self, attempt, actor):
        password = self._password(attempt)
        return workflow.withdraw_approval(self._review(attempt), actor=actor, password=password, reason="I erred.")

    def _publish(self, attempt, actor):
        return workflow.publish(self._version(attempt), actor=actor, despite=self._despite(attempt))

    def _schedule(self, attempt, actor):
        at = self.world.now + datetime.timedelta(hours=attempt["hours"])
        return workflow.schedule(self._version(attempt), actor=actor, at=at, despite=self._despite(attempt))

    def _despite(self, attempt) -> int | None:
        return len(self.world.articles[attempt.article].versions) if attempt["despite"] else None

    def _cancel_schedule(self, attempt, actor):
        return workflow.cancel_schedule(self._row("schedule", attempt), actor=actor, reason="Not yet.")

    def _issue_notice(self, attempt, actor):
        return workflow.issue_notice(
            self.rows["article", attempt.article],
            actor=actor,
            kind=attempt["kind"],
            reason="A figure is wrong.",
            versions=list(attempt["versions"]) if attempt["versions"] else None,
            lifts=self._row("notice", attempt) if attempt.index >= 0 else None,
        )

    def _attest(self, attempt, actor):
        digest = self.world.articles[attempt.article].versions[attempt.version - 1].digest
        return workflow.attest(
            self._version(attempt),
            actor=actor,
            capacity=attempt["capacity"],
            password=self._password(attempt),
            digest=digest[::-1] if attempt["stale"] else digest,
        )

    def _comment(self, attempt, actor):
        text = f"Is this so? Asked after {len(self.world.articles[attempt.article].comments)} comments."
        return workflow.comment(self._version(attempt), actor=actor, text=text, blocking=bool(attempt["blocking"]))

    def _resolve(self, attempt, actor):
        reason = "It is so." if attempt["reason"] else ""
        return workflow.resolve_comment(self._row("comment", attempt), actor=actor, reason=reason)

    def _password(self, attempt) -> str:
        return "not the password" if attempt["wrong_password"] else factories.PASSWORD

    def _review(self, attempt):
        return self.rows["review", attempt.article, attempt.version]

    def _version(self, attempt):
        return self.rows["version", attempt.article, attempt.version]

    def _assignment(self, attempt):
        return self.rows["assignment", attempt.article, attempt.version, attempt.index]

    def _row(self, what: str, attempt):
        return self.rows[what, attempt.article, attempt.index]

    def _record_plan(self, attempt, actor):
        return workflow.record_plan(
            self._review(attempt),
            actor=actor,
            reviewer=self.rows["person", attempt["reviewer"]],
            reason="Nobody knows this better.",
            measures="Another specialist reads it too.",
        )

    # What happens beside the steps

    def publish_due(self, hours: int = 0):
        """Let the hours pass and carry out what is due."""
        self.world.now += datetime.timedelta(hours=hours) + TICK
        waiting = {name for name, each in self.world.articles.items() if any(not row.outcome for row in each.schedules)}
        wanted = self.world.carry_out(self.world.now)
        with self.clock():
            closed = workflow.publish_due()
        require(len(closed) == len(wanted), "carried out", closed, "instead of", wanted)
        if wanted:
            self._changed_as_said(wanted, sorted(waiting))
        else:
            self._nothing_changed("publish_due")

    def edit(self, name: str, by: str, **changes):
        """Change the draft, by anybody: it is open at all times, and touches no version (invariant 12)."""
        article = self.world.articles[name]
        was, article.draft = article.draft, article.draft._replace(**changes)
        article.was_high_since |= changes.get("risk") == "high"
        article.touched |= {by, *article.draft.authors}
        row = Article.objects.get(pk=self.rows["article", name].pk)
        with self.clock():
            self._save_draft(row, was, article.draft, self.rows["person", by])
        self._changed_as_said([], [name], draft_stays=False)

    def _save_draft(self, row: Article, was: model.Draft, now: model.Draft, by):
        section = row.sections.first()
        if section.body != now.body or was == now:
            section.body = now.body
            factories.save(section, by)
        if (was.ai, was.risk) != (now.ai, now.risk):
            row.ai_use, row.risk = now.ai, now.risk
            factories.save(row, by)
        for name in set(now.authors) - set(was.authors):
            factories.save(Authorship(article=row, contributor=self.rows["person", name].contributor), by)
        for name in set(was.authors) - set(now.authors):
            authorship = row.authorships.get(contributor=self.rows["person", name].contributor)
            authorship._history_user = by
            authorship.delete()

    def toggle_role(self, name: str, role: str):
        person = self.world.people[name]
        user = get_user_model().objects.get(pk=person.pk)
        group = Group.objects.get(name=Role[role.upper()].group)
        (user.groups.remove if role in person.roles else user.groups.add)(group)
        person.roles ^= {role}
        self._person_changed("roles_changed")

    def toggle_active(self, name: str):
        person = self.world.people[name]
        user = get_user_model().objects.get(pk=person.pk)
        user.is_active = person.active = not person.active
        user.save()
        self._person_changed("account_changed")

    def check_credentials(self, name: str, *, valid: bool):
        """Let a board member's credentials run out yesterday, or be valid again for a year."""
        person, member = self.world.people[name], BoardMember.objects.get(user=self.world.people[name].pk)
        until = self.world.today + datetime.timedelta(days=365 if valid else -1)
        member.credential_checked_on = until - datetime.timedelta(days=365)
        member.credential_valid_until = person.checked_until = until
        member.save()
        self._person_changed("board_changed")

    def disclose(self, name: str, *, valid: bool, conflict: str = ""):
        """Let the disclosure have run out yesterday or be valid for a year, with or without a conflict."""
        person = self.world.people[name]
        disclosure = Disclosure.objects.filter(member__user=person.pk).first()
        until = self.world.today + datetime.timedelta(days=365 if valid else -1)
        disclosure.made_on, disclosure.valid_until = until - datetime.timedelta(days=365), until
        disclosure.none_declared, disclosure.statement = not conflict, "Consulting fees." if conflict else ""
        disclosure.save()
        removed = [row.delete() for row in disclosure.conflict_rows.all()]
        added = [disclosure.conflict_rows.create(topic=factories.topic(conflict))] if conflict else []
        person.disclosed_until, person.conflicts = until, {conflict} if conflict else set()
        self._person_changed(*["disclosure_changed"] * (1 + len(removed) + len(added)))

    def _person_changed(self, *actions: str):
        self._changed_as_said([model.Event(action) for action in actions], [])
