#!/usr/bin/env bash
# lxml 6.1.3 (libxml2 2.14.6): cells copied from Google Sheets are read as a page without a body.
#
# The clipboard of Google Sheets holds a `meta`, then an element of its own, `google-sheets-html-origin`, with a `style`
# and the table in it. By the HTML standard an unknown element begins the body; html5lib 1.1 reads it so. Seen:
# `lxml.html.document_fromstring` leaves it, and the table in it, in the head, and gives the page no body. Who reads
# the text of the body of what was pasted gets nothing, and no error says that a table of doses is missing. With
# `<body>` before it, the table is in the body.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3 html5lib==1.1
cat > "$folder/copied.py" <<'PY'
import html5lib
import lxml.html

COPIED = (
    '<meta charset="utf-8"><google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #ccc;}--></style>'
    '<table cellspacing="0" cellpadding="0" dir="ltr" border="1" data-sheets-root="1"><colgroup><col width="100">'
    '<col width="100"></colgroup><tbody><tr style="height:21px;"><td>Children</td><td>2 mg</td></tr></tbody></table>'
    "</google-sheets-html-origin>"
)


def place_of(page):
    """Return the part of the page that holds the table, and the text of its cells in the body."""
    (table,) = page.xpath("//table")
    part = [each.tag for each in table.iterancestors() if each.tag in ("head", "body")]
    return f"the table is in the {' '.join(part)}; cells in the body: {page.xpath('//body//td/text()')}"


print("html5lib:", place_of(html5lib.parse(COPIED, treebuilder="lxml", namespaceHTMLElements=False)))
print("lxml:", place_of(lxml.html.document_fromstring(COPIED)))
print("lxml after <body>:", place_of(lxml.html.document_fromstring("<body>" + COPIED)))
PY
"$folder/venv/bin/python" "$folder/copied.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
html5lib: the table is in the body; cells in the body: ['Children', '2 mg']
lxml: the table is in the head; cells in the body: []
lxml after <body>: the table is in the body; cells in the body: ['Children', '2 mg']
TEXT
cmp "$folder/seen" "$folder/expected"
