"""
What a format has no field for, in a field of our own: what was exported here returns whole.

The field holds the variables of CSL that the format’s own fields do not give as they are, and a digest of what these
give. If another program has changed one of them since, the digest differs, and the own field is left out. It is `U5` of
RIS, `csl` of BibTeX, and `as-stored` within `custom` of CSL-JSON.
"""

import json
from collections.abc import Callable
from typing import Any

from articles.files.references import csl
from articles.files.references.record import NOT_KEPT, NotRead, Record
from articles.text.canonical import canonical, sha256
from articles.text.plain.translated import gettext as _

Work = dict[str, Any]

RIS, BIBTEX, JSON = "U5", "csl", "as-stored"
BEGINS = "CSL "
SIGNS = {sign: f"\\u{ord(sign):04x}" for sign in "{}@"}  # those that BibTeX counts, or begins an entry with
MOST = 200_000


def written_with_own(work: Work, write: Callable[[str], str], read: Callable[[str], Work | None]) -> str:
    """
    Return a record as `write` makes it, with an own field if `read` does not give the same work without one.

    `write` takes the text of the own field, or an empty one.
    """
    plain = write("")
    kept = read(plain)
    if kept is None:
        return plain
    names = sorted(name for name in {**work, **kept} if name not in NOT_KEPT and work.get(name) != kept.get(name))
    if not names:
        return plain
    values = json.dumps({name: work.get(name) for name in names}, sort_keys=True)
    for sign, code in SIGNS.items():
        values = _in_texts(values, sign, code)
    return write(f'{{"of": "{_digest(kept, names)}", "csl": {values}}}')


def _in_texts(text: str, sign: str, code: str) -> str:
    """Return the JSON with the sign written as a code within its texts."""
    pieces, is_text, is_escaped = [], False, False
    for letter in text:
        pieces.append(code if is_text and letter == sign else letter)
        if letter == '"' and not is_escaped:
            is_text = not is_text
        is_escaped = letter == "\\" and not is_escaped
    return "".join(pieces)


def put_own(record: Record, text: str) -> None:
    """Give the record what its own field holds, if the other fields are as they were when it was exported."""
    try:
        own = json.loads(text) if len(text) <= MOST else None
    except (ValueError, RecursionError):
        own = None
    values = own.get("csl") if isinstance(own, dict) else None
    if not isinstance(own, dict) or not isinstance(values, dict):
        record.remarks.append(_("A field with details from here is damaged and was left out."))
        return
    if own.get("of") != _digest(record.csl, sorted(values)):
        record.remarks.append(_("The work was changed since it was exported: only what the file shows is read."))
        return
    try:
        found = csl.read(record.line, {name: value for name, value in values.items() if value is not None})
    except NotRead as error:
        record.remarks.append(str(error))
        return
    record.remarks += found.remarks
    record.csl = {name: value for name, value in record.csl.items() if name not in values} | found.csl


def _digest(work: Work, names: list[str]) -> str:
    return sha256(canonical({name: work.get(name) for name in names}))[:16]
