#!/usr/bin/env bash
# rispy 0.10.0: two works become one, or are lost, when a record of RIS has no line ER.
#
# Exports of some databases leave ER out; the next TY says that a new record begins. Seen:
#   - ER missing between two works: one work comes out, with the title of the first and the DOI of the second;
#   - ER missing at the end: the last work is dropped without a word.
# A reference made of the result names one work and leads to another.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rispy==0.10.0
cat > "$folder/read.py" <<'PY'
import rispy

ONE = ["TY  - JOUR", "TI  - Statins in adults", "ER  - "]
TWO = ["TY  - JOUR", "DO  - 10.5555/children", "ER  - "]
for name, lines in (
    ("whole", [*ONE, *TWO]),
    ("without ER between them", [*ONE[:-1], *TWO]),
    ("without ER at the end", [*ONE, *TWO[:-1]]),
):
    works = rispy.loads("\n".join([*lines, ""]))
    print(f"{name}: {[(work.get('title'), work.get('doi')) for work in works]}")
PY
"$folder/venv/bin/python" "$folder/read.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
whole: [('Statins in adults', None), (None, '10.5555/children')]
without ER between them: [('Statins in adults', '10.5555/children')]
without ER at the end: [('Statins in adults', None)]
TEXT
cmp "$folder/seen" "$folder/expected"
