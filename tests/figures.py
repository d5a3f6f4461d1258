"""Figures of a draft, with small pictures of one colour."""

import io

from PIL import Image

from articles.files.pictures.making import make
from articles.files.pictures.storing import store
from articles.models import Figure
from articles.text.rendering.numbered.figures import address
from tests import factories


def png(colour="teal", size=(640, 400)) -> bytes:
    """Return the bytes of a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def figure(draft, key="ecg", *, by, colour="teal", **fields) -> Figure:
    """Return a new figure of the draft, saved by this person; without words for it, it is a drawing of an ECG."""
    words = {"alt": "An ECG with raised ST segments.", "caption": "ECG on admission", "source": "Own drawing"}
    row = Figure(
        article=draft, key=key, picture=store(make(png(colour))), **(words | {"licence": "CC BY 4.0"} | fields)
    )
    return factories.save(row, by)


def addresses(row: Figure) -> list[str]:
    """Return the addresses of the files of a figure's picture, from narrow to wide."""
    files = row.picture.files.order_by("width")
    return [address(file.sha256, row.picture.media_type) for file in files]


def placed(key="ecg") -> str:
    return f'<figure data-figure="{key}"></figure>'
