"""A picture is made anew: the same to look at, without what else the file held, or refused with a sentence."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFile

from articles.files.pictures import apart, making
from articles.files.pictures.making import make
from articles.files.pictures.refused import Refused
from tests.factories import png

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200"><rect width="400" height="200" fill="#eef"/>'
    '<circle cx="100" cy="100" r="60" fill="#008080"/>{}</svg>'
)
SECRET = b"Ward 7, Mrs Example"


def written(picture, kind="PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def opened(made, place=-1):
    return Image.open(io.BytesIO(made.files[place].data))


def chunks(data: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        found.append(data[at + 4 : at + 8])
        at += 12 + length
    return found


def segments(data: bytes) -> list[int]:
    """Return the markers of a JPEG up to its first scan."""
    found, at = [], 2
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return found


def refused(data: bytes) -> str:
    with pytest.raises(Refused) as found:
        make(data)
    return str(found.value)


def test_a_picture_comes_in_the_widths_that_screens_need():
    made = make(png(1600, 800))

    assert [(file.width, file.height) for file in made.files] == [(480, 240), (960, 480), (1600, 800)]
    assert [opened(made, place).size for place in range(3)] == [(480, 240), (960, 480), (1600, 800)]
    assert made.media_type == "image/png"
    assert made.said == []
    assert opened(made).getpixel((800, 400)) == (20, 120, 120)


def test_a_narrow_picture_has_one_file_and_a_wide_one_is_made_smaller():
    assert [file.width for file in make(png(400, 200)).files] == [400]
    assert [file.width for file in make(png(1000, 500)).files] == [480, 1000]  # 960 would spare nothing

    made = make(png(3200, 1600))

    assert made.files[-1].width == 1600
    assert made.said == ["The picture was made smaller: 3,200 pixels wide before, 1,600 now."]


def test_the_same_file_gives_the_same_bytes():
    one, other = make(png()), make(png())

    assert [hashlib.sha256(file.data).digest() for file in one.files] == [
        hashlib.sha256(file.data).digest() for file in other.files
    ]


def test_only_the_pixels_of_a_png_are_kept():
    data = png(600, 300)
    said = b"tEXtComment\0" + SECRET
    data = data[:33] + struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said)) + data[33:]
    assert SECRET in data
    assert Image.open(io.BytesIO(data)).text == {"Comment": SECRET.decode()}

    for file in make(data).files:
        assert SECRET not in file.data
        assert {*chunks(file.data)} == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_notes_of_a_camera_go_and_the_picture_stands_upright(kind):
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, SECRET.decode()  # orientation, description
    notes.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)  # latitude
    drawing = Image.open(io.BytesIO(png(600, 300)))
    data = written(drawing, kind, exif=notes.tobytes(), xmp=b"<x>" + SECRET + b"</x>")
    assert SECRET in data

    made = make(data)

    assert (made.files[-1].width, made.files[-1].height) == (300, 600)
    for place, file in enumerate(made.files):
        assert SECRET not in file.data
        assert not dict(opened(made, place).getexif())
        assert not {"xmp", "exif", "icc_profile", "comment"} & set(opened(made, place).info)
    if kind == "JPEG":
        assert {marker for marker in segments(made.files[-1].data) if 0xE0 <= marker <= 0xFE} == {0xE0}  # JFIF alone


def test_grey_of_16_bits_keeps_its_shades():
    drawing = Image.new("I;16", (400, 20))
    for x in range(400):
        for y in range(20):
            drawing.putpixel((x, y), x * 163)

    made = make(written(drawing))

    shades = [opened(made).getpixel((x, 10)) for x in range(400)]
    assert shades == [x * 163 // 256 for x in range(400)]
    assert "65,536 shades of grey" in made.said[0]


def test_what_is_transparent_is_white_whatever_the_mode():
    clear = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((0, 0, 49, 49), fill=(0, 0, 0, 255))
    palette = clear.quantize(4)
    grey = clear.convert("LA")
    for drawing in (clear, palette, grey):
        made = make(written(drawing))

        assert opened(made).convert("RGB").getpixel((10, 10)) == (0, 0, 0), drawing.mode
        assert opened(made).convert("RGB").getpixel((90, 10)) == (255, 255, 255), drawing.mode
        assert made.said == ["What was transparent is white."]
    key = written(Image.new("RGB", (100, 50), (1, 2, 3)), transparency=(1, 2, 3))
    assert opened(make(key)).getpixel((10, 10)) == (255, 255, 255)


def test_colours_are_those_that_the_files_profile_means():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawing = Image.new("RGB", (100, 50), (200, 30, 40))

    assert opened(make(written(drawing, icc_profile=profile))).getpixel((5, 5)) == (200, 30, 40)
    made = make(written(drawing, icc_profile=b"no profile"))
    assert opened(made).getpixel((5, 5)) == (200, 30, 40)
    assert made.said == ["The file’s colour profile could not be read. Compare the colours with your file."]


def test_colours_for_print_are_turned_into_colours_of_a_screen_and_it_is_said():
    made = make(written(Image.new("CMYK", (100, 50), (0, 255, 255, 0)), "JPEG", quality=95))

    red, green, blue = opened(made).getpixel((5, 5))
    assert red > 200
    assert green < 60
    assert blue < 60
    assert made.said == ["The colours were made for print. Compare them with your file."]


def test_webp_without_losses_has_none_afterwards():
    drawing = Image.effect_noise((200, 100), 90).convert("RGB")

    made = make(written(drawing, "WEBP", lossless=True))

    assert made.media_type == "image/webp"
    assert opened(made).convert("RGB").tobytes() == drawing.tobytes()


def test_an_svg_is_drawn():
    made = make(SVG.format("").encode())

    assert made.media_type == "image/png"
    assert (made.files[-1].width, made.files[-1].height) == (1600, 800)
    assert opened(made).getpixel((400, 400)) == (0, 128, 128)
    assert opened(made).getpixel((1500, 700)) == (238, 238, 255)
    assert made.said == []


def test_letters_of_an_svg_are_drawn_and_it_is_said_in_which_fonts():
    blank = make(SVG.format("").encode())
    made = make(SVG.format('<text x="200" y="110" font-size="30" font-family="Arial">5 µg ≥ 2</text>').encode())

    assert opened(made).crop((780, 300, 1500, 480)).getcolors() != opened(blank).crop((780, 300, 1500, 480)).getcolors()
    assert made.said == ["Letters are drawn in fonts of this site. Compare the picture with your file."]


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>5 mg</p></foreignObject>", "foreignObject"),
        ("<script>1</script>", "program"),
        ("<rect onclick='x()' width='1' height='1'/>", "program"),
        ("<circle r='1'><animate attributeName='r' to='9' dur='1s'/></circle>", "animation"),
        ("<image href='https://example.org/a.png' width='1' height='1'/>", "elsewhere (“https://example.org/a.png”)"),
        ("<image href='../secret.png' width='1' height='1'/>", "elsewhere"),
        ("<use href='other.svg#a'/>", "elsewhere"),
        ("<style>@import url('https://example.org/a.css');</style>", "elsewhere"),
        ("<rect style='fill: url(https://example.org/a.svg#b)' width='1' height='1'/>", "elsewhere"),
        ("<style>@font-face {font-family: a}</style>", "fonts from elsewhere"),
        ("<text>淋巴结</text>", "No font here"),
        ("<g>" * 200 + "</g>" * 200, "too many parts"),
    ],
)
def test_an_svg_that_could_show_less_is_refused(part, says):
    assert says in refused(SVG.format(part).encode())


def test_an_svg_with_entities_of_its_own_is_refused():
    named = '<!DOCTYPE svg [<!ENTITY dose "5 mg">]>' + SVG.format("<text>&dose;</text>")

    assert "abbreviations of its own" in refused(named.encode())
    assert make(("<!DOCTYPE svg>" + SVG.format("")).encode()).media_type == "image/png"


def test_what_is_no_picture_or_none_of_ours_is_refused_with_a_sentence(monkeypatch):
    animated = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), (shade, 0, 0)) for shade in (0, 100)]
    frames[0].save(animated, "WEBP", save_all=True, append_images=frames[1:])
    truncated = png()[:-400]

    assert refused(b"") == "The file is empty."
    assert refused(b"%PDF-1.7 ") == "This is no PNG, JPEG, WebP or SVG file. Export the picture as PNG or JPEG."
    assert refused(written(Image.new("L", (50, 50)), "GIF")).startswith("This is no PNG")
    assert refused(written(Image.new("L", (50, 50)), "TIFF")).startswith("This is no PNG")
    assert refused(b"<html><body>5 mg</body></html>").startswith("This is no PNG")
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>").startswith("The file is damaged")
    assert refused(truncated) == "The file is damaged or not complete. Export the picture again."
    assert refused(animated.getvalue()).startswith("The file is an animation")
    assert refused(png(40, 8)) == "The picture is 40 × 8 pixels; each side needs at least 16."
    assert refused(b"\x89PNG" + b"0" * making.MOST_BYTES) == "The file has more than 10 MB. Save it smaller."
    monkeypatch.setattr(making, "MOST_PIXELS", 5_000)
    assert refused(png(100, 100)) == "The picture has more than 0 million pixels. Save it smaller."


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    head = png(64, 64)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("unpacked"))
    ihdr = b"IHDR" + struct.pack(">II", 60_000, 60_000) + head[24:29]
    data = head[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + head[33:]

    assert "million pixels" in refused(data)


def test_a_file_that_would_be_too_heavy_for_readers_is_refused(monkeypatch):
    monkeypatch.setattr(making, "MOST_MADE", 500_000)

    said = refused(written(Image.effect_noise((1200, 900), 90)))

    assert said.startswith("As PNG this picture is too heavy for readers (")
    assert said.endswith("Save it as JPEG or WebP.")


def test_apart_from_the_site_it_is_the_same():
    made = make(png(600, 300))

    assert apart.read(png(600, 300)) == made
    with pytest.raises(Refused, match="This is no PNG"):
        apart.read(b"GIF89a")


def test_too_much_work_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(apart, "LONGEST_WAIT", 0.001)

    with pytest.raises(Refused, match="too much time or memory"):
        apart.read(png())
