#!/usr/bin/env bash
# Pillow 13.0.0: `convert("L")` makes a radiograph of 16 bits almost wholly white.
#
# Medical pictures are often PNG files of 16 bits of grey. Pillow opens them in the mode "I;16". Seen: `convert("L")`, the
# usual way to 8 bits, does not scale the 65,536 shades: every shade from 255 up becomes 255, white, without a warning.
# `convert("RGB")`, which a thumbnail for the web would use, does the same. If each shade is divided by 256 first, the picture is kept.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0
cat > "$folder/grey.py" <<'PY'
import io

from PIL import Image

SHADES = [0, 100, 300, 16384, 32768, 65535]
drawn = Image.new("I;16", (len(SHADES), 1))
for place, shade in enumerate(SHADES):
    drawn.putpixel((place, 0), shade)
file = io.BytesIO()
drawn.save(file, "PNG")
opened = Image.open(file)
print("mode:", opened.mode, [opened.getpixel((place, 0)) for place in range(len(SHADES))])


def shades(picture):
    return [picture.getpixel((place, 0)) for place in range(len(SHADES))]


print("convert L:", shades(opened.convert("L")))
print("convert RGB:", [shade[0] for shade in shades(opened.convert("RGB"))])
print("divided by 256 first:", shades(opened.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")))
PY
"$folder/venv/bin/python" "$folder/grey.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
mode: I;16 [0, 100, 300, 16384, 32768, 65535]
convert L: [0, 100, 255, 255, 255, 255]
convert RGB: [0, 100, 255, 255, 255, 255]
divided by 256 first: [0, 0, 1, 64, 128, 255]
TEXT
cmp "$folder/seen" "$folder/expected"
