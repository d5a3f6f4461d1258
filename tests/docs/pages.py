"""The pages of docs/ as tests read them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text()


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[str]:
    """Return the command lines of a page, in order, without their remarks."""
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return [re.sub(r"\s+# .*", "", line) for line in lines if line]


def on_screen(name: str) -> list[str]:
    """Return what a page says is on the screen: its words in bold."""
    text = re.sub(r"```.*?```", "", page(name), flags=re.DOTALL)
    return list(dict.fromkeys(" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)))
