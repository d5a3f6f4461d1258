"""Frozen versions made by hand, without a database, and the pages made of them."""

import json

from lxml import html

from articles.text.canonical import sha256
from articles.text.rendering import render

LABELS = {
    "public": "patient or member of the public",
    "carer": "carer or family member",
    "professional": "healthcare professional",
}


def section(key="a1", *, role="body", heading="Heading", body="<p>Text.</p>", **wordings):
    return {"key": key, "role": role, "heading": heading, "body": body, "wordings": wordings}


def wording(body, heading=""):
    return {"heading": heading, "body": body}


def lead(body="<p>Lead.</p>", **more):
    return section("lead", role="lead", heading="", body=body, **more)


def version(*sections, works=(), written_for="public", **more):
    return {
        "format": "imprimatur/version/1",
        "language": "en",
        "written_for": written_for,
        "audiences": [{"key": key, "label": label} for key, label in LABELS.items()],
        "sections": list(sections),
        "references": [{"key": key, "csl": json.dumps({"type": "book", "title": f"Work {key}"})} for key in works],
        **more,
    }


def figure(key="scan", **more):
    """Return a frozen figure with two files, whose names are made of its key."""
    files = [{"width": width, "height": width // 2, "sha256": sha256(f"{key} {width}")} for width in (480, 1000)]
    return {
        "key": key, "sha256": files[-1]["sha256"], "media_type": "image/png", "width": 1000, "height": 500,
        "files": files, "alt": f"What {key} shows", "caption": f"Caption of {key}", "source": "Own drawing",
        "licence": "CC BY 4.0", **more,
    }  # fmt: skip


def placed(*keys):
    return "".join(f'\n<figure data-figure="{key}"></figure>' for key in keys)


def cite(*keys):
    return "".join(f'<cite data-ref="{key}">[{key}]</cite>' for key in keys)


def page(*sections, audience="public", **more):
    return html.fragment_fromstring(render(version(*sections, **more), audience).html)


def table(rows, caption=""):
    return f"<table>{caption and f'<caption>{caption}</caption>'}<tbody>{rows}</tbody></table>"


def row(tag, *cells, first=None):
    tags = [first or tag, *[tag] * (len(cells) - 1)]
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for tag, cell in zip(tags, cells, strict=True)) + "</tr>"


DRUGS = row("th", "Drug", "Dose") + row("td", "Aspirin", "75 mg") + row("td", "Warfarin", "1 mg")
