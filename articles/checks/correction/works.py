"""Cited works: tell which changes of their details in the library are corrections."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.text.plain.characters import unseen

TITLES = ("title", "container-title", "collection-title", "title-short", "container-title-short")  # words, not data


def titles(content: dict[str, Any]) -> Iterator[str]:
    """Yield the titles of the cited works."""
    for work in _works(content).values():
        yield from (work[name] for name in TITLES if isinstance(work.get(name), str))


def changed_titles(old: dict[str, Any], new: dict[str, Any], refused: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """
    Yield (where, old, new, language) for each changed title; add every other changed detail to `refused`.

    The details of a work are signed with the text that cites it.
    """
    olds, news = _works(old), _works(new)
    if list(olds) != list(news):
        refused.append(_("References were added, removed or moved."))
    for key, one, other in [(key, olds[key], news[key]) for key in olds if key in news]:
        for name in [name for name in {**one, **other} if one.get(name) != other.get(name)]:
            where = _("the {field} of the reference [@{key}]").format(field=name, key=key)
            before, after = one.get(name), other.get(name)
            if name not in TITLES or not isinstance(before, str) or not isinstance(after, str):
                refused.append(
                    _(
                        "A detail of a cited work was changed in the library: {where}. Such details are signed too."
                    ).format(where=where)
                )
            elif unseen(before) != unseen(after):
                refused.append(
                    _(
                        "An invisible character, or one that changes the reading direction, is different in {where}."
                    ).format(where=where)
                )
            else:
                yield where, before, after, str(one.get("language") or old["language"])


def _works(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the CSL-JSON of each cited work, by its citation key."""
    works = {row["key"]: json.loads(row["csl"]) for row in content["references"]}
    return {key: work if isinstance(work, dict) else {"CSL-JSON": work} for key, work in works.items()}
