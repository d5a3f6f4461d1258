// A line shows where something that is dragged over the text would stand.
import { Plugin, PluginKey } from "prosemirror-state";
import { dropPoint } from "prosemirror-transform";
import { Decoration, DecorationSet } from "prosemirror-view";

const key = new PluginKey();

function placeOf(view, event) {
  const { doc } = view.state;
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
  if (!found || !view.editable) return null;
  if (view.dragging) return dropPoint(doc, found.pos, view.dragging.slice) ?? found.pos;
  const $pos = doc.resolve(found.pos);
  return event.dataTransfer.types.includes("Files") && $pos.depth ? $pos.after(1) : found.pos; // where `insertBlock` puts a figure
}

function mark(view, at) {
  if (key.getState(view.state) !== at) view.dispatch(view.state.tr.setMeta(key, { at }));
}

export const dropPlace = () =>
  new Plugin({
    key,
    state: { init: () => null, apply: (tr, at) => (tr.getMeta(key) ? tr.getMeta(key).at : at && tr.mapping.map(at)) },
    props: {
      decorations: (state) => {
        const at = key.getState(state);
        const line = () => Object.assign(document.createElement("span"), { className: "drop-place" });
        return at === null ? null : DecorationSet.create(state.doc, [Decoration.widget(at, line, { side: -1 })]);
      },
      handleDOMEvents: {
        dragover: (view, event) => mark(view, placeOf(view, event)),
        dragleave: (view, event) => void (view.dom.contains(event.relatedTarget) || mark(view, null)),
        dragend: (view) => mark(view, null),
        drop: (view) => mark(view, null),
      },
    },
  });
