"""Translations: the catalogues have every message of the sources, translated whole, and nothing else."""

import re

import pytest
from babel.messages.mofile import read_mo

from tests import messages

pytestmark = pytest.mark.once

CATALOGUES = [(app, language) for app in messages.SOURCES for language in messages.translations()]
FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"</?\w+[^>]*>")


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_a_catalogue_has_the_messages_of_the_sources(app, language):
    path = messages.path_of(app, language)

    assert path.read_bytes() == messages.as_po(messages.up_to_date(app, language)), "run `make messages`"


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_every_message_is_translated(app, language):
    catalogue = messages.read(app, language)

    assert len(catalogue)
    assert [each.id for each in catalogue if each.id and not all(messages.strings(each))] == []
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_a_translation_fills_in_and_marks_up_what_the_message_does(app, language):
    different = []
    for each in messages.read(app, language):
        if not each.id:
            continue
        first, *rest = [each.id] if isinstance(each.id, str) else each.id
        for place, text in enumerate(messages.strings(each)):
            allowed = [sorted(set(FILLED_IN.findall(own))) for own in (first, *rest)]
            if sorted(set(FILLED_IN.findall(text))) not in allowed:
                different.append((place, text))
            if sorted(MARKUP.findall(text)) not in [sorted(MARKUP.findall(own)) for own in (first, *rest)]:
                different.append((place, text))

    assert different == []


def key_of(message):
    return message.id if isinstance(message.id, str) else tuple(message.id)


@pytest.mark.parametrize(("app", "language"), CATALOGUES)
def test_the_compiled_catalogue_is_of_the_same_translations(app, language):
    path = messages.path_of(app, language).with_suffix(".mo")
    with path.open("rb") as file:
        compiled = {(key_of(each), each.context): messages.strings(each) for each in read_mo(file) if each.id}

    read = messages.read(app, language)
    assert compiled == {
        (key_of(each), each.context): messages.strings(each) for each in read if each.id and all(messages.strings(each))
    }
