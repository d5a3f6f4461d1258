"""
Faults at random instants: processes killed, PostgreSQL stopped at once, a disk that is full.

Each module is a command (`python -m tests.faults.killed --rounds 1000`) that prints what it did and exits with 1 when
a promise is broken. The suite runs a few rounds of each, and each with a promise broken on purpose.
"""
