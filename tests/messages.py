"""
The catalogues of translations: `make messages` brings them up to date with the code and the templates.

Each app has its own, in `locale/`. Words of the readers' templates are in that of `articles`, those of the staff's in
that of `reviews`. Templates are read as Django reads them, Python files by Babel.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

from config.apps import names_of

ROOT = Path(__file__).parent.parent
SOURCES = {
    "articles": ("articles/**/*.py", "templates/*.html", "templates/site/*"),
    "reviews": ("reviews/**/*.py", "config/**/*.py", "templates/desk/*", "templates/admin/**/*"),
}
GIVEN = re.compile(r'\b_\("([^"]+)"\)')  # {% include … with button=_("Sign") %}
KEYWORDS = {
    name + lazy: {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for lazy in ("", "_lazy")
} | {"_": None, "gettext_noop": None}
Message = tuple[str | tuple[str, str], str]  # what is translated, one or singular and plural, and its context


def translations() -> list[str]:
    """Return the languages that the English of the sources is translated into."""
    return [code for code, _ in settings.LANGUAGES if not code.startswith("en")]


def path_of(app: str, language: str) -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(app: str) -> list[Path]:
    found = {path for pattern in SOURCES[app] for path in ROOT.glob(pattern)}
    return sorted(path for path in found if path.is_file() and "migrations" not in path.parts)


def messages(app: str) -> list[Message]:
    """Return everything in the app's sources that is marked for translation."""
    found = [each for path in sources(app) for each in (in_python(path) if path.suffix == ".py" else in_template(path))]
    return sorted({*found, *((name, "") for name in names_of(app))}, key=lambda each: (str(each[0]), each[1]))


def in_python(path: Path) -> Iterator[Message]:
    for _, message, _, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield message if isinstance(message, str) else tuple(message), context or ""


def in_template(path: Path) -> Iterator[Message]:
    source = path.read_text(encoding="utf-8")
    yield from ((words, "") for words in GIVEN.findall(source))
    template = Template(source)
    for node in template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
        context = node.message_context.var if node.message_context else ""
        if isinstance(node, TranslateNode):
            word = node.filter_expression.var
            yield getattr(word, "literal", word), context
            continue
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        if node.trimmed:
            singular, plural = trim_whitespace(singular), trim_whitespace(plural)
        yield ((singular, plural) if plural else singular), context


def read(app: str, language: str) -> Catalog:
    path = path_of(app, language)
    if not path.exists():
        return Catalog(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def up_to_date(app: str, language: str) -> Catalog:
    """Return the catalogue with all messages of today's sources, and no others; translations are kept."""
    old, new = read(app, language), Catalog(language, fuzzy=False, charset="utf-8")
    for text, context in messages(app):
        known = old.get(text if isinstance(text, str) else text[0], context or None)
        kept = known.string if known and known.pluralizable == isinstance(text, tuple) else ""
        new.add(text, kept or ("" if isinstance(text, str) else ("",) * new.num_plurals), context=context or None)
    return new


def as_po(catalogue: Catalog) -> bytes:
    """Return the file's bytes: by the alphabet, without dates or line numbers, so that changes merge."""
    file = io.BytesIO()
    write_po(file, catalogue, width=0, sort_output=True, omit_header=True, include_previous=False, no_location=True)
    header = [
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    ]
    lines = "".join(f'"{line}\\n"\n' for line in header)
    return f'msgid ""\nmsgstr ""\n{lines}\n'.encode() + file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    catalogue.creation_date = datetime(2026, 1, 1, tzinfo=UTC)  # so that the same catalogue gives the same bytes
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> int:
    """Bring each catalogue up to date, and say how much of it is not translated yet."""
    missing = 0
    for app in SOURCES:
        for language in translations():
            catalogue, path = up_to_date(app, language), path_of(app, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_po(catalogue))
            with path.open("rb") as file:
                path.with_suffix(".mo").write_bytes(as_mo(read_po(file, locale=language)))
            empty = [each.id for each in catalogue if each.id and not all(strings(each))]
            missing += len(empty)
            print(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {len(empty)} without a translation")
    return int(bool(missing))


def strings(message) -> tuple[str, ...]:
    """Return the translations of a message: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
