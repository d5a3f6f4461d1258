#!/usr/bin/env bash
# pandoc 3.9 (pypandoc-binary 1.17): a day in a RIS record is read as no date, and a suffix as a given name.
#
# RIS writes a date as YYYY/MM/DD and a name as family, given, suffix. Seen: of `PY  - 2020/03/12` the CSL-JSON has an
# empty `date-parts`, so the reference is printed without a year, while `PY  - 2020` gives one. “Smith, John, Jr.” has
# the given name “Jr.” and the suffix “John”. An organisation in `AU` becomes a person, “Group, World Health”. The place
# in `CY` is dropped, and the ISBN of a chapter becomes its ISSN.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc-binary==1.17
cat > "$folder/read.py" <<'PY'
import json

import pypandoc

RECORD = """TY  - CHAP
AU  - Smith, John, Jr.
AU  - World Health Group
TI  - Lymph
T2  - Nodes and vessels
CY  - Bern
PY  - {day}
SN  - 978-3-16-148410-0
ER  - 
"""
print("pandoc", pypandoc.get_pandoc_version())
for day in ("2020", "2020/03/12"):
    (work,) = json.loads(pypandoc.convert_text(RECORD.format(day=day), "csljson", format="ris"))
    print(day, json.dumps(work["issued"]))
for person in work["author"]:
    print(json.dumps(person, sort_keys=True))
print("place:", work.get("publisher-place"), "ISBN:", work.get("ISBN"), "ISSN:", work.get("ISSN"))
PY
"$folder/venv/bin/python" "$folder/read.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
pandoc 3.9
2020 {"date-parts": [[2020]]}
2020/03/12 {"date-parts": []}
{"family": "Smith", "given": "Jr.", "suffix": "John"}
{"family": "Group", "given": "World Health"}
place: None ISBN: None ISSN: 978-3-16-148410-0
TEXT
cmp "$folder/seen" "$folder/expected"
