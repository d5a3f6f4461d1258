"""
Import each HTML file of a folder, and hold it against what Chromium shows of it:

    python -m tests.benchmarks.html_files FOLDER

Scripts are off and nothing is fetched. Of an imported page the letters and digits that the browser shows of its part,
not struck out, have to be those of the article, in order. A refused page is named with the first reason.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

SHOWN = """() => {
  const parts = ["main", "article"].map((name) => document.querySelectorAll(name)).find((found) => found.length === 1);
  const part = parts ? parts[0] : document.body;
  const drawn = { opacityProperty: true, visibilityProperty: true };
  if (!part.checkVisibility(drawn)) return "";
  const titles = part.querySelectorAll("h1");
  if (titles.length === 1) titles[0].remove();
  const hidden = [...part.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    return style.textDecorationLine.includes("line-through") || parseFloat(style.fontSize) === 0
      || !element.checkVisibility(drawn);
  });
  for (const element of hidden) element.remove();
  return part.innerText;
}"""


def main(folder: Path) -> int:
    """Print what became of each page; return 1 if one of them says something else than the browser shows."""
    django.setup()
    from playwright.sync_api import sync_playwright

    counted: Counter[str] = Counter()
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, offline=True).new_page()
        for path in sorted(folder.rglob("*.htm*")):
            before = time.perf_counter()
            outcome = outcome_of(path, page)
            counted[outcome.split(":")[0]] += 1
            print(f"{path.relative_to(folder)}: {outcome} ({time.perf_counter() - before:.2f} s)", flush=True)
        browser.close()
    print(", ".join(f"{name} {count}" for name, count in counted.most_common()))
    return int(counted["differs"] > 0)


def outcome_of(path: Path, page: Any) -> str:
    from articles.files.html.comparing import letters
    from articles.files.html.parsing import parse
    from articles.files.imported import BadFile
    from articles.files.markdown.parsing import AUDIENCES
    from articles.text import richtext

    try:
        article = parse(path.read_bytes(), audiences=AUDIENCES, name=path.stem)
    except BadFile as refusal:
        return f"refused: {refusal.sentences[0]}"
    page.goto(path.resolve().as_uri(), wait_until="domcontentloaded")
    shown = alnum(letters(page.evaluate(SHOWN)))
    made = alnum(letters("".join(section.heading + richtext.text(section.body) for section in article.sections)))
    if shown == made:
        return f"in: {article.kept[0]} {' '.join(article.warnings)}"
    at = next((at for at, (one, other) in enumerate(zip(shown, made, strict=False)) if one != other), 0)
    return f"differs: {shown[max(0, at - 30) : at + 30]} | {made[max(0, at - 30) : at + 30]}"


def alnum(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
