#!/usr/bin/env bash
# prosemirror-tables 1.8.5 (with prosemirror-model 1.25.13, prosemirror-state 1.4.4): a short first row is completed in front.
#
# `fixTables`, which the plugin `tableEditing` runs after every change of a document, gives each row of a table as many
# cells as the widest one has. Seen: if the first row is the short one, the empty cell is put before its first cell, so
# that each heading stands over the column after its own. Of a table with the headings Adults and Children over
# 10 mg, 5 mg and a column without a heading, Adults then stands over 5 mg, the dose of a child.
#
# Prints what was seen; exits with 1 if it is otherwise now. Needs Node.js and npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > package.json <<'JSON'
{"private": true, "type": "module", "dependencies": {
  "prosemirror-model": "1.25.13", "prosemirror-state": "1.4.4", "prosemirror-tables": "1.8.5"
}}
JSON
npm install --silent --no-audit --no-fund >/dev/null
cat > short.mjs <<'JS'
import { Schema } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import { fixTables, tableNodes } from "prosemirror-tables";

const tables = tableNodes({ tableGroup: "block", cellContent: "paragraph", cellAttributes: {} });
const schema = new Schema({
  nodes: { doc: { content: "block+" }, paragraph: { group: "block", content: "text*" }, text: {}, ...tables },
});
const { doc, table, table_row: line, paragraph } = schema.nodes;
const row = (kind, ...words) =>
  line.create(null, words.map((each) => schema.nodes[kind].create(null, paragraph.create(null, schema.text(each)))));
const shown = (content) => {
  const rows = [];
  content.firstChild.forEach((each) => {
    const cells = [];
    each.forEach((cell) => cells.push(cell.textContent || "(empty)"));
    rows.push(cells.join(" | "));
  });
  return rows.join("\n");
};
const rows = [row("table_header", "Adults", "Children"), row("table_cell", "10 mg", "5 mg", "once a day")];
const state = EditorState.create({ doc: doc.create(null, table.create(null, rows)) });
console.log(`as written:\n${shown(state.doc)}`);
console.log(`after fixTables:\n${shown(state.apply(fixTables(state)).doc)}`);
JS
node short.mjs | tee seen
cat > expected <<'TEXT'
as written:
Adults | Children
10 mg | 5 mg | once a day
after fixTables:
(empty) | Adults | Children
10 mg | 5 mg | once a day
TEXT
cmp seen expected
