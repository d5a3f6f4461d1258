// Commands of the toolbar for marks, blocks and lists.
import { setBlockType, toggleMark } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { goBelow } from "./pictures.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const DEEPEST = 8;

/* Read where the cursor is: the browser tells of a move after it, and a key or a paste that is quick comes first. */
export const readCursor = (view) => view.composing || view.domObserver.flush();

export const bold = toggleMark(marks.strong);
export const italic = toggleMark(marks.em);
export const has = (type) => (state) => {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
};

/* Raise or lower the selected letters; those that are so already become plain. */
export const script = (levels) => (state, dispatch) => {
  const { empty, $from, ranges } = state.selection;
  if (!$from.parent.inlineContent) return false;
  if (!dispatch) return true;
  const remove = scripted(levels)(state);
  const mark = marks.script.create({ levels });
  const tr = state.tr;
  if (empty) dispatch(remove ? tr.removeStoredMark(marks.script) : tr.addStoredMark(mark));
  else {
    for (const { $from, $to } of ranges) remove ? tr.removeMark($from.pos, $to.pos, marks.script) : tr.addMark($from.pos, $to.pos, mark);
    dispatch(tr.scrollIntoView());
  }
  return true;
};

export const scripted = (levels) => (state) => {
  const { empty, $from, from, to } = state.selection;
  if (empty) return marks.script.isInSet(state.storedMarks || $from.marks())?.attrs.levels === levels;
  let all = true;
  let some = false;
  state.doc.nodesBetween(from, to, (node) => {
    if (!node.isText) return;
    const found = marks.script.isInSet(node.marks)?.attrs.levels === levels;
    some ||= found;
    all &&= found;
  });
  return some && all;
};

export const paragraph = setBlockType(nodes.paragraph);
export const heading = (level) => setBlockType(nodes.heading, { level });
export const blockIs = (type, level) => (state) => {
  const { parent } = state.selection.$from;
  return parent.type === type && (level === undefined || parent.attrs.level === level);
};

const isList = (node) => node.type === nodes.bullet_list || node.type === nodes.ordered_list;

function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if (isList($from.node(depth))) return { list: $from.node(depth), pos: $from.before(depth) };
  return null;
}

export const startOf = (state) => listAround(state)?.list.attrs.start;
export const startAt = (start) => (state, dispatch) => dispatch(state.tr.setNodeMarkup(listAround(state).pos, null, { start }));

export const inList = (type) => (state) => listAround(state)?.list.type === type;

export const list = (type) => (state, dispatch) => {
  const around = listAround(state);
  if (around?.list.type === type) return liftListItem(nodes.list_item)(state, dispatch);
  if (around) {
    dispatch?.(state.tr.setNodeMarkup(around.pos, type));
    return true;
  }
  if (wrapInList(type)(state, dispatch)) return true;
  return both(paragraph, wrapInList(type))(state, dispatch);
};

/* One command after another, as a single step to undo. */
export const both = (first, second) => (state, dispatch) => {
  let tr = null;
  if (!first(state, (one) => (tr = one))) return false;
  const next = state.apply(tr);
  return second(next, dispatch && ((other) => {
    for (const step of other.steps) tr.step(step);
    dispatch(tr.scrollIntoView());
  }));
};

export const indent = (state, dispatch) => {
  const { $from } = state.selection;
  const depth = Array.from({ length: $from.depth + 1 }, (_, place) => $from.node(place)).filter(isList).length;
  return depth < DEEPEST && sinkListItem(nodes.list_item)(state, dispatch);
};
export const outdent = liftListItem(nodes.list_item);

export const breakLine = (state, dispatch) => {
  if (goBelow(state, dispatch)) return true;
  dispatch?.(state.tr.replaceSelectionWith(nodes.br.create(), true).scrollIntoView());
  return true;
};
export const insert = (text) => (state, dispatch) => {
  dispatch?.(state.tr.insertText(text).scrollIntoView());
  return true;
};
