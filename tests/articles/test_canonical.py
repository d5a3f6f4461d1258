import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles.text.canonical import NotCanonical, canonical
from articles.text.plain.plaintext import tidy, tidy_lines


def test_keys_are_sorted_and_nothing_is_escaped_that_need_not_be():
    assert canonical({"b": [1, True, None], "a": "µg “x”\n"}) == '{"a":"µg “x”\\n","b":[1,true,null]}'


def test_text_is_in_nfc():
    assert canonical("cafe\u0301") == '"caf\u00e9"'


@pytest.mark.parametrize("value", [1.5, "a\0b", "\ud800", {1: "x"}, {"é": 1}, {"a": {1.0}}, b"x"])
def test_what_has_no_single_way_to_be_written_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), inner),
    max_leaves=20,
)


@given(json_values)
def test_writing_what_was_read_gives_the_same_bytes(value):
    import json

    text = canonical(value)

    assert canonical(json.loads(text)) == text


@given(st.text())
def test_tidied_text_stays_as_it_is(text):
    try:
        once = tidy(text)
        tidy_lines(text)
    except ValidationError:
        return

    assert tidy(once) == once
    assert "\n" not in once
    assert tidy_lines(tidy_lines(text)) == tidy_lines(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b\n", "a b"),
        ("10\u00a0mg", "10\u00a0mg"),
        ("10\u202fmg", "10\u202fmg"),
        ("a\u200bspir\u00adin\ufeff", "aspirin"),
        ("5 \u00b5g", "5 \u03bcg"),
        ("cafe\u0301", "café"),
    ],
)
def test_tidy_keeps_what_can_be_seen(typed, kept):
    assert tidy(typed) == kept
