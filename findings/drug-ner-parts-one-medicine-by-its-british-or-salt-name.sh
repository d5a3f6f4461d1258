#!/usr/bin/env bash
# drug-named-entity-recognition 2.0.9: whether two names are one medicine depends on which of them is asked for.
#
# The package promises to find medicines and to give their DrugBank number, so that names can be compared. Seen:
#   - "epinephrine" and "noradrenaline" are found, "adrenaline" is not, in any spelling;
#   - "levothyroxine" is DB00451, "levothyroxine sodium" is another entry ("Thyroxine") without a number;
#   - the names that are used in Britain, colecalciferol, glyceryl trinitrate, beclometasone and chlorphenamine, are
#     entries of their own without a number, apart from cholecalciferol, nitroglycerin, beclomethasone, chlorpheniramine;
#   - "vitamin D" is ergocalciferol (D2) alone.
# So an absent number, or two different entries, does not say that two texts name different medicines.
#
# Prints what was seen; exits with 1 if it is otherwise now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check drug-named-entity-recognition==2.0.9
cat > "$folder/ask.py" <<'PY'
from drug_named_entity_recognition import find_drugs

names = """epinephrine, noradrenaline, adrenaline, Adrenaline, levothyroxine, levothyroxine sodium, cholecalciferol,
colecalciferol, nitroglycerin, glyceryl trinitrate, beclomethasone, beclometasone, chlorpheniramine, chlorphenamine,
vitamin D"""
for name in names.replace("\n", " ").split(", "):
    found = find_drugs(name.split(" "), is_ignore_case=True)
    said = "; ".join(f"{entry['name']} {entry.get('drugbank_id') or 'without a number'}" for entry, *_ in found)
    print(f"{name}: {said or 'nothing'}")
PY
"$folder/venv/bin/python" "$folder/ask.py" 2>/dev/null | tee "$folder/seen"
cat > "$folder/expected" <<'TEXT'
epinephrine: Epinephrine DB00668
noradrenaline: Norepinephrine DB00368
adrenaline: nothing
Adrenaline: nothing
levothyroxine: Levothyroxine DB00451
levothyroxine sodium: Thyroxine without a number
cholecalciferol: Cholecalciferol DB00169
colecalciferol: Colecalciferol without a number
nitroglycerin: Nitroglycerin DB00727
glyceryl trinitrate: Glyceryl trinitrate without a number
beclomethasone: Beclomethasone DB00394
beclometasone: Beclometasone without a number
chlorpheniramine: Chlorpheniramine DB01114
chlorphenamine: Chlorphenamine without a number
vitamin D: Ergocalciferol DB11094
TEXT
diff "$folder/expected" "$folder/seen"
