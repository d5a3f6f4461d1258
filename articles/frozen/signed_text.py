"""The text of a version, for whoever shows or judges it: given only while what is stored is what was signed."""

from articles.frozen.content import thaw
from articles.models import Version, VersionText
from articles.text.canonical import sha256

BESIDE = ("kind", "language", "risk", "title", "written_for")  # columns of a version that its text holds as well


class DamagedText(Exception):
    """Raised where what is stored of a version is not what was signed: such a text is shown to nobody."""

    def __init__(self, version: Version):
        super().__init__(
            f"What is stored of version {version.number} is not what was submitted and signed: "
            "tell an administrator at once."
        )


def frozen_text(version: Version) -> str:
    """Return the canonical text of a version; raise DamagedText when it does not have the version's digest."""
    return _intact(version, VersionText.objects.values_list("text", flat=True).get(version=version))


def _intact(version: Version, text: str) -> str:
    if sha256(text) != version.digest:
        raise DamagedText(version)
    return text


def frozen_content(version: Version) -> dict:
    """Return what the text says; raise DamagedText too when a column beside it says otherwise, as the title may."""
    return _content(version, frozen_text(version))


def frozen_contents(versions: list[Version]) -> dict[int, dict]:
    """Return what each of these texts says, by the key of its version, in one query; raise as `frozen_content` does."""
    texts = dict(VersionText.objects.filter(version__in=versions).values_list("version", "text"))
    return {version.pk: _content(version, _intact(version, texts[version.pk])) for version in versions}


def _content(version: Version, text: str) -> dict:
    content = thaw(text)
    if differing(version, content):
        raise DamagedText(version)
    return content


def differing(version: Version, content: dict) -> list[str]:
    """Return the columns that do not hold what the text holds."""
    return [name for name in BESIDE if getattr(version, name) != content[name]]
