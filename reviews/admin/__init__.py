"""The admin of reviews: people, board and quorums to maintain; process and evidence to read."""

from reviews.admin import board_members, jobs, ledger, people, process  # noqa: F401
