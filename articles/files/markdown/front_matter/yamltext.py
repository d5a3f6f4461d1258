"""
A plain subset of YAML, with line numbers.

Every value is the text as written: `no` stays the language no, `007` and `12.50` keep their digits. Anchors, aliases
and tags are refused, so a file means no more than it shows. A # after a value and the word null are refused, so it
means no less. Comments are allowed on lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from articles.files.imported import BadFile
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.plain.translated import number as digits

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast
MOST_DEPTH = 8
MOST_VALUES = 50_000
BLOCKS = ("|", ">")  # the marks of texts of several lines
REMARK = re.compile(r"#[^\n]*")
LOST = gettext_noop(
    "Everything after # on this line would be lost. If the # belongs to the value, put the whole value in quotation "
    "marks. If it begins a comment, put the comment on a separate line, indented like the key below it."
)
LOST_AS_A_PART = gettext_noop(
    "Everything after # on this line, which is indented like a part of the value above it, would be lost. If the # "
    "belongs to the value, put the whole value in quotation marks. If it begins a comment, put the comment on a "
    "separate line, indented like the key below it."
)


@dataclass(frozen=True)
class Value:
    """A YAML value: `data` is a text, None, a list of values or a dict of values by key."""

    data: str | list[Value] | dict[str, Value] | None
    line: int


def load(text: str, first_line: int) -> dict[str, Value]:
    """Return the mapping of the text, or raise BadFile with the line in the file."""
    try:
        _refuse_tricks(text, first_line)
        _refuse_remarks(text, first_line)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, text, first_line) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(first_line, _("The front matter is not readable as YAML.")) from None
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise BadFile(root.start_mark.line + first_line, _("The front matter must consist of lines of “key: value”."))
    return _entries(root, first_line)


def _refuse_tricks(text: str, first_line: int) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = (event.start_mark.line if event.start_mark else 0) + first_line
        if getattr(event, "anchor", None) is not None:
            raise BadFile(line, _("Anchors (&) and aliases (*) are not allowed; put such a text in quotation marks."))
        if getattr(event, "tag", None) is not None:
            raise BadFile(line, _("Tags (!) are not allowed; put such a text in quotation marks."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if count > MOST_VALUES:
            raise BadFile(
                line, _("The front matter has more than {most} keys and values.").format(most=digits(MOST_VALUES))
            )
        if depth > MOST_DEPTH:
            raise BadFile(line, _("The front matter is nested more than {most} levels deep.").format(most=MOST_DEPTH))


def _refuse_remarks(text: str, first_line: int) -> None:
    """Refuse each # that would cut off a part of a value: after it, or on a line that could continue it."""
    faults = [(text.count("\n", 0, at) + first_line, _(sentence)) for at, sentence in _remarks(text)]
    if faults:
        raise BadFile(*faults[0], *faults[1:])


def _remarks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, error message) of each such #. Text outside of all tokens is blank or a comment."""
    indents, end, open_end = [-1], 0, False  # open_end: the next line could continue the value
    for token in yaml.scan(text, Loader=LOADER):
        start = token.start_mark.index
        for found in REMARK.finditer(text, end, max(end, start)):
            at = found.start()
            before = text[text.rfind("\n", 0, at) + 1 : at]
            if before.strip():
                yield at, LOST
            elif open_end and len(before) > indents[-1]:
                yield at, LOST_AS_A_PART
        if isinstance(token, yaml.ScalarToken):
            header = text[start : token.end_mark.index].partition("\n")[0]
            if token.style in BLOCKS and "#" in header:
                yield start + header.index("#"), LOST
            open_end = token.style in (None, "", *BLOCKS)
        elif isinstance(token, yaml.BlockMappingStartToken | yaml.BlockSequenceStartToken):
            indents.append(token.start_mark.column)
        elif isinstance(token, yaml.BlockEndToken):
            indents.pop()
        elif token.end_mark.index > end:
            open_end = False
        end = max(end, token.end_mark.index)


def _unreadable(error: yaml.MarkedYAMLError, text: str, first_line: int) -> BadFile:
    mark = error.problem_mark or error.context_mark
    line = min(mark.line if mark else 0, text.count("\n")) + first_line
    problem = " ".join((error.problem or error.context or "").split())  # in English, from the library
    if not problem:
        return BadFile(line, _("The front matter is not readable as YAML (it breaks off)."))
    if "mapping values" in problem:
        return BadFile(
            line,
            _(
                "The front matter is not readable as YAML ({problem}; a text with a colon needs quotation marks)."
            ).format(problem=problem),
        )
    return BadFile(line, _("The front matter is not readable as YAML ({problem}).").format(problem=problem))


def _value(node: yaml.Node, first_line: int) -> Value:
    line = node.start_mark.line + first_line
    if isinstance(node, yaml.SequenceNode):
        return Value([_value(item, first_line) for item in node.value], line)
    if isinstance(node, yaml.MappingNode):
        return Value(_entries(node, first_line), line)
    if fault := characters.first_fault(characters.normalised(node.value)):
        raise BadFile(line, fault.sentence)
    if node.tag != "tag:yaml.org,2002:null":
        return Value(node.value, line)
    if node.value:
        sentence = _("{typed} means nothing here: leave the key out, or put the word in quotation marks.").format(
            typed=quoted(node.value)
        )
        raise BadFile(line, sentence)
    return Value(None, line)


def _entries(node: yaml.MappingNode, first_line: int) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + first_line
        if not isinstance(key_node, yaml.ScalarNode):
            raise BadFile(line, _("A key must be a single word."))
        if key_node.value in entries:
            raise BadFile(line, _("The key {typed} is given twice.").format(typed=quoted(key_node.value)))
        value = _value(value_node, first_line)
        entries[key_node.value] = Value(value.data, line)
    return entries
