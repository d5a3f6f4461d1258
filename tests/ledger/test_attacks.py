"""What an attack of a test has switched off is in force again for the next test."""

import os

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article
from tests.factories import article
from tests.ledger import attacks


@pytest.mark.parametrize("turn", ["first", "second"])
def test_an_attack_ends_with_its_test(author, turn, tmp_path_factory):
    if process := os.environ.get("PYTEST_XDIST_WORKER"):  # both turns have to be of one process: tests/scheduling.py
        of_all = tmp_path_factory.getbasetemp().parent / "attack"
        assert (of_all.read_text() if of_all.exists() else process) == process
        of_all.write_text(process)
    draft = article(author)

    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=draft.pk).update(title="")

    attacks.disarm()
