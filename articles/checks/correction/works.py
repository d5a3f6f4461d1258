"""The works that a text cites: which change of what the library says of them is no more than a correction."""

import json
from collections.abc import Iterator

from articles.text.plain.characters import unseen

TITLES = ("title", "container-title", "collection-title", "title-short", "container-title-short")  # words, not data


def titles(content: dict) -> Iterator[str]:
    """Yield the titles of the cited works."""
    for work in _works(content).values():
        yield from (work[name] for name in TITLES if isinstance(work.get(name), str))


def changed_titles(old: dict, new: dict, refused: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """
    Yield (where, old, new, language) of each title that differs; add to `refused` every other detail that does.

    Details are signed with the text that cites the work, whoever changes them in the library.
    """
    before, after = _works(old), _works(new)
    if list(before) != list(after):
        refused.append("References were added, removed or moved.")
    for key, one, other in [(key, before[key], after[key]) for key in before if key in after]:
        for name in [name for name in {**one, **other} if one.get(name) != other.get(name)]:
            where = f"the {name} of the reference [@{key}]"
            pair = one.get(name), other.get(name)
            if name not in TITLES or not all(isinstance(text, str) for text in pair):
                refused.append(f"What the library says of a cited work is signed too: {where} is different.")
            elif unseen(pair[0]) != unseen(pair[1]):
                refused.append(f"A character that cannot be seen is different in {where}.")
            else:
                yield where, *pair, str(one.get("language") or old["language"])


def _works(content: dict) -> dict[str, dict]:
    """Return each cited work as CSL-JSON, by the key that cites it."""
    works = {row["key"]: json.loads(row["csl"]) for row in content["references"]}
    return {key: work if isinstance(work, dict) else {"CSL-JSON": work} for key, work in works.items()}
