"""In the administration, nobody reads what the board wrote among itself about a text that they contributed to."""

import pytest
from django.urls import reverse

from articles.models import Authorship
from reviews import workflow
from tests.factories import edit, person, save, submitted, under_review


@pytest.mark.django_db(transaction=True)
def test_an_administrator_who_wrote_the_text_is_not_shown_board_only_comments(client, author, editor, clinical):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))
    among_us = workflow.comment(version, actor=clinical, text="Among us.", board_only=True)
    plain = workflow.comment(version, actor=clinical, text="For all.")
    writer, other = (person(name, groups=["admin"]) for name in ("writer", "other"))
    save(Authorship(article=version.article, contributor=writer.contributor), author)
    edited = person("edited", groups=["admin"])
    edit(version.article, "Lymph nodes.", by=edited)

    for who, sees in ((other, True), (writer, False), (edited, False)):
        client.force_login(who)
        for row in (among_us, among_us.anchors.get()):
            page = reverse(f"admin:reviews_{row._meta.model_name}_change", args=[row.pk])
            assert (client.get(page).status_code == 200) == sees, (who, row)
            history = reverse(f"admin:reviews_{row._meta.model_name}_history", args=[row.pk])
            one = f"{history}{row.history.get().pk}/"
            assert [client.get(each).status_code for each in (history, one)] == ([200] * 2 if sees else [404] * 2)
        assert client.get(reverse("admin:reviews_comment_change", args=[plain.pk])).status_code == 200
        listed = client.get(reverse("admin:reviews_comment_changelist")).content.decode()
        assert (f"Comment {among_us.pk} by" in listed) == sees
