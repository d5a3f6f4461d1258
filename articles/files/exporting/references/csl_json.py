"""Works as a list of CSL-JSON 1.0.2."""

import json
from functools import partial
from typing import Any

from articles.files.exporting.references import parts
from articles.files.markdown.front_matter.references import DATES, NAMES, TEXTS
from articles.files.references import own
from articles.files.references.own import written_with_own
from articles.text.citations.fields import Work

VARIABLES = {*DATES, *NAMES, *TEXTS}


def csl_json(works: dict[str, Work]) -> str:
    """Return the works; what CSL has no variable for is inside `custom`, as the schema allows."""
    return json.dumps([_whole(key, csl) for key, csl in works.items()], ensure_ascii=False, indent=2) + "\n"


def _whole(key: str, csl: Work) -> Any:
    return json.loads(written_with_own(csl, partial(_written, key, csl), parts.read_again))


def _written(key: str, csl: Work, beside: str) -> str:
    item = _item(key, csl)
    if beside:
        item["custom"] = {**item.get("custom", {}), own.JSON: json.loads(beside)}
    return json.dumps(item)


def _item(key: str, csl: Work) -> dict[str, Any]:
    known = {name: value for name, value in csl.items() if name in VARIABLES and name != "custom"}
    other = {name: value for name, value in csl.items() if name not in VARIABLES and name != "id"}
    custom = csl.get("custom", {})
    custom = {**(custom if isinstance(custom, dict) else {"custom": custom}), **other}
    return {"id": key, "type": "document", **known, **({"custom": custom} if custom else {})}
