"""
Files of references that nobody here made, held against what others read in them.

    python -m tests.benchmarks.reference_files FOLDER

FOLDER has such files in folders of any depth. For most kinds there is another reading, and each work is compared with
it: the family names of its authors in order, its title, year and DOI.

- import translators of Zotero (`RIS.js`): their tests state for each text what Zotero makes of it;
- tests of pandoc's commands (`biblatex-basic.md`): BibLaTeX, and what pandoc makes of it;
- `X-csl.json` beside `X-input.bib`, as citation-js has them;
- `X.bib` beside `X.ris` or `X.txt`, what JabRef makes of these;
- other tagged files (.ris, .nbib, and .txt of their kind): a count of their lines, which knows nothing of records.

A table says how many works went in, and how many were refused. Below it stand the differences, each with what is known
of it from `tests/benchmarks/reference_files.tsv`: the name of the text, the number of the work, and the reason why
our reading is right. The exit code is 1 if a difference is not there.
"""

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django
import yaml

KNOWN = Path(__file__).with_name("reference_files.tsv")
LINE = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
INITIALS = re.compile(r"(?<=\w) (?:[A-Z]\.?-?){1,3}$")  # of a name without a comma
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
PANDOC = re.compile(r"% pandoc[^\n]*-f (?:biblatex|bibtex|ris)[^\n]*\n(.*?)\n\^D\n---\n(.*?)\n---", re.DOTALL)
PANDOC_MARKS = re.compile(r"\[([^\]]*)\]\{[^}]*\}|[*\\]|(?<=\w)[\^~]|[\^~](?=\w)")
TAG = re.compile(r"</?[a-z]+[^<>]*>")
ENDINGS = (".bib", ".json", ".nbib", ".ris", ".txt")


class Work(NamedTuple):
    """What is compared of a work: letters and digits of its authors' family names and of its title, year and DOI."""

    authors: tuple[str, ...]
    title: str
    year: str
    doi: str


class Text(NamedTuple):
    """A text with references, and the works that another reading finds in it; None if there is no other reading."""

    name: str
    data: bytes
    others: list[Work] | None


def main(folder: Path) -> int:
    """Print the table and the differences of all files of the folder; return 1 if one of them is not known."""
    django.setup()
    known = dict(_known())
    new = 0
    print(f"{'text':60} {'in':>5} {'refused':>8} {'compared':>9} {'differ':>7}")
    said = []
    for text in sorted(texts(folder)):
        found, refused = read(text.data)
        differing = differences(text, found)
        compared = len(found) if text.others is not None else 0
        print(f"{text.name[-60:]:60} {len(found):5} {refused:8} {compared:9} {len(differing):7}")
        for number, sentence in differing:
            why = known.get((text.name, number), "")
            new += not why
            said.append(f"{text.name} {number}: {sentence}{f' ({why})' if why else ''}")
    print("\n".join(["", *said]))
    return int(new > 0)


def _known() -> Iterator[tuple[tuple[str, str], str]]:
    for line in KNOWN.read_text().splitlines():
        name, number, why = line.split("\t")
        yield (name, number), why


def texts(folder: Path) -> Iterator[Text]:
    """Yield the texts with references of all files of a folder."""
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.suffix == ".js":
            yield from _of_zotero(name, path.read_text())
        elif path.suffix == ".md":
            yield from _of_pandoc(name, path.read_text())
        elif path.suffix == ".bib" and any(path.with_suffix(ending).exists() for ending in (".ris", ".txt")):
            continue  # the other reading of that file
        elif path.suffix in ENDINGS and path.is_file() and not name.endswith("-csl.json"):
            data = path.read_bytes()
            yield Text(name, data, _of_csl(path) if path.suffix == ".bib" else beside(path) or counted(data))


def _of_zotero(name: str, program: str) -> Iterator[Text]:
    _before, begins, tests = program.partition("var testCases = ")
    cases = json.JSONDecoder().raw_decode(tests)[0] if begins else []
    for number, case in enumerate(cases, start=1):
        if case["type"] == "import":
            yield Text(f"{name}#{number}", case["input"].encode(), [_item(item) for item in case["items"]])


def _item(item: dict[str, Any]) -> Work:
    people = [row for row in item["creators"] if row["creatorType"] in AUTHORS.get(item["itemType"], ("author",))]
    doi = item.get("DOI") or next(iter(re.findall(r"DOI: *(\S+)", item.get("extra", ""))), "")
    date = item.get("date") or item.get("issueDate") or ""
    title = item.get("title") or item.get("caseName") or item.get("nameOfAct") or item.get("subject") or ""
    return Work(tuple(leveled(row["lastName"]) for row in people), leveled(title), year_in(date), doi.lower())


