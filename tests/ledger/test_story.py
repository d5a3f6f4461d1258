from reviews.verifying import verify
from tests.ledger.story import empty_tables


def test_the_story_fills_every_table_of_evidence(story):
    assert empty_tables() == []


def test_every_row_that_a_step_wrote_is_explained_by_its_event(story):
    report = verify()

    assert report.problems == []
    assert report.events > 100
    assert report.rows > 250
    assert report.history_rows > 50
    assert report.checkpoints == report.checkpoint_files > 5
