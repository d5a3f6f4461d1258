#!/usr/bin/env bash
# typst 0.15.2: an SVG whose labels are HTML (foreignObject) is drawn without them, and nothing says so.
#
# Diagrams from draw.io and Mermaid put the text of their boxes into `foreignObject` elements. Browsers show it. Seen: typst
# places the picture and leaves all of these labels out: the drawing is the same, pixel by pixel, as one in which they
# are removed. There is no error and no warning, also under PDF/UA-1. A dose in a box of a flow chart is gone. Words in
# an SVG `text` element are drawn.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2
cat > "$folder/drawn.py" <<'PY'
import json

import typst

BOX = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80"><rect x="10" y="10" width="180" height="60" '
    'fill="none" stroke="black"/>{}</svg>'
)
HTML = (
    '<foreignObject x="10" y="10" width="180" height="60"><div xmlns="http://www.w3.org/1999/xhtml">'
    "Children: 2 mg</div></foreignObject>"
)
TEXT = '<text x="30" y="45" font-size="18">Children: 2 mg</text>'
PROGRAM = """#let data = json(bytes(sys.inputs.data))
#set document(title: "Diagram")
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(data.svg), format: "svg", width: 400pt, alt: "A box")"""


def drawn(label, **options):
    inputs = {"data": json.dumps({"svg": BOX.format(label)})}
    return bytes(typst.compile(PROGRAM.encode(), sys_inputs=inputs, **options))


png = {"format": "png", "ppi": 72}
print("with its label in HTML as without any label:", drawn(HTML, **png) == drawn("", **png))
print("with its label as SVG text as without any label:", drawn(TEXT, **png) == drawn("", **png))
print("refused under PDF/UA-1:", not drawn(HTML, format="pdf", pdf_standards=["ua-1"]).startswith(b"%PDF"))
PY
"$folder/venv/bin/python" "$folder/drawn.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
with its label in HTML as without any label: True
with its label as SVG text as without any label: False
refused under PDF/UA-1: False
TEXT
cmp "$folder/seen" "$folder/expected"