AUTHORS = {
    "artwork": ("artist",), "audioRecording": ("performer",), "bill": ("sponsor",), "computerProgram": ("programmer",),
    "film": ("director",), "map": ("cartographer",), "patent": ("inventor",), "presentation": ("presenter",),
    "interview": ("interviewee",), "podcast": ("podcaster",), "radioBroadcast": ("director",), "case": ("author",),
    "tvBroadcast": ("director",), "videoRecording": ("director",), "statute": ("author",), "hearing": ("contributor",),
}  # fmt: skip


def _of_pandoc(name: str, test: str) -> Iterator[Text]:
    if found := PANDOC.search(test):
        works = yaml.load(found[2], Loader=yaml.BaseLoader)["references"]
        yield Text(name, found[1].encode(), [_pandoc_work(work) for work in works])


def _pandoc_work(work: dict[str, Any]) -> Work:
    names = tuple(leveled(_name_of(person)) for person in work.get("author", []))
    return Work(names, leveled(PANDOC_MARKS.sub(r"\1", work.get("title", ""))), year_in(str(work.get("issued", ""))),
                work.get("doi", "").lower())  # fmt: skip


def beside(path: Path) -> list[Work] | None:
    """Return what JabRef makes of a file: the works of the BibTeX file beside it."""
    other = path.with_suffix(".bib")
    return read(other.read_bytes())[0] if other.exists() else None


def _of_csl(path: Path) -> list[Work] | None:
    beside = path.with_name(path.name.replace("-input.bib", "-csl.json"))
    if beside == path or not beside.exists():
        return None
    return [work_of(item) for item in json.loads(beside.read_text())]


def work_of(csl: dict[str, Any]) -> Work:
    """Return what is compared of a work in CSL-JSON."""
    parts = (csl.get("issued") or {}).get("date-parts") or [[""]]
    people = csl.get("author") or []
    names = tuple(leveled(_name_of(row)) for row in people)
    year = str(parts[0][0]) if parts[0] and parts[0][0] else year_in(str((csl.get("issued") or {}).get("literal", "")))
    return Work(names, leveled(csl.get("title", "")), year, csl.get("DOI", "").lower())


def _name_of(row: dict[str, str]) -> str:
    particles = (row.get("dropping-particle", ""), row.get("non-dropping-particle", ""))
    return row.get("literal") or "".join((*particles, row.get("family") or row.get("given", "")))


def counted(data: bytes) -> list[Work] | None:
    """Return the works of a tagged file, from its lines alone; None if it has no lines of this kind."""
    rows = [
        (match[1], match[2].strip())
        for line in data.decode("utf-8-sig", errors="replace").splitlines()
        if (match := LINE.match(line.strip("\ufeff").rstrip()))
    ]
    begins = "TY" if any(tag == "TY" for tag, _ in rows) else "PMID"
    starts = [number for number, (tag, _) in enumerate(rows) if tag == begins]
    if not starts:
        return None
    return [_of_lines(rows[start:end], begins) for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]


def _of_lines(rows: list[tuple[str, str]], begins: str) -> Work:
    def first(*tags: str) -> str:
        return next((value for tag in tags for name, value in rows if name == tag and value), "")

    if begins == "PMID":
        people = [value for tag, value in rows if tag in ("FAU", "CN")]
        doi = next((value.split()[0] for tag, value in rows if tag in ("LID", "AID") and "[doi]" in value), "")
    else:
        people = [value for tag, value in rows if tag in ("AU", "A1") and value]
        doi = first("DO")
    names = tuple(leveled(INITIALS.sub("", value.partition(",")[0])) for value in people)
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi: *)", "", doi, flags=re.IGNORECASE)
    return Work(names, leveled(first("TI", "T1")), year_in(first("PY", "Y1", "DA", "DP")), doi.lower())


def leveled(text: str) -> str:
    """Return the letters and digits of a text, without accents and tags, in lower case."""
    plain = unicodedata.normalize("NFKD", TAG.sub("", text)).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def year_in(text: str) -> str:
    return next(iter(YEAR.findall(text)), "")


def read(data: bytes) -> tuple[list[Work], int]:
    """Return the works that the importer reads in a file, and how many it refuses: one if it refuses the file."""
    from articles.files.imported import BadFile
    from articles.files.references.reading import read_works

    try:
        reading = read_works(data)
    except BadFile:
        return [], 1
    return [work_of(found.reference.csl) for found in reading.found], len(reading.unread)


def differences(text: Text, found: list[Work]) -> list[tuple[str, str]]:
    """Return (number of the work, what differs) of a text; number 0 is that of the whole."""
    if text.others is None:
        return []
    others = [work for work in text.others if work.title or work.doi]
    if len(found) != len(others):
        return [("0", f"{len(found)} works were read, {len(others)} by others")]
    pairs = enumerate(zip(found, others, strict=True), start=1)
    return [(str(number), said) for number, (ours, theirs) in pairs if (said := _differing(ours, theirs))]


def _differing(ours: Work, theirs: Work) -> str:
    fields = [(name, getattr(ours, name), getattr(theirs, name)) for name in Work._fields]
    return "; ".join(f"{name} {one!r}, by others {other!r}" for name, one, other in fields if one != other)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
