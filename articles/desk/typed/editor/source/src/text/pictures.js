// Figures in a text: they are selected and moved as one, and what is typed never replaces them.
import { closeHistory } from "prosemirror-history";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { picture, paragraph } = schema.nodes;

/* The figure that is selected, or null. */
export const selectedPicture = ({ selection: { node } }) => (node?.type === picture ? node : null);

export const movePicture = (way) => (state, dispatch) => {
  const node = selectedPicture(state);
  const { from, to, $from, $to } = state.selection;
  const beside = way < 0 ? $from.nodeBefore : $to.nodeAfter;
  if (!node || !beside) return false;
  if (dispatch) {
    const place = from + way * beside.nodeSize;
    const tr = closeHistory(state.tr).delete(from, to).insert(place, node);
    dispatch(tr.setSelection(NodeSelection.create(tr.doc, place)).scrollIntoView());
  }
  return true;
};

export const removePicture = (state, dispatch) => {
  if (!selectedPicture(state)) return false;
  dispatch?.(closeHistory(state.tr).deleteSelection().scrollIntoView());
  return true;
};

/* Backspace and Delete beside a figure select it; the next one removes it. */
export const selectBeside = (way) => (state, dispatch) => {
  const { $head, empty } = state.selection;
  if (!empty || $head.depth !== 1 || $head.parentOffset !== (way < 0 ? 0 : $head.parent.content.size)) return false;
  const edge = state.doc.resolve(way < 0 ? $head.before() : $head.after());
  if ((way < 0 ? edge.nodeBefore : edge.nodeAfter)?.type !== picture) return false;
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, way < 0 ? edge.pos - 1 : edge.pos)).scrollIntoView());
  return true;
};

/* A second click on a figure selects it as the first did. */
export const selectClicked = (view, at, node, pos) => {
  if (node.type !== picture) return false;
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));
  return true;
};

/* With a figure selected, put the cursor into a new paragraph below it. */
export const goBelow = (state, dispatch) => {
  if (!selectedPicture(state)) return false;
  if (dispatch) {
    const { to } = state.selection;
    const tr = state.tr.insert(to, paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, to + 1)).scrollIntoView());
  }
  return true;
};
