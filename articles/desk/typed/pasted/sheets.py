"""Style sheets of the clipboard: Excel and Word say in a class what is bold, raised, struck out or hidden."""

import re

from lxml import html

_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?\.([\w-]+)")
_TELLING = re.compile(
    r"(?:font-weight|font-style|vertical-align|text-decoration(?:-line)?|display|mso-hide|mso-text-raise)"
)


def write_into_styles(page: html.HtmlElement) -> None:
    """Write what a sheet says of a class into the style of each of its elements, where their own style follows it."""
    rules = [rule for sheet in page.iter("style") for rule in _rules(sheet.text or "")]
    if not rules:
        return
    for element in page.iter():
        classes = (element.get("class") or "").split()
        found = [style for tag, name, style in rules if name in classes and tag in ("", element.tag)]
        if found:
            element.set("style", ";".join([*found, element.get("style") or ""]))


def _rules(sheet: str) -> list[tuple[str, str, str]]:
    found = []
    for selectors, declared in _RULE.findall(re.sub(r"<!--|-->|/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        telling = ";".join(each for each in declared.split(";") if _TELLING.match(each.strip().lower()))
        for selector in selectors.split(",") if telling else ():
            if one := _SELECTOR.fullmatch(selector.strip()):
                found.append((one[1] or "", one[2], telling))
    return found
