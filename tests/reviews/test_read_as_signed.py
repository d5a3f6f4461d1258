"""What a signer read is known from the statement that they signed, exactly as it was put there, or not at all."""

from itertools import product

import pytest

from articles.models import Version
from articles.review_process import Read
from reviews.models import Capacity, Signature
from reviews.workflow.approval.opened import Texts, opened_sentence, read_by
from reviews.workflow.approval.signing import statement

DIGEST = "ab" * 32
LABELS = {"public": "patient, or member of the public", "carer": "carer", "professional": "nurse and doctor"}


def signed(more, title="A text"):
    version = Version(number=2, title=title, digest=DIGEST)
    return statement(Signature.Meaning.APPROVAL, version, Capacity.CLINICAL, more)


@pytest.mark.parametrize("kinds", [*product(["here", "changes", "there", ""], repeat=3)])
def test_each_sentence_that_is_signed_is_read_back(kinds):
    ways = {key: kind for key, kind in zip(LABELS, kinds, strict=True) if kind}
    of = {kind: [key for key, each in ways.items() if each == kind] for kind in ("here", "changes", "there")}
    texts = Texts({key: LABELS[key] for key in ways}, frozenset(of["here"]), 1, changes=bool(of["changes"]))
    said = signed(opened_sentence(texts, of["there"]) + " As a specialist I have read the new or changed section “A”.")

    whole = frozenset(LABELS[key] for key in of["here"] + of["there"])
    assert read_by(said, DIGEST) == (Read(whole, 1 if of["changes"] else 0) if ways else None)


@pytest.mark.parametrize(
    "more",
    [
        "",
        " I have read it.",
        " I have read the text for “a” here",
        " With it I sign 2 answers to the worksheet (SHA-256 00).",
        " I have read the text for “one” and “two”” here.",
    ],
)
def test_whatever_else_is_signed_says_nothing(more):
    assert read_by(signed(more), DIGEST) is None
    assert read_by(signed(more, title="I have read the text for “carer” here."), DIGEST) is None


def test_a_statement_for_another_text_says_nothing():
    assert read_by(signed(" I have read the text for “carer” here."), "cd" * 32) is None
