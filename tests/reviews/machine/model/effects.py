"""What the world is after each step, and which event tells of it."""

import datetime

from tests.reviews.machine.model.things import (
    FORBID_PUBLICATION,
    Article,
    Assignment,
    Attestation,
    Comment,
    Decision,
    Notice,
    Schedule,
    Version,
    fills,
)


class Effects:
    """What a World becomes when a step is taken."""

    def _then_submit(self, attempt, article, version):
        draft, change = article.draft, attempt["change"]
        if article.needs_full_review(change):
            change = "major"
        latest = article.latest
        raised = latest and latest.risk == "high" and latest.draft.risk == "standard"
        risk = "high" if raised and not article.was_high_since else draft.risk
        article.was_high_since = False
        quorum, open_review, urgent_days = self._quorum(article.kind, risk, change)
        article.versions.append(
            Version(
                number=len(article.versions) + 1,
                draft=draft,
                change=change,
                risk=risk,
                writers=frozenset({article.created_by, *article.touched}),
                quorum=quorum,
                open_review=open_review,
                urgent_days=urgent_days,
                base=article.public,
                corrects=change == "correction",
            )
        )
        return "submitted", "author"

    def _quorum(self, kind: str, risk: str, change: str) -> tuple[dict, bool, int | None]:
        default = {"clinical": 2, "specialist": 1, "pharmacist": int(risk == "high")}
        quorum, open_review, urgent_days = self.quorums.get((kind, risk), (default, False, None))
        if change == "correction":
            return {"clinical": 1, "specialist": 0, "pharmacist": 0}, open_review, None
        return quorum, open_review, urgent_days

    def _then_assign(self, attempt, article, version):
        old = (version.risk, version.change)
        version.risk, version.change = attempt["risk"] or version.risk, attempt["change"] or version.change
        if (version.risk, version.change) != old:
            raised, _, version.urgent_days = self._quorum(article.kind, version.risk, version.change)
            version.quorum = {capacity: max(raised[capacity], version.quorum[capacity]) for capacity in raised}
        if not version.owing:
            version.status = "under_review"
        version.assignments.append(Assignment(attempt["reviewer"], attempt["capacity"], attempt.actor))
        return "assigned", "editor"

    def _then_unassign(self, attempt, article, version):
        version.assignments[attempt.index].ended = "unassigned"
        self._end_round_if_finished(version)
        return "unassigned", "editor"

    def _then_accept(self, attempt, article, version):
        version.assignments[attempt.index].accepted = True
        return "accepted", "reviewer"

    def _then_recuse(self, attempt, article, version):
        row = version.assignments[attempt.index]
        row.ended = "conflict" if attempt["conflict"] else "recused" if row.accepted else "declined"
        self._end_round_if_finished(version)
        return "recused", "reviewer"

    def _end_round_if_finished(self, version: Version):
        if not version.owing and version.live("request_changes") and not version.open_assignments():
            version.status = "changes_requested"

    def _end(self, version: Version, status: str):
        version.status = status
        for row in version.open_assignments():
            row.ended = "review_ended"

    def _then_declare_urgent(self, attempt, article, version):
        version.due, version.change = self.today + datetime.timedelta(days=version.urgent_days), "major"
        if version.approves_urgently():
            version.status = "approved"
        return "urgency_declared", "editor"

    def _then_record_plan(self, attempt, article, version):
        version.planned_for.add(attempt["reviewer"])
        return "plan_recorded", "editor"

    def _then_recall(self, attempt, article, version):
        self._end(version, "recalled")
        return "recalled", "author"

    def _then_decline(self, attempt, article, version):
        self._end(version, "declined")
        return "declined", "editor"

    def _then_end_round(self, attempt, article, version):
        self._end(version, "changes_requested")
        return "round_ended", "editor"

    def _decide(self, attempt, version):
        row = version.assignments[attempt.index]
        row.ended = "decided"
        for earlier in version.decisions:
            earlier.live = earlier.live and earlier.reviewer != row.reviewer
        version.decisions.append(Decision(row.reviewer, row.capacity, attempt.step))

    def _then_approve(self, attempt, article, version):
        self._decide(attempt, version)
        if version.due and version.approves_urgently():
            version.status = "approved"
        late = [
            row.reviewer
            for row in version.live("approve")
            if version.owing and self._has_interest(row.reviewer, article, version)
        ]
        if version.has_full_quorum(without=late):
            version.completed = version.due is not None
            self._end(version, "approved")
            version.approved_on = self.today
            if version.published:
                self._review_dates(article, version)
        return "decided", "reviewer"

    def _then_request_changes(self, attempt, article, version):
        self._decide(attempt, version)
        self._end_round_if_finished(version)
        return "decided", "reviewer"

    def _then_withdraw_approval(self, attempt, article, version):
        approval = next(row for row in version.live("approve") if row.reviewer == attempt.actor)
        approval.live = False
        version.decisions.append(Decision(approval.reviewer, approval.capacity, "withdraw"))
        self._end(version, "changes_requested")
        self._close(article, version, "cancelled")
        return "approval_withdrawn", "reviewer"

    def _then_publish(self, attempt, article, version):
        version.published, article.public = True, version.number
        self._review_dates(article, version)
        for older in article.versions[: version.number - 1]:
            if older.owing:
                self._end(older, "approved")
        self._close(article, version, "published")
        return "published", "editor"

    def _review_dates(self, article: Article, version: Version):
        if version.change == "major" and not version.owing:
            article.last_reviewed = version.approved_on
            years = 1 if version.risk == "high" else 2
            article.next_due = version.approved_on.replace(year=version.approved_on.year + years)

    def _close(self, article: Article, version: Version, outcome: str):
        for row in article.schedules:
            if row.version == version.number and not row.outcome:
                row.outcome = outcome

    def _then_schedule(self, attempt, article, version):
        at = self.now + datetime.timedelta(hours=attempt["hours"])
        article.schedules.append(Schedule(version.number, at, attempt.actor, article.latest.number))
        return "scheduled", "editor"

    def _then_cancel_schedule(self, attempt, article, version):
        article.schedules[attempt.index].outcome = "cancelled"
        return "schedule_cancelled", "editor"

    def _then_issue_notice(self, attempt, article, version):
        every = tuple(each.number for each in article.versions)
        published = tuple(each.number for each in article.versions if each.published)
        unnamed = {"removal": every, "correction": published}.get(attempt["kind"], (article.public,))
        versions = attempt["versions"] or unnamed
        if attempt.index >= 0:
            lifted = article.notices[attempt.index]
            lifted.lifted, versions = True, lifted.versions
        elif attempt["kind"] in FORBID_PUBLICATION:
            for each in article.versions:
                if each.owing and each.number in versions:
                    self._end(each, "approved")
        lifts = attempt.index if attempt.index >= 0 else None
        article.notices.append(Notice(attempt["kind"], tuple(sorted(versions)), lifts))
        return "notice_issued", "editor"

    def _then_attest(self, attempt, article, version):
        row = Attestation(attempt.actor, attempt["capacity"], self.now)
        counting = [*self.still_counting(article, version), row]
        version.attestations.append(row)
        needed, _, _ = self._quorum(article.kind, version.risk, "major")
        if fills([each.capacity for each in counting], needed):
            row.moved = True
            for each in version.attestations:
                each.used = True
            years = 1 if version.risk == "high" else 2
            article.last_reviewed, article.next_due = self.today, self.today.replace(year=self.today.year + years)
        return "attested", "reviewer"

    def _then_comment(self, attempt, article, version):
        article.comments.append(Comment(attempt.actor, version.number, bool(attempt["blocking"])))
        return "commented", ""

    def _then_resolve(self, attempt, article, version):
        article.comments[attempt.index].resolved = True
        return "comment_resolved", ""
