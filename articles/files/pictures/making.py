"""
Make a picture anew from an uploaded file: its pixels in the colours of the web, and nothing else that the file held.

PNG stays PNG, JPEG stays JPEG and WebP stays WebP. An SVG is drawn as PNG, since an SVG can hold scripts and can ask
other hosts for parts. What would look different from the file is said, or refused.
"""

import io
import re
import warnings
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from articles.files.pictures import drawing
from articles.files.pictures.refused import Refused
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
SMALLEST = 16  # pixels of a side
WIDEST = 1600
TALLEST = 4800
MOST_MADE = 4_000_000  # bytes of one file that readers are sent
WIDTHS = (480, 960)  # beside the widest
WORTH_IT = 0.8  # a narrower file is made only if it is narrower by this factor

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE\s+svg|svg|[a-z]+:svg)", re.IGNORECASE)


@dataclass(frozen=True)
class MadeFile:
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Made:
    """A picture in its widths, from narrow to wide, with what is said of how it differs from the file."""

    media_type: str
    files: list[MadeFile]
    said: list[str] = field(default_factory=list)


def make(data: bytes) -> Made:
    """Return the picture of a file. Raise Refused, with a sentence, for a file of which none can be made."""
    if not data:
        raise Refused(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise Refused(_("The file has more than {most} MB. Save it smaller.").format(most=MOST_BYTES // 1_000_000))
    said: list[str] = []
    if _SVG.match(data):
        data = drawing.drawn(data, said)
    kind, picture = _opened(data)
    picture = _shrunk(_on_white(_in_colours_of_the_web(_upright(picture), said), said), said)
    files = [_file(each, kind, lossless=b"VP8L" in data[:64]) for each in _widths(picture)]
    if len(files[-1].data) > MOST_MADE:
        raise Refused(
            _("As {kind} this picture is too heavy for readers ({size} MB). Save it as JPEG or WebP.").format(
                kind=kind, size=round(len(files[-1].data) / 1_000_000, 1)
            )
        )
    return Made(TYPES[kind], files, said)


def _opened(data: bytes) -> tuple[str, Image.Image]:
    """Return the kind of a file and its picture, read to the end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(io.BytesIO(data), formats=list(TYPES))
        _check_size(found)
        found.load()
    except UnidentifiedImageError:
        raise Refused(_("This is no PNG, JPEG, WebP or SVG file. Export the picture as PNG or JPEG.")) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(_too_large()) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(_("The file is damaged or not complete. Export the picture again.")) from None
    return str(found.format), found


def _check_size(found: Image.Image) -> None:
    if found.width * found.height > MOST_PIXELS:
        raise Refused(_too_large())
    if min(found.size) < SMALLEST:
        raise Refused(
            _("The picture is {width} × {height} pixels; each side needs at least {least}.").format(
                width=found.width, height=found.height, least=SMALLEST
            )
        )
    if getattr(found, "n_frames", 1) > 1:
        raise Refused(_("The file is an animation, of which only one picture could be shown. Save that picture."))


def _too_large() -> str:
    return _("The picture has more than {most} million pixels. Save it smaller.").format(most=MOST_PIXELS // 1_000_000)


def _upright(picture: Image.Image) -> Image.Image:
    """Return the picture turned as its camera noted that it is to be shown."""
    return ImageOps.exif_transpose(picture)


def _in_colours_of_the_web(picture: Image.Image, said: list[str]) -> Image.Image:
    """Return the picture in sRGB, 8 bits a colour, in grey or colours, perhaps with transparency."""
    profile, mode = picture.info.get("icc_profile"), picture.mode
    if mode.startswith(("I", "F")):
        return _of_16_bits(picture, said)
    if mode in ("P", "PA", "1"):
        has_holes = mode == "PA" or "transparency" in picture.info
        picture = picture.convert("L" if mode == "1" else "RGBA" if has_holes else "RGB")
    if profile and picture.mode in ("L", "RGB", "CMYK"):
        return _by_profile(picture, profile, said)
    if picture.mode == "RGBA" and profile:
        holes = picture.getchannel("A")
        coloured = _by_profile(picture.convert("RGB"), profile, said)
        coloured.putalpha(holes)
        return coloured
    if picture.mode == "RGB" and "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode == "L" and "transparency" in picture.info:
        return picture.convert("LA")
    if picture.mode in ("L", "LA", "RGB", "RGBA"):
        return picture
    if picture.mode == "CMYK":
        said.append(_("The colours were made for print. Compare them with your file."))
    return picture.convert("RGB")


def _of_16_bits(picture: Image.Image, said: list[str]) -> Image.Image:
    """Return a picture of 16 bits of grey in 8: a plain conversion would make all but the darkest white."""
    if picture.mode == "F":
        raise Refused(_("The file holds measurements and no picture. Export what you see on the screen."))
    said.append(_("The picture has 65,536 shades of grey, of which 256 are kept. Compare it with your file."))
    return picture.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")


def _by_profile(picture: Image.Image, profile: bytes, said: list[str]) -> Image.Image:
    """Return the picture in the colours that its profile means."""
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        said.append(_("The file’s colour profile could not be read. Compare the colours with your file."))
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    if found is None:  # only when a picture is changed in place
        raise AssertionError(picture.mode)
    return found


def _on_white(picture: Image.Image, said: list[str]) -> Image.Image:
    """Return the picture on white: black letters on nothing could not be read on a dark page."""
    if not picture.mode.endswith("A"):
        return picture
    if picture.getchannel("A").getextrema() != (255, 255):
        said.append(_("What was transparent is white."))
    ground = Image.new(picture.mode, picture.size, (255,) * len(picture.getbands()))
    ground.alpha_composite(picture) if picture.mode == "RGBA" else ground.paste(picture, mask=picture.getchannel("A"))
    return ground.convert(picture.mode.removesuffix("A"))


def _shrunk(picture: Image.Image, said: list[str]) -> Image.Image:
    share = min(1.0, WIDEST / picture.width, TALLEST / picture.height)
    if share == 1.0:
        return picture
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    said.append(
        _("The picture was made smaller: {before} pixels wide before, {after} now.").format(
            before=digits(picture.width), after=digits(size[0])
        )
    )
    return picture.resize(size, Image.Resampling.LANCZOS)


def _widths(picture: Image.Image) -> list[Image.Image]:
    narrower = [width for width in WIDTHS if width <= picture.width * WORTH_IT]
    sizes = [(width, max(1, round(picture.height * width / picture.width))) for width in narrower]
    return [*(picture.resize(size, Image.Resampling.LANCZOS) for size in sizes), picture]


def _file(picture: Image.Image, kind: str, *, lossless: bool) -> MadeFile:
    """Return a file with the pixels alone. All that was read beside them would be written too, so it is taken away."""
    picture.info.clear()
    each: dict[str, dict[str, Any]] = {
        "PNG": {"optimize": True},
        "JPEG": {"quality": 90, "progressive": True, "subsampling": 0},
        "WEBP": {"lossless": True, "quality": 75} if lossless else {"quality": 90},
    }
    written = io.BytesIO()
    picture.save(written, kind, **each[kind])
    return MadeFile(picture.width, picture.height, written.getvalue())
