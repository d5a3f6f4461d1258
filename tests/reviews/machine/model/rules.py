"""Which rules refuse each step, in the order in which a person is told."""

import datetime
from collections.abc import Iterator

from tests.reviews.machine.model.things import (
    COUNTS_FOR,
    FORBID_PUBLICATION,
    GUESSES,
    INPUT,
    OWING,
    PENDING,
    WEIGHT,
    WHEN,
    WHO,
    WINDOW,
    Article,
    Attestation,
    Person,
    Version,
)


class Rules:
    """What a World asks before a step is taken."""

    def is_author(self, article: Article, actor: Person) -> bool:
        return actor.name in article.draft.authors and actor.holds("author")

    def is_publisher(self, version: Version, actor: Person) -> bool:
        """Tell whether this editor may publish: no writer, or there is no other editor."""
        others = [each for each in self.people.values() if each.holds("editor") and each.name not in version.writers]
        return actor.holds("editor") and (actor.name not in version.writers or not others)

    def is_commentator(self, article: Article, actor: Person) -> bool:
        return self.is_author(article, actor) or actor.holds("editor") or self.is_asked(article, actor)

    def is_asked(self, article: Article, actor: Person) -> bool:
        return article.was_accepted_by(actor.name) and actor.holds("reviewer")

    def _judge(self, person: Person, article: Article, version: Version, capacity: str) -> Iterator:
        """An active member of the board in that capacity, in date, who wrote no part of it and has no conflict."""
        asked = [row for each in article.versions for row in each.assignments]
        ended = [row.ended for row in asked if row.reviewer == person.name]
        yield WHO, not person.holds("reviewer")
        yield WHO, capacity not in person.capacities
        yield WHO, capacity != "lay" and not self._in_date(person.checked_until)
        yield WHO, not self._in_date(person.disclosed_until)
        yield WHO, self._to_plan(person.name, article, version)
        yield WHO, capacity == "specialist" and article.topic not in person.specialties
        yield WHO, person.name in version.writers
        yield WHO, "conflict" in ended

    def _in_date(self, until: datetime.date | None) -> bool:
        return until is not None and self.today <= until

    # What refuses each step

    def _submit(self, attempt, article, version, actor) -> Iterator:
        change, latest = attempt["change"], article.latest
        yield WHO, not self.is_author(article, actor)
        yield WHEN, article.state in PENDING
        yield INPUT, latest is None and change != "major"
        yield WHEN, latest is not None and latest.draft == article.draft
        yield WHEN, not article.draft.ai
        owing = bool(article.public) and article.versions[article.public - 1].owing
        must_prove = change == "correction" and not owing and not (article.public and article.forbidden(article.public))
        yield INPUT, must_prove and not self._is_correction(article)

    def _is_correction(self, article: Article) -> bool:
        if not article.public:
            return False
        published = article.versions[article.public - 1].draft
        return published._replace(slip=article.draft.slip) == article.draft

    def _assign(self, attempt, article, version, actor) -> Iterator:
        reviewer = self.people[attempt["reviewer"]]
        yield from self._editors_own(version, actor)
        yield WHEN, version.state not in (*PENDING, *OWING)
        yield WHO, reviewer.name == actor.name
        yield from self._judge(reviewer, article, version, attempt["capacity"])
        yield WHEN, article.cannot_complete(version)
        yield WHEN, any(row.reviewer == reviewer.name for row in version.open_assignments())
        yield WHEN, any(row.reviewer == reviewer.name for row in version.live("approve"))
        yield INPUT, bool(attempt["risk"]) and WEIGHT[attempt["risk"]] < WEIGHT[version.risk]
        yield INPUT, bool(attempt["change"]) and WEIGHT[attempt["change"]] < WEIGHT[version.change]
        raised = (attempt["risk"] or version.risk, attempt["change"] or version.change)
        yield INPUT, version.due is not None and raised != (version.risk, version.change)

    def _editors_own(self, version: Version, actor: Person) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHO, actor.name in version.writers

    def _unassign(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield from self._open_assignment(attempt, version)

    def _accept(self, attempt, article, version, actor) -> Iterator:
        row = version.assignments[attempt.index]
        yield from self._own_assignment(attempt, version, actor)
        yield from self._open_assignment(attempt, version)
        yield WHO, self._has_interest(actor.name, article, version)
        yield WHO, actor.name in version.writers
        yield WHEN, row.accepted

    def _recuse(self, attempt, article, version, actor) -> Iterator:
        yield from self._own_assignment(attempt, version, actor)
        yield from self._open_assignment(attempt, version)

    def _own_assignment(self, attempt, version, actor) -> Iterator:
        yield WHO, version.assignments[attempt.index].reviewer != actor.name
        yield WHO, not actor.holds("reviewer")

    def _open_assignment(self, attempt, version) -> Iterator:
        yield WHEN, version.state not in ("under_review", *OWING)
        yield WHEN, bool(version.assignments[attempt.index].ended)

    def _recall(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not self.is_author(article, actor)
        yield WHEN, version.state not in PENDING
        yield WHEN, bool(version.decisions)

    def _decline(self, attempt, article, version, actor) -> Iterator:
        yield from self._editors_own(version, actor)
        yield WHEN, version.state not in PENDING

    def _declare_urgent(self, attempt, article, version, actor) -> Iterator:
        yield from self._editors_own(version, actor)
        yield WHEN, version.state != "under_review"
        yield WHEN, version.due is not None
        yield WHEN, version.urgent_days is None
        yield WHEN, bool(version.live("request_changes"))
        yield WHEN, any(row.blocking and not row.resolved for row in article.comments)

    def _record_plan(self, attempt, article, version, actor) -> Iterator:
        yield from self._editors_own(version, actor)
        yield WHO, attempt["reviewer"] == actor.name
        yield WHEN, version.state not in (*PENDING, "approved", "published", *OWING)
        yield WHEN, not self._to_plan(attempt["reviewer"], article, version)

    def _end_round(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, version.state != "under_review"
        yield WHEN, not version.live("request_changes")

    def _password(self, attempt, actor) -> Iterator:
        recent = [at for at in actor.guesses if at > self.now - WINDOW]
        yield INPUT, len(recent) >= GUESSES
        yield INPUT, bool(attempt["wrong_password"])

    def _request_changes(self, attempt, article, version, actor) -> Iterator:
        row = version.assignments[attempt.index]
        yield from self._password(attempt, actor)
        yield from self._own_assignment(attempt, version, actor)
        yield from self._judge(actor, article, version, row.capacity)
        yield from self._open_assignment(attempt, version)
        yield WHEN, not row.accepted
        yield WHEN, bool(attempt["stale"])

    def _approve(self, attempt, article, version, actor) -> Iterator:
        yield from self._request_changes(attempt, article, version, actor)
        yield WHEN, article.cannot_complete(version)
        yield WHEN, any(row.reviewer != actor.name for row in version.live("request_changes"))
        yield WHEN, any(row.blocking and not row.resolved for row in article.comments)

    def _withdraw_approval(self, attempt, article, version, actor) -> Iterator:
        yield from self._password(attempt, actor)
        yield WHO, not actor.holds("reviewer")
        own = [row for row in version.live("approve") if row.reviewer == actor.name]
        yield WHO, not any(row.capacity != "lay" for row in own)  # a lay approval made nothing approved
        yield WHEN, version.state not in ("approved", "approved_urgently")

    def _publish(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not self.is_publisher(version, actor)
        yield WHEN, version.state not in ("approved", "approved_urgently")
        yield WHEN, version.owing and bool(version.live("request_changes"))
        yield WHEN, bool(article.public) and version.number <= article.public
        yield WHEN, article.forbidden(version.number)
        yield WHEN, any(row.blocking and not row.resolved for row in article.comments)
        counting = [row.reviewer for row in version.live("approve") if row.capacity != "lay"]
        yield WHEN, any(self._has_interest(name, article, version) for name in counting)
        small, public = version.change != "major", article.public or 0
        over = [article.forbidden(number, ("concern",)) for number in (public, version.number)]
        yield WHEN, small and over == [True, False]
        yield WHEN, not (version.owing and not small) and not article.rests(version)
        yield WHEN, small and version.corrects and version.base != article.public
        yield WHEN, article.latest.number > version.number and not attempt["despite"]

    def _has_interest(self, name: str, article: Article, version: Version) -> bool:
        """Tell whether a conflict was declared or found, be it after this person signed."""
        asked = [row for each in article.versions for row in each.assignments if row.reviewer == name]
        return self._to_plan(name, article, version) or "conflict" in [row.ended for row in asked]

    def _to_plan(self, name: str, article: Article, version: Version) -> bool:
        """Tell whether this person has disclosed an interest on the topic for which the version has no plan."""
        return article.topic in self.people[name].conflicts and name not in version.planned_for

    def _schedule(self, attempt, article, version, actor) -> Iterator:
        yield from self._publish(attempt, article, version, actor)
        yield WHEN, any(not row.outcome for row in article.schedules)
        yield INPUT, attempt["hours"] <= 0

    def _cancel_schedule(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, bool(article.schedules[attempt.index].outcome)

    def _issue_notice(self, attempt, article, version, actor) -> Iterator:
        yield WHO, not actor.holds("editor")
        yield WHEN, not article.public
        if attempt.index >= 0:
            yield INPUT, article.notices[attempt.index].kind != attempt["kind"]
            yield WHEN, not article.notices[attempt.index].in_force
        elif attempt["versions"]:
            yield INPUT, not set(attempt["versions"]) <= {each.number for each in article.versions}
            published = {each.number for each in article.versions if each.published}
            yield INPUT, not set(attempt["versions"]) & published

    def _attest(self, attempt, article, version, actor) -> Iterator:
        yield from self._password(attempt, actor)
        yield INPUT, attempt["capacity"] == "lay"
        yield from self._judge(actor, article, version, attempt["capacity"])
        yield WHEN, version.state != "published"
        yield WHEN, bool(attempt["stale"])
        yield WHEN, article.public != version.number
        yield WHEN, article.forbidden(version.number, (*FORBID_PUBLICATION, "concern"))
        newer = article.latest.number > version.number and article.latest.state
        yield WHEN, newer in (*PENDING, "approved")
        yield WHEN, any(row.blocking and not row.resolved for row in article.comments)
        yield WHEN, not article.rests(version)
        mine = [row for row in version.attestations if row.reviewer == actor.name][-1:]
        yield WHEN, any(row.at.date() == self.today or row in self.still_counting(article, version) for row in mine)

    def still_counting(self, article: Article, version: Version) -> list[Attestation]:
        """Return the attestations that neither moved the dates, nor are too old, nor by one with an interest since."""
        rows = [row for row in version.attestations if not row.used and row.at > self.now - COUNTS_FOR]
        return [row for row in rows if not self._has_interest(row.reviewer, article, version)]

    def _comment(self, attempt, article, version, actor) -> Iterator:
        yield WHO, bool(attempt["blocking"]) and not self.is_asked(article, actor)
        yield WHO, not self.is_commentator(article, actor)

    def _resolve(self, attempt, article, version, actor) -> Iterator:
        row = article.comments[attempt.index]
        writers = article.versions[row.version - 1].writers | article.latest.writers
        mine = row.author == actor.name
        yield WHO, row.blocking and actor.name in writers
        yield WHO, not actor.holds("reviewer") and not (mine and self.is_commentator(article, actor))
        yield INPUT, not mine and not attempt["reason"]
        yield WHEN, row.resolved
