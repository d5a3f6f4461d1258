"""The text of a version, for showing and judging it. It is refused if the stored text is not the signed one."""

from contextlib import suppress
from typing import Any

from articles.frozen.content import thaw
from articles.models import Version, VersionText
from articles.models.rows.remembered import is_remembered, remembered
from articles.text.canonical import sha256

BESIDE = ("kind", "language", "risk", "title", "written_for")  # columns of a version that its text holds too


class DamagedText(Exception):
    """Raised if the stored version is not the signed one. Such a text is shown to nobody."""

    def __init__(self, version: Version) -> None:
        super().__init__(
            f"What is stored of version {version.number} is not what was submitted and signed: "
            "tell an administrator at once."
        )


def frozen_text(version: Version) -> str:
    """Return the canonical text of a version; raise DamagedText if its digest is not the version's."""
    return remembered(("text", version.pk, version.digest), lambda: _intact(version, _stored(version)))


def remember_text(version: Version, text: str) -> None:
    """Remember for this step the text of the version, read together with other rows, if it is the signed one."""
    if sha256(text) == version.digest:
        remembered(("text", version.pk, version.digest), lambda: text)


def _stored(version: Version) -> str:
    text: str = VersionText.objects.values_list("text", flat=True).get(version=version)
    return text


def _intact(version: Version, text: str) -> str:
    if sha256(text) != version.digest:
        raise DamagedText(version)
    return text


def frozen_content(version: Version) -> dict[str, Any]:
    """Return the content of a version; raise DamagedText also if a column, such as the title, differs from the text."""
    text = frozen_text(version)
    content = remembered(("content", version.pk, version.digest), lambda: thaw(text))
    return _as_stored(version, content)


def frozen_contents(versions: list[Version]) -> dict[int, dict[str, Any]]:
    """Return the content of each version, by its primary key, in at most one query; raise as `frozen_content` does."""
    read = [version for version in versions if not is_remembered(("text", version.pk, version.digest))]
    texts = dict(VersionText.objects.filter(version__in=read).values_list("version", "text"))
    found = {version.pk: _content(version, _intact(version, texts[version.pk])) for version in read}
    return found | {version.pk: frozen_content(version) for version in versions if version.pk not in found}


def intact_contents(versions: list[Version]) -> dict[int, dict[str, Any]]:
    """Return the content of each version, by its primary key, in one query; leave out erased and damaged ones."""
    found = {}
    texts = dict(VersionText.objects.filter(version__in=versions).values_list("version", "text"))
    for version in versions:
        with suppress(DamagedText, KeyError):
            found[version.pk] = _content(version, _intact(version, texts[version.pk]))
    return found


def _content(version: Version, text: str) -> dict[str, Any]:
    return _as_stored(version, thaw(text))


def _as_stored(version: Version, content: dict[str, Any]) -> dict[str, Any]:
    if differing(version, content):
        raise DamagedText(version)
    return content


def differing(version: Version, content: dict[str, Any]) -> list[str]:
    """Return the names of the columns that differ from the text."""
    return [name for name in BESIDE if getattr(version, name) != content[name]]
