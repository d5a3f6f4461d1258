"""The admin of reviews: people, board and quorums to be maintained, process and evidence to be read."""

from reviews.admin import board_members, jobs, ledger, people, process  # noqa: F401
