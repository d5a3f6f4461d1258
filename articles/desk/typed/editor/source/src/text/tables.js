// The commands of tables.
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import {
  CellSelection, TableMap, addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, goToNextCell, isInTable,
  mergeCells, selectedRect, splitCell, tableEditing,
} from "prosemirror-tables";
import { schema } from "./schema.js";

const { nodes } = schema;
export { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, goToNextCell, isInTable, mergeCells, splitCell, tableEditing };

export function figureAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type === nodes.figure) return { figure: $from.node(depth), pos: $from.before(depth) };
  }
  return null;
}

export const insertTable = (height, width, withHead) => (state, dispatch) => {
  const row = (type, head) =>
    nodes.row.create({ head }, Array.from({ length: width }, () => type.create(null, nodes.paragraph.create())));
  const rows = Array.from({ length: height }, (_, place) => (withHead && place === 0 ? row(nodes.header, true) : row(nodes.cell, false)));
  const figure = nodes.figure.create(null, nodes.table.create(null, rows));
  dispatch?.(insertBlock(state, figure));
  return true;
};

/* Put a block after the outermost block with the cursor, or in its place if that is an empty paragraph. */
export function insertBlock(state, block) {
  const { $from, $to } = state.selection;
  const around = $from.node(1); // none between two blocks, and with a figure selected
  const tr = state.tr;
  const start = around ? $from.before(1) : $to.pos;
  const instead = around?.isTextblock && !around.content.size;
  const place = !around || instead ? start : start + around.nodeSize;
  if (instead) tr.delete(start, start + around.nodeSize);
  tr.insert(place, block);
  if (place + block.nodeSize >= tr.doc.content.size) tr.insert(place + block.nodeSize, nodes.paragraph.create());
  const { doc } = tr;
  return tr.setSelection(block.isAtom ? NodeSelection.create(doc, place) : Selection.near(doc.resolve(place + 1))).scrollIntoView();
}

export const removeTable = (state, dispatch) => {
  const found = figureAround(state);
  if (!found) return false;
  if (dispatch) {
    const tr = state.tr.replaceWith(found.pos, found.pos + found.figure.nodeSize, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, found.pos + 1)).scrollIntoView());
  }
  return true;
};
/* From the last cell Tab leads to a new row, as in other editors. */
export const addLastRow = (state, dispatch) => {
  if (!isInTable(state)) return false;
  let longer = null;
  addRowAfter(state, (tr) => (longer = tr));
  if (longer) goToNextCell(1)(state.apply(longer), ({ selection }) => longer.setSelection(TextSelection.create(longer.doc, selection.from, selection.to)));
  if (longer) dispatch?.(longer.scrollIntoView());
  return Boolean(longer);
};
const orTable = (command) => (state, dispatch) => isInTable(state) && (command(state, dispatch) || removeTable(state, dispatch));
export const removeRow = orTable(deleteRow);
export const removeColumn = orTable(deleteColumn);

function tableAround(state) {
  if (!isInTable(state)) return null;
  const { table, tableStart, map } = selectedRect(state);
  return { table, start: tableStart, map };
}

function retype(tr, start, table, cells, type) {
  for (const cell of new Set(cells.filter(Boolean))) {
    const { attrs } = table.nodeAt(cell);
    tr.setNodeMarkup(start + cell, type, { colspan: attrs.colspan, rowspan: attrs.rowspan });
  }
}

export const hasHeaderRow = (state) => Boolean(tableAround(state)?.table.firstChild.attrs.head);
export const headerRow = (state, dispatch) => {
  const found = tableAround(state);
  if (!found || !dispatch) return Boolean(found);
  const { table, start, map } = found;
  const head = !hasHeaderRow(state);
  const tr = state.tr;
  let at = 0;
  table.forEach((row, offset, place) => {
    if (head ? place === 0 : row.attrs.head) {
      tr.setNodeMarkup(start + offset, null, { ...row.attrs, head });
      at = Math.max(at, place + 1);
    }
  });
  const cells = map.cellsInRect({ left: 0, right: map.width, top: 0, bottom: at });
  retype(tr, start, table, cells, head ? nodes.header : nodes.cell);
  dispatch(tr);
  return true;
};

function firstCells({ table, map }) {
  const rows = [...table.content.content.keys()].filter((row) => !table.child(row).attrs.head);
  return [...new Set(rows.map((row) => map.map[row * map.width]))].filter(Boolean);
}

export const hasHeaderColumn = (state) => {
  const found = tableAround(state);
  const cells = found ? firstCells(found) : [];
  return cells.length > 0 && cells.every((cell) => found.table.nodeAt(cell).type === nodes.header);
};
export const headerColumn = (state, dispatch) => {
  const found = tableAround(state);
  if (!found || !dispatch) return Boolean(found);
  const tr = state.tr;
  retype(tr, found.start, found.table, firstCells(found), hasHeaderColumn(state) ? nodes.cell : nodes.header);
  dispatch(tr);
  return true;
};

export const caption = (state, dispatch) => {
  const found = figureAround(state);
  if (!found) return false;
  if (dispatch) {
    const tr = state.tr;
    if (found.figure.firstChild.type !== nodes.caption) tr.insert(found.pos + 1, nodes.caption.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, found.pos + 2)).scrollIntoView());
  }
  return true;
};

/* Enter in a caption leads to the first cell; Backspace in an empty one removes it. */
export const leaveCaption = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.caption) return false;
  dispatch?.(state.tr.setSelection(Selection.near(state.doc.resolve($from.after()))).scrollIntoView());
  return true;
};
export const removeCaption = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.caption || $from.parent.content.size) return false;
  if (dispatch) {
    const tr = state.tr.delete($from.before(), $from.after());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve($from.before()))));
  }
  return true;
};

export { CellSelection, TableMap };
