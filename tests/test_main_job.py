"""The main job, whole: real articles from file to signed and published page, and every forgery afterwards found."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from lxml import html

from articles.models import Article
from reviews import workflow
from reviews.evidence import triggers
from reviews.models import Review
from tests import factories
from tests.factories import PASSWORD
from tests.samples import OURS, PAIRS


@pytest.fixture
def pair():
    return OURS


@pytest.fixture
def published(pair, author, editor, clinical):
    """Import both samples by the command and take them to publication, with passwords, through the workflow."""
    specialist = factories.board_member("reviewer2", "Simon Specialist", ["specialist"], specialties=pair.subjects)
    factories.disclaimers()
    articles = []
    for path in pair:
        call_command("import_article", str(path), "--author", "author", stdout=io.StringIO())
        article = Article.objects.order_by("-pk")[0]
        version = workflow.submit(article, actor=author, change="major", note="First version")
        for reviewer, capacity in ((clinical, "clinical"), (specialist, "specialist")):
            assignment = workflow.assign(version.review, actor=editor, reviewer=reviewer, capacity=capacity)
            workflow.accept(assignment, actor=reviewer)
            workflow.decide(
                assignment, actor=reviewer, outcome="approve", password=PASSWORD, digest=version.digest
            )  # fmt: skip
        workflow.publish(version, actor=editor)
        articles.append(Article.objects.get(pk=article.pk))
    return articles


def page_of(client, article):
    answer = client.get(article.get_absolute_url(), follow=True)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_the_pages_show_what_the_files_hold(client, pair, published):
    question, topic = (page_of(client, article) for article in published)
    tables_in_file = len(re.findall(r"^\|---", pair.topic.read_text(), re.MULTILINE))
    items_in_file = re.findall(r"^\d\. (\S+)", pair.topic.read_text(), re.MULTILINE)
    journals_in_file = re.findall(r"container-title: ([\w ]+)\}", pair.question.read_text())

    assert len(topic.xpath("//article//table")) == tables_in_file >= 6
    assert len(topic.xpath("//article//table[caption][thead/tr/th[@scope='col']]")) == tables_in_file
    items = topic.xpath("//article//section[not(@id='references')]/ol/li")
    assert [item.text_content().split()[0] for item in items] == items_in_file != []
    assert [sup.text_content() for sup in question.xpath("//article//sup")] == ["[1]", "[2]", "[3]", "[4]", "[5]"]
    references = question.xpath("//*[@id='references']//ol/li")
    assert len(references) == len(journals_in_file) == 5
    for reference, journal in zip(references, journals_in_file, strict=True):
        assert journal in reference.text_content()
    for page in (question, topic):
        assert "Medically reviewed by" in page.text_content()
        assert "Clara Clinical" in page.text_content()


def test_all_is_well_and_an_outsider_agrees(published, tmp_path):
    from reviews.evidence.ledger import verify_export

    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    call_command("verify_pages", stdout=out)
    call_command("export_ledger", str(tmp_path / "ledger.jsonl"))

    assert "All is well" in out.getvalue()
    assert "Compared 6 pages with what was signed: 0 differ." in out.getvalue()
    assert "All is well" in verify_export.verify((tmp_path / "ledger.jsonl").read_text())


FORGERIES = {
    "a letter of the published text": "UPDATE articles_versiontext SET text = replace(text, 'iron', 'irom')",
    "a signer's name": "UPDATE reviews_signature SET printed_name = 'Dr Nobody' WHERE id = {signature}",
    "a decision deleted": "DELETE FROM reviews_decision WHERE id = {decision}",
    "a status changed": "UPDATE reviews_review SET status = 'declined', published_at = NULL WHERE id = {review}",
    "a pointer moved": "UPDATE articles_article SET published_version_id = NULL WHERE id = {article}",
    "a review date moved": "UPDATE articles_article SET last_reviewed = '2030-01-01' WHERE id = {article}",
    "a ledger event changed": "UPDATE reviews_ledgerevent SET actor = '999' WHERE position = 9",
    "a ledger event deleted": (
        "DELETE FROM reviews_ledgerprivate WHERE event_id = 12; DELETE FROM reviews_ledgerevent WHERE position = 12"
    ),
    "a writer taken out of the history": "UPDATE articles_historicalsection SET history_user_id = NULL",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_once_the_triggers_are_gone(published, name):
    review = Review.objects.get(article=published[0])
    decision = review.decisions.order_by("pk").first()
    ids = {
        "article": published[0].pk,
        "review": review.pk,
        "decision": decision.pk,
        "signature": decision.signature_id,
    }
    triggers.drop()
    with connection.cursor() as cursor:
        for statement in FORGERIES[name].format(**ids).split("; "):
            cursor.execute(statement)
    out = io.StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_ledger", "--json", stdout=out)

    problems = [row for row in json.loads(out.getvalue())["problems"] if row["kind"] != "trigger"]
    assert stopped.value.code == 1
    assert problems
    assert problems[0]["position"] >= 1
