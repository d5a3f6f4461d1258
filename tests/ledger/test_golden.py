"""
The events of the whole story, byte for byte as releases have written them.

Left out is what differs each time the story is told: digests, salts, made-up names, times, and numbers of rows.
"""

import gzip
import json
import re
from pathlib import Path

import pytest

from reviews.models import LedgerEvent
from reviews.models.actions import Action

GOLDEN = Path(__file__).parent / "golden" / "events.txt"
RELEASES = Path(__file__).parent.parent / "releases"
PASSING = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{16,64}\b"), "<hex>"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|\+00:00)?)?"), "<time>"),
    (re.compile(r"([a-z]+_[a-z]+):[0-9]+"), r"\1:<key>"),
    (re.compile(r'("(?:account|actor)":)"[0-9]+"'), r'\1"<key>"'),
    (re.compile(r"\b(issuer|confirmer)[0-9]+", re.IGNORECASE), r"\1<n>"),
    (re.compile(r'"public_key":"[^"]+"'), '"public_key":"<key>"'),
    (re.compile(r'"findings":\{[^}]*\}'), '"findings":{<found>}'),  # another with each rule of the checks
    (re.compile(r'"sections":\["[^\]]+"\]'), '"sections":[<keys>]'),
]


def lasting(text: str) -> str:
    """Return the text of an event's part without what is another each time."""
    for pattern, stands in PASSING:
        text = pattern.sub(stands, text)
    return re.sub(r"(\[\[)[0-9, \[\]]+(\]\])", r"\1…\2", text)


def written() -> list[str]:
    """Return one line for each event: its name, whether it has an article and an actor, and both its parts."""
    rows = LedgerEvent.objects.order_by("position").select_related("private")
    return [
        " ".join(
            [
                row.action,
                "article" if row.article else "-",
                "actor" if row.actor else "-",
                lasting(row.payload),
                lasting(_sorted(row.private.text)) if row.private_commitment else "-",
            ]
        )
        for row in rows
    ]


def _sorted(text: str) -> str:
    """Return the private part with the names of its rows in an order that is the same each time."""
    said = json.loads(text)
    for part in ("rows", "settings"):
        if part in said:
            said[part] = sorted(lasting(name) for name in said[part])
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def test_the_events_of_the_story_keep_their_bytes(story):
    golden = GOLDEN.read_text().splitlines()

    assert written() == golden


ELSEWHERE = {  # what no story of a new ledger tells, and where it is tested
    Action.ACCOUNT_DELETED: "../reviews/test_people.py",
    Action.SETTINGS_RECORDED: "test_earlier_releases.py",
    Action.KEY_ROTATED: "test_keys.py",
    Action.KEY_ACCEPTED: "test_keys.py",
    Action.CHECKPOINT_MADE: "test_checkpoints.py",
    Action.RESTORE_ACCEPTED: "../backup/test_accepting.py",
    Action.DEMO_STARTED: "../reviews/test_demo.py",
    Action.DEMO_FINISHED: "../reviews/test_demo.py",
    Action.URGENCY_DECLARED: "../reviews/test_urgency.py",
    Action.FULL_REVIEW_COMPLETED: "../reviews/test_urgency.py",
}


def test_every_other_event_is_in_the_story():
    """So that the golden file has one of each, and none that the table does not name."""
    told = {line.split()[0] for line in GOLDEN.read_text().splitlines()}

    assert {*Action} - told == ELSEWHERE.keys()
    assert told <= {*Action}


@pytest.mark.parametrize("dump", sorted(RELEASES.glob("*.sql.gz")), ids=lambda path: path.name)
def test_every_name_that_a_release_wrote_is_still_known(dump):
    """Each event has its name after its time, whatever the database's way to write a row down."""
    written = gzip.decompress(dump.read_bytes()).decode()
    names = {*re.findall(r"\d\.\d{6}Z(?:'\s*,\s*'|\t)([a-z_]+)", written)}

    assert len(names) > 20
    assert names <= {*Action}
