#!/usr/bin/env bash
# mammoth 1.13.0: two numbered lists of a Word file that follow each other become one, whose numbers go on.
#
# A Word file has the steps 1 and 2 of one list, and right behind them those of another that begins at 3 or at 1 again
# (w:num with a w:startOverride): "1. Wash. 2. Dry. 1. Give 5 mg." Seen: mammoth writes one <ol> with all items, so a
# browser shows "3. Give 5 mg.", and "repeat step 1 of the second list" names another step. There is no message. If a
# paragraph stands between them, they are two lists, and the second begins at 1 whatever Word shows.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check mammoth==1.13.0 python-docx==1.2.0
cat > "$folder/read.py" <<'PY'
import io

import docx
import mammoth
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def made(*items, between=""):
    """Return a file of numbered paragraphs; each is its words and the number of its list."""
    file = docx.Document()
    numbering = file.part.numbering_part.element
    first = file.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(row for row in numbering.num_lst if row.numId == first).abstractNumId.val
    again = numbering.add_num(abstract)
    again.add_lvlOverride(0).add_startOverride(3)
    lists = {1: first, 2: again.numId}
    for words, number in items:
        if between and number == 2:
            file.add_paragraph(between)
        paragraph = file.add_paragraph(words, style="List Number")
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        level = OxmlElement("w:ilvl")
        level.set(qn("w:val"), "0")
        properties.insert(0, level)
        properties.get_or_add_numId().val = lists[number]
    data = io.BytesIO()
    file.save(data)
    data.seek(0)
    return data


ITEMS = (("Wash.", 1), ("Dry.", 1), ("Give 5 mg.", 2))
for between in ("", "Then:"):
    result = mammoth.convert_to_html(made(*ITEMS, between=between))
    print(result.value, [message.message for message in result.messages])
PY
"$folder/venv/bin/python" "$folder/read.py" | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
<ol><li>Wash.</li><li>Dry.</li><li>Give 5 mg.</li></ol> []
<ol><li>Wash.</li><li>Dry.</li></ol><p>Then:</p><ol><li>Give 5 mg.</li></ol> []
TEXT
cmp "$folder/seen" "$folder/expected"
