"""An encoder of meaning puts answers in another order, and changes nothing else; without one the words decide alone."""

import math
from collections import Counter
from collections.abc import Sequence

import pytest
from django.core.management import call_command

from articles.models import Meaning, Passage
from articles.search.answers import best_passages
from articles.search.index.rebuilding import rebuild
from articles.search.meaning import encoder as encoders
from articles.search.meaning import order, vectors
from articles.search.meaning.order import by_meaning
from articles.search.meaning.wordpiece import WordPieces, words
from reviews import workflow
from reviews.operations.background import jobs

CONCEPTS = {
    "joint": ["gout", "joint", "knee", "toe", "uric"],
    "treatment": ["treated", "treatment", "colchicine", "medicine", "relieves"],
    "cause": ["cause", "crystals", "because"],
}


class Concepts:
    """An encoder that knows three concepts: a vector counts their words, and the cosine tells how alike two are."""

    name = "concepts"

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        return [bytes(self._counts(text)) for text in texts]

    def likeness(self, one: bytes, others: Sequence[bytes]) -> list[float]:
        return [self._cosine(one, other) for other in others]

    def _counts(self, text: str) -> list[int]:
        said = Counter(text.lower().replace(".", " ").replace("?", " ").split())
        return [min(sum(said[word] for word in known), 255) for known in CONCEPTS.values()]

    def _cosine(self, one: bytes, other: bytes) -> float:
        length = math.sqrt(sum(a * a for a in one) * sum(b * b for b in other))
        return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0


@pytest.fixture
def encoder(monkeypatch) -> Concepts:
    made = Concepts()
    monkeypatch.setattr(encoders, "installed", lambda: made)
    return made


QUESTION = "How is gout treated?"
GOUT = "<p>Gout gout gout gout has been known for long. Kings had gout.</p>"
KNEES = "<p>Gout of a knee is treated.</p>"
COLCHICINE = "<p>In gout colchicine relieves the joint: a medicine and treatment.</p>"


@pytest.fixture
def library(publish):
    return [
        publish("Gout in history", GOUT, slug="history"),
        publish("Gout and colchicine", COLCHICINE, slug="colchicine"),
        publish("Gout and knees", KNEES, slug="knees"),
    ]


def passages(library) -> list[int]:
    """Return the passages, in the order that the words are to have given them."""
    return [Passage.objects.get(version=version, part="text").pk for version in library]


def found() -> tuple[set[str], bool]:
    answers = best_passages(QUESTION, first=None, audience="public")
    return {each.article.slug for each in answers.passages}, answers.answered


def test_with_vectors_the_first_passages_stand_in_the_order_of_words_and_meaning(library, encoder, monkeypatch):
    history, colchicine, knees = given = passages(library)
    before = found()
    assert by_meaning(QUESTION, given) == given, "no passage has a vector yet"

    assert vectors.encode_missing() is False

    assert by_meaning(QUESTION, given) == [colchicine, history, knees]
    assert found() == before, "the same passages are found, and the words decide whether they answer"
    monkeypatch.setattr(order, "FIRST", 1)
    assert by_meaning(QUESTION, given) == given


def test_without_an_encoder_the_job_and_the_answers_leave_no_trace(library, monkeypatch):
    monkeypatch.setattr(encoders, "installed", lambda: None)

    jobs.encode_passages.func()

    assert not Meaning.objects.exists()
    assert vectors.number_missing() == 0


def test_the_worker_gives_each_newly_published_passage_a_vector(library, publish, encoder, capsys):
    jobs.encode_passages.func()
    new = publish("Gout again", "<p>Gout hurts a toe.</p>", slug="again")
    assert vectors.number_missing() == 1
    with pytest.raises(SystemExit):
        call_command("search_index", "--check")
    assert "1 without a vector" in capsys.readouterr().out

    jobs.encode_passages.func()

    [passage] = Passage.objects.filter(version=new, part="text")
    assert bytes(passage.meaning.vector) == encoder.encode(["Gout again. Gout hurts a toe."])[0]
    call_command("search_index", "--check")


def test_a_job_that_has_no_more_time_leaves_the_rest_to_the_next(library, encoder):
    assert vectors.encode_missing(seconds=0) is True
    assert not Meaning.objects.exists()


def test_vectors_go_with_what_leaves_the_index(library, encoder, staff):
    jobs.encode_passages.func()

    workflow.issue_notice(library[1].article, actor=staff[0], kind="retraction", reason="Wrong.")

    assert not Meaning.objects.filter(passage__version=library[1]).exists()
    assert Meaning.objects.count() == 2
    assert "colchicine" not in found()[0]


def test_another_encoder_makes_its_own_vectors_and_uses_no_others(library, encoder):
    jobs.encode_passages.func()
    encoder.name = "other concepts"
    assert vectors.number_missing() == 3
    history, colchicine, knees = given = passages(library)
    assert by_meaning(QUESTION, given) == given

    jobs.encode_passages.func()

    assert set(Meaning.objects.values_list("encoder", flat=True)) == {"other concepts"}
    assert by_meaning(QUESTION, given) == [colchicine, history, knees]


def test_after_the_index_was_made_anew_the_worker_encodes_again(library, encoder):
    jobs.encode_passages.func()

    rebuild()

    assert vectors.number_missing() == 3
    jobs.encode_passages.func()
    assert vectors.number_missing() == 0


def test_a_passage_that_left_the_index_while_it_was_encoded_gets_no_vector(library, staff, monkeypatch):
    class Slow(Concepts):
        def encode(self, texts):
            if Passage.objects.filter(version=library[1]).exists():
                workflow.issue_notice(library[1].article, actor=staff[0], kind="retraction", reason="Wrong.")
            return super().encode(texts)

    monkeypatch.setattr(encoders, "installed", Slow)

    vectors.encode_missing()

    assert Meaning.objects.count() == 2


def test_the_order_costs_one_query(library, encoder, django_assert_num_queries):
    jobs.encode_passages.func()
    given = passages(library)

    with django_assert_num_queries(1):
        by_meaning(QUESTION, given)


@pytest.mark.once
def test_without_its_package_there_is_no_encoder_and_its_library_is_not_loaded(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)

    assert encoders.installed.__wrapped__() is None


@pytest.mark.once
def test_texts_are_cut_into_the_longest_known_pieces():
    known = "[CLS] [SEP] [UNK] gout coll ##ch ##icine ##i , a".replace(" ", "\n")
    pieces = WordPieces(known)

    assert [*words("Göut,\u200b COLL\u00a0心x")] == ["gout", ",", "coll", "心", "x"]
    assert pieces.numbers("Gout, collchicine x", 20) == [0, 3, 8, 4, 5, 6, 2, 1]
    assert pieces.numbers("gout " * 50, 5) == [0, 3, 3, 3, 1]
    assert pieces.numbers("", 5) == [0, 1]


@pytest.mark.encoder
@pytest.mark.once
def test_the_encoder_of_the_package_finds_the_like_meaning():
    encodes = encoders.installed()
    asked, *others = encodes.encode(
        ["What can I take for a heart attack?", "Treatment of myocardial infarction with aspirin.", "Gout hurts a toe."]
    )

    near, far = encodes.likeness(asked, others)
    assert near > 0.3 > far
    assert encodes.likeness(asked, [asked])[0] == pytest.approx(1, abs=0.02)
