import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.db import OperationalError

from articles.files.apart import read
from articles.files.drafts.merging import is_last_import
from articles.files.drafts.store import AlreadyThere, NotImported, Report, store
from articles.files.imported import BadFile
from articles.management.commands.import_article import account, content, sentences
from articles.models import Audience
from articles.text.plain.plaintext import quoted

ENDINGS = (".md", ".docx", ".html", ".htm")
STATE = "import_articles.json"
BAR = 30  # signs


class State:
    """What became of each file of a folder, by the SHA-256 of its bytes. Saved after each file, in the folder."""

    def __init__(self, folder: Path) -> None:
        """Read the state of earlier runs. Raise NotImported if the folder or its state cannot be read or written."""
        self.path = folder / STATE
        self.done: dict[str, dict[str, Any]] = {}
        try:
            if self.path.exists():
                self.done = _checked(json.loads(self.path.read_text("utf-8")))
            self.save()
        except OSError:
            raise NotImported(f"The file {quoted(str(self.path))} cannot be written.") from None
        except ValueError:
            raise NotImported(
                f"The file {quoted(str(self.path))} is not the state of an import. Delete it to begin again."
            ) from None

    def save(self) -> None:
        """Replace the state file in one step, so that an interrupted run leaves a whole one."""
        new = self.path.with_name(f"{STATE}.new")
        new.write_text(json.dumps(self.done, indent=1, ensure_ascii=False) + "\n", "utf-8")
        os.replace(new, self.path)

    def note(self, data: bytes, file: Path, *, refused: list[str]) -> None:
        self.done[_key(data)] = {"file": file.name, "refused": refused}
        self.save()

    def of(self, data: bytes) -> list[str] | None:
        """Return why this content was refused, nothing if it was stored, or None if it is new."""
        entry = self.done.get(_key(data))
        return None if entry is None else entry["refused"]


class Outcome:
    """What became of the files of this run. `refused` has the sentences by the name of the file."""

    def __init__(self) -> None:
        self.stored: dict[str, list[str]] = {}
        self.refused: dict[str, list[str]] = {}
        self.earlier = 0  # stored by an earlier run
        self.still_refused = 0  # by an earlier run, and not tried again

    def lines(self) -> Iterator[str]:
        """Yield the report: the numbers, then what is said of each file."""
        number = len(self.stored) + len(self.refused) + self.earlier
        refused = f"{len(self.refused)} refused"
        refused += f" ({self.still_refused} of them by an earlier run; try them with --again)" * bool(
            self.still_refused
        )
        yield f"{number} files: {len(self.stored)} stored, {self.earlier} stored by an earlier run, {refused}."
        for title, files in (("Stored", self.stored), ("Refused", self.refused)):
            for name, said in files.items():
                yield f"{title}: {name}"
                yield from (f"  {sentence}" for sentence in said)


class Command(BaseCommand):
    help = "Store the Word, HTML and Markdown files of a folder as drafts. Exits 1 if one is refused. Run it to go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=f"the folder; its state is kept there, in {STATE}")
        parser.add_argument("--author", required=True, metavar="USERNAME", help="the account that imports and writes")
        parser.add_argument("--again", action="store_true", help="try the files that an earlier run refused")
        parser.add_argument(
            "--update",
            action="store_true",
            help="update the drafts of existing articles with the changes of the files",
        )

    @no_translations  # what a command says is English
    def handle(self, *, folder: Path, author: str, again: bool, update: bool, **options: Any) -> None:
        outcome = Outcome()
        try:
            files, writer = files_of(folder), account(author)
            state = State(folder)
            audiences = frozenset(Audience.objects.values_list("key", flat=True))
            for number, file in enumerate(files, start=1):
                said = self._one(file, state, outcome, again=again, author=writer, update=update, audiences=audiences)
                self._progress(number, len(files), file.name, said)
        except NotImported as refusal:
            raise CommandError(str(refusal)) from None
        except OperationalError as error:
            raise CommandError(
                f"The database cannot be used now ({' '.join(str(error).split())}). Run the command again to go on."
            ) from None
        for line in outcome.lines():
            self.stdout.write(line)
        if outcome.refused:
            raise CommandError(f"{len(outcome.refused)} of {len(files)} files were refused.")

    def _one(
        self,
        file: Path,
        state: State,
        outcome: Outcome,
        *,
        again: bool,
        author: User,
        update: bool,
        audiences: frozenset[str],
    ) -> str:
        """Store one file and note what became of it. Return that in two or three words."""
        try:
            data = content(file)
        except NotImported as refusal:
            outcome.refused[file.name] = [str(refusal)]  # without content to remember it by
            return "refused"
        before = state.of(data)
        if before == []:
            outcome.earlier += 1
            return "stored before"
        if before and not again:
            outcome.still_refused += 1
            outcome.refused[file.name] = before
            return "refused before"
        report = Report()
        imported = None
        try:
            imported = read(data, audiences=audiences, name=file.name)
            article = store(imported, author=author, update=update, report=report)
        except (BadFile, NotImported) as refusal:
            if imported and isinstance(refusal, AlreadyThere) and is_last_import(imported, refusal.article):
                state.note(data, file, refused=[])  # a run that was ended at once had stored it
                outcome.earlier += 1
                return "stored before"
            outcome.refused[file.name] = str(refusal).splitlines()
            state.note(data, file, refused=outcome.refused[file.name])
            return "refused"
        state.note(data, file, refused=[])
        outcome.stored[file.name] = sentences(article, imported, report)
        return "stored"

    def _progress(self, number: int, all_files: int, name: str, said: str) -> None:
        """Say how far the import is: a bar that is drawn anew on a terminal, a line for each file elsewhere."""
        if not self.stdout.isatty():
            self.stdout.write(f"{number} of {all_files}: {name}: {said}")
            return
        full = BAR * number // all_files
        bar = f"\r[{'#' * full}{'.' * (BAR - full)}] {number} of {all_files}"
        self.stdout.write(bar, ending="\n" if number == all_files else "")
        self.stdout.flush()


def files_of(folder: Path) -> list[Path]:
    """Return the files of the folder that can be imported, by name. Raise NotImported if there are none."""
    if not folder.is_dir():
        raise NotImported(f"There is no folder {quoted(str(folder))}.")
    try:
        files = sorted(
            file
            for file in folder.iterdir()
            if file.suffix.lower() in ENDINGS and not file.name.startswith(".") and file.is_file()
        )
    except OSError:
        raise NotImported(f"The folder {quoted(str(folder))} cannot be read.") from None
    if not files:
        raise NotImported(
            f"The folder {quoted(str(folder))} has no file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
        )
    return files


def _key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _checked(state: Any) -> dict[str, dict[str, Any]]:
    """Return the state, or raise ValueError if it is not one."""
    good = isinstance(state, dict) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("refused"), list)
        and all(isinstance(sentence, str) for sentence in entry["refused"])
        for entry in state.values()
    )
    if not good:
        raise ValueError("not a state")
    return dict(state)
