"""What people read of the rules' findings in a library: a label, the rule and an address, and none of its words."""

import re
from collections import defaultdict

from articles.checks.families import BY_NUMBER
from articles.checks.finding import Severity
from tests.benchmarks.checks import BLOCKER, LABELS

ROW = re.compile(r"(right|wrong)\t([A-Z]+-\d{3})\t\w+ -?\d+ \d+ \d+")


def rows():
    return LABELS.read_text(encoding="utf-8").splitlines()[1:]


def test_a_label_is_a_judgement_a_rule_and_an_address_and_stands_once():
    found = [ROW.fullmatch(row) for row in rows()]

    assert all(found)
    assert {row[2] for row in found} <= BY_NUMBER.keys()
    assert len({row[0].partition("\t")[2] for row in found}) == len(found)


def test_a_rule_that_blocks_is_right_in_95_of_100_of_the_findings_that_were_read():
    read = defaultdict(list)
    for row in rows():
        label, rule, _address = row.split("\t")
        read[rule].append(label == "right")
    blocking = {rule: labels for rule, labels in read.items() if BY_NUMBER[rule].severity == Severity.BLOCK}

    assert {"MED-002", "MED-003"} <= blocking.keys()
    assert [rule for rule, labels in blocking.items() if sum(labels) / len(labels) < BLOCKER] == []
