#!/usr/bin/env bash
# bibtexparser 2.1.0 with pylatexenc 2.11: decoding LaTeX changes the amounts in a title.
#
# `LatexDecodingMiddleware` promises to turn LaTeX into Unicode. Seen, in titles as reference managers export them:
#   - 10\textsuperscript{9}/L becomes 109/L: the raised digit joins the number before it;
#   - \textless{} 5\% becomes 5%: the sign for “less than” is dropped without a word, and so is \textgreater{};
#   - [\textsuperscript{18}F]FDG becomes [18F]FDG, and CO\textsubscript{2} becomes CO2.
# A title that is shown as decoded therefore can state another amount than the work has.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bibtexparser==2.1.0 pylatexenc==2.11
cat > "$folder/decode.py" <<'PY'
import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware

SOURCE = r"""
@article{count, title = {Neutrophils below 0.5 \texttimes{} 10\textsuperscript{9}/L}}
@article{less, title = {Weight loss \textless{} 5\% and heart rate \textgreater{} 100}}
@article{tracer, title = {CO\textsubscript{2} and [\textsuperscript{18}F]FDG}}
"""
for entry in bibtexparser.parse_string(SOURCE, append_middleware=[LatexDecodingMiddleware()]).entries:
    print(f"{entry.key}: {' '.join(entry['title'].split())}")
PY
"$folder/venv/bin/python" "$folder/decode.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
count: Neutrophils below 0.5 × 109/L
less: Weight loss 5% and heart rate 100
tracer: CO2 and [18F]FDG
TEXT
cmp "$folder/seen" "$folder/expected"
