"""What pages tell programs in the words of schema.org (version 30.0), as JSON-LD."""

import json
from typing import Any, TypeAlias

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Data: TypeAlias = dict[str, Any]

CONTEXT = "https://schema.org"
NAME = "Imprimatur"
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}  # nothing ends the script early


def as_script(*things: Data) -> SafeString:
    """Return the things as one JSON-LD script. Browsers run no script of this type."""
    said = things[0] if len(things) == 1 else {"@graph": things}
    text = json.dumps({"@context": CONTEXT, **said}, ensure_ascii=False, separators=(",", ":"))
    escaped = mark_safe(text.translate(_ESCAPES))  # noqa: S308 (nothing of HTML is left in it)
    return format_html('<script type="application/ld+json">{}</script>', escaped)


def publisher(site: str) -> Data:
    """Return the publisher, which each page names."""
    own = {"@type": "Organization", "@id": f"{site}/#publisher", "name": NAME, "url": f"{site}/"}
    return {**own, "correctionsPolicy": site + reverse("public_notices")}
