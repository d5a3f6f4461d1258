"""
Sample articles: a pair of our own, and what lies beside this checkout in `../shared`, used as an extra.

A pair is a question with five references and a topic with six or more tables and an ordered list. Every clone has ours,
so no test of the main job is ever skipped for want of a sample.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from articles.files.markdown.parsing import ImportedArticle, parse

HERE = Path(__file__).parent
BESIDE = HERE.parents[2] / "shared"
DEMO = HERE.parents[1] / "reviews" / "demo" / "articles"


@dataclass(frozen=True)
class Pair:
    question: Path
    topic: Path

    def __str__(self) -> str:
        return self.topic.stem

    def __iter__(self) -> Iterator[Path]:
        return iter((self.question, self.topic))

    @property
    def subjects(self) -> list[str]:
        """Return the names of all topics of both files."""
        return sorted({name for path in self for name in read(path).topics})


OURS = Pair(HERE / "iron-every-other-day.md", HERE / "iron-deficiency-anaemia.md")
THEIRS = Pair(BESIDE / "samples" / "ileal-net-metastasis.md", BESIDE / "samples" / "lymph-node-metastasis.md")
PAIRS = [OURS, *([THEIRS] if all(path.exists() for path in THEIRS) else [])]
FILES = [path for pair in PAIRS for path in pair]


def read(path: Path) -> ImportedArticle:
    return parse(path.read_bytes())


def medical_texts() -> Iterator[str]:
    """Yield each title and section of the samples, of the demonstration, and of the library if it lies beside."""
    for path in [*FILES, *DEMO.glob("*.md")]:
        article = read(path)
        yield article.title
        yield from (html.document_fromstring(section.body).text_content() for section in article.sections)
    library = BESIDE / "library" / "library.jsonl.gz"
    if library.exists():
        with gzip.open(library, "rt") as lines:
            for line in lines:
                work = json.loads(line)
                yield work["title"]
                yield from (section["answer"] for section in work["sections"])
