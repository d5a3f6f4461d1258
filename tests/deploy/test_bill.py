"""`make sbom` compares the bill of materials that it writes with the lock; the comparison finds each fault."""

import copy

import pytest

from tests.deploy.bill import LOCK, differences, locked

pytestmark = pytest.mark.once

PINS = locked(LOCK.read_text())


def bill() -> dict:
    """Return a bill of all that is locked, as CycloneDX has it."""
    return {
        "bomFormat": "CycloneDX",
        "metadata": {"component": {"name": "imprimatur", "version": release()}},
        "components": [
            {
                "name": name,
                "version": version,
                "externalReferences": [{"hashes": [{"alg": "SHA-256", "content": digest} for digest in digests]}],
            }
            for (name, version), digests in PINS.items()
        ],
    }


def release() -> str:
    return (LOCK.parents[2] / "pyproject.toml").read_text().split('version = "')[1].split('"')[0]


def test_a_whole_bill_is_right():
    assert len(PINS) > 30
    assert differences(bill(), PINS) == []


def forget(bill):
    bill["components"] = [part for part in bill["components"] if part["name"] != "django"]


def add(bill):
    bill["components"].append({"name": "left-pad", "version": "1.0"})


def alter(bill):
    (part,) = (part for part in bill["components"] if part["name"] == "django")
    part["externalReferences"][0]["hashes"].pop()


def age(bill):
    bill["metadata"]["component"]["version"] = "0.0.1"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (forget, "django {django} is not in the bill."),
        (add, "left-pad 1.0 is in no lock."),
        (alter, "django {django} has other digests."),
        (age, "The bill is of imprimatur 0.0.1."),
    ],
)
def test_a_fault_of_a_bill_is_said(spoil, said):
    spoilt = copy.deepcopy(bill())
    spoil(spoilt)

    (django,) = (version for name, version in PINS if name == "django")
    assert differences(spoilt, PINS) == [said.format(django=django)]
