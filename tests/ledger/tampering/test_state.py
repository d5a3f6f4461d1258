"""What the ledger leads to: pointers, statuses, schedules, roles and accounts that are no longer what it says."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from articles.models import Article, Version
from articles.models.people import Role
from reviews.models import LedgerEvent, Review, Schedule
from tests.ledger import attacks
from tests.ledger.attacks import execute, look, undone
from tests.ledger.tampering.cells import cells, is_named, tried


class TestState:
    def test_every_pointer_of_every_article(self, defenceless):
        moves, end, found = last_moves(), LedgerEvent.objects.count(), 0
        each_article = [pointers(article) for article in Article.objects.order_by("pk")]

        for together in attacks.rounds(*each_article):
            with undone():
                made = [move for move in together if attacks.change(Article, move[0].pk, *move[1:])]
                problems = look(check_signatures=False)
                for article, *move in made:
                    position = moves.get(str(article.public_id), end + 1)
                    assert is_named(problems, "pointer", position, f"Article {article.pk} "), (article.pk, move)
                    found += 1

        print(f"\npointers of articles moved and found: {found}")
        assert found > 140

    def test_an_article_deleted_or_under_another_public_id(self, defenceless):
        article = defenceless.articles["nodes"]
        position = last_moves()[str(article.public_id)]

        with undone():
            attacks.delete(Article, article.pk)
            assert is_named(look(), "pointer", position, "missing")
        for cell in tried(cells(Article, article.pk, "public_id")):
            assert is_named(look(), "pointer", position, "missing"), cell

    def test_every_status_of_every_review(self, defenceless):
        found = 0
        each_review = [
            [(review, status) for status in [*Review.Status.values, "whatever"] if status != review.status]
            for review in Review.objects.order_by("pk")
        ]

        for together in attacks.rounds(*each_review):
            with undone():
                made = [move for move in together if attacks.change(Review, move[0].pk, "status", move[1])]
                problems = look(check_signatures=False)
                for review, status in made:
                    assert is_of_status(problems, review), (review, status)
                    found += 1

        print(f"\nstatuses of reviews changed and found: {found}")
        assert found > 50

    def test_published_at_set_and_cleared(self, defenceless):
        for review in Review.objects.order_by("pk"):
            with undone():
                attacks.change(
                    Review, review.pk, "published_at", None if review.published_at else "2020-01-01 00:00:00"
                )
                assert is_of_status(look(check_signatures=False), review)

    def test_a_schedule_opened_again(self, defenceless):
        told_of, found = attacks.told_of(), 0

        for row in Schedule.objects.filter(closed_at__isnull=False):
            with undone():
                execute(
                    "UPDATE reviews_schedule SET closed_at = NULL WHERE id = %s AND outcome = 'published'", [row.pk]
                )
                attacks.change(Schedule, row.pk, "outcome", "")
                name = f"reviews_schedule:{row.pk}"
                assert is_named(look(check_signatures=False), "row", told_of[name], f"row {name} ")
                found += 1

        assert found >= 3

    def test_roles_granted_and_removed(self, defenceless):
        groups, found = list(Group.objects.filter(name__in=Role.groups())), 0
        people = list(get_user_model().objects.order_by("pk"))

        for group in groups:
            with undone():
                for user in people:
                    grant_or_remove(user, group)
                problems = look(check_signatures=False)
                for user in people:
                    assert any(p.kind == "role" and f"Account {user.pk} " in p.message for p in problems), user
                    found += 1

        print(f"\nroles granted and removed by raw SQL, and found: {found}")
        assert found > 50

    def test_a_role_group_renamed_or_deleted(self, defenceless):
        for group in Group.objects.filter(name__in=[Role.EDITOR.group, Role.REVIEWER.group]):
            with undone():
                execute("UPDATE auth_group SET name = 'Others' WHERE id = %s", [group.pk])
                assert "role" in {problem.kind for problem in look()}
            with undone():
                execute("DELETE FROM auth_group WHERE id = %s", [group.pk])
                assert "role" in {problem.kind for problem in look()}

    def test_an_account_made_active_again_or_given_another_address(self, defenceless):
        leaver = get_user_model().objects.get(username="leaver")
        changed = LedgerEvent.objects.filter(action="account_changed").order_by("position").last().position

        with undone():
            execute("UPDATE auth_user SET is_active = %s WHERE id = %s", [True, leaver.pk])
            assert is_named(look(), "setting", changed, f"The account {leaver.pk} (auth_user:{leaver.pk}) is not as")
        with undone():
            execute("UPDATE auth_user SET email = 'mallory@example.org' WHERE id = %s", [leaver.pk])
            assert is_named(look(), "setting", changed, f"The account {leaver.pk} (auth_user:{leaver.pk}) is not as")

    def test_who_wrote_a_draft_cannot_be_taken_out_of_its_history(self, defenceless):
        drafts = attacks.draft_rows()["articles_historicalsection"]

        for writer in (None, defenceless.clinical.pk):
            with undone():
                execute(
                    "UPDATE articles_historicalsection SET history_user_id = %s WHERE history_id = %s",
                    [writer, min(drafts)],
                )
                assert is_named(look(check_signatures=False), "history", drafts[min(drafts)])


def last_moves() -> dict[str, int]:
    """Return the position of the event that last moved a pointer of each article."""
    moves = LedgerEvent.objects.filter(action__in=["submitted", "published", "attested"]).order_by("position")
    return dict(moves.values_list("article", "position"))


def pointers(article) -> list[tuple]:
    """Return (article, column, value) for everywhere else that the article's pointers could point."""
    versions = list(Version.objects.values_list("pk", flat=True))
    moves = [
        (article, column, value)
        for column in ("latest_version_id", "published_version_id")
        for value in [*versions, None, 999_999]
        if value != getattr(article, column)
    ]
    days = [("last_reviewed", "2031-01-01"), ("next_review_due", "2031-01-01")]
    days += [(column, None) for column, _ in days if getattr(article, column)]
    return moves + [(article, *day) for day in days]


def is_of_status(problems, review) -> bool:
    return any(problem.kind == "status" and f"Review {review.pk} " in problem.message for problem in problems)


def grant_or_remove(user, group):
    if user.groups.filter(pk=group.pk).exists():
        execute("DELETE FROM auth_user_groups WHERE user_id = %s AND group_id = %s", [user.pk, group.pk])
    else:
        execute("INSERT INTO auth_user_groups (user_id, group_id) VALUES (%s, %s)", [user.pk, group.pk])
