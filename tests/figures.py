"""Figures of a draft as the tests of the editor need them: several, each with a picture of another colour."""

from articles.models import Figure
from articles.text.rendering.numbered.figures import address
from tests import factories

COLOURS = {
    "teal": (0, 128, 128), "red": (200, 0, 0), "green": (0, 160, 0), "blue": (0, 0, 200), "black": (0, 0, 0),
    "white": (255, 255, 255),
}  # fmt: skip


def png(colour="teal", size=(640, 400)) -> bytes:
    """Return the bytes of a picture of one colour."""
    return factories.png(*size, COLOURS[colour])


def figure(draft, key="ecg", *, by, colour="teal", **words) -> Figure:
    """Return a new figure of the draft, saved by this person; without words for it, it is a drawing of an ECG."""
    words = {"alt": "An ECG with raised ST segments.", "caption": "ECG on admission", **words}
    return factories.figure(draft, by, key=key, file=png(colour), **words)


def addresses(row: Figure) -> list[str]:
    """Return the addresses of the files of a figure's picture, from narrow to wide."""
    files = row.picture.files.order_by("width")
    return [address(file.sha256, row.picture.media_type) for file in files]


def placed(key="ecg") -> str:
    return f'<figure data-figure="{key}"></figure>'
