"""What an attack of a test has switched off is in force again for the next test."""

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article
from tests.factories import article
from tests.ledger import attacks


@pytest.mark.xdist_group("what an attack leaves behind")
@pytest.mark.parametrize("turn", ["first", "second"])
def test_an_attack_ends_with_its_test(author, turn):
    draft = article(author)

    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=draft.pk).update(title="")

    attacks.disarm()
