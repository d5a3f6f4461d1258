// Reviewers' comments beside a text: the words that they quote are marked, those and no others.
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { make, say } from "../windows/words.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const SIGNS = { sup: "^", sub: "_" };
const BOXES = [nodes.list_item, nodes.cell, nodes.header];

/* The lines as the review reads them (articles/text/rendering/passages): each character with the place that it takes. */
function linesOf(doc) {
  const lines = [];
  const begin = () => lines[lines.push([]) - 1];
  const walk = (parent, start, line) =>
    parent.forEach((node, offset) => {
      const at = start + offset + 1;
      if (node.isTextblock) add(line ?? begin(), node, at);
      else walk(node, at, BOXES.includes(node.type) ? begin() : null);
    });
  walk(doc, 0, null);
  return lines;
}

function add(line, block, start) {
  const put = (text, at, step) => {
    for (const [place, sign] of text.split("").entries()) {
      const isSpace = !sign.trim();
      if (isSpace && (line.at(-1)?.[0] ?? " ") === " ") continue;
      line.push([isSpace ? " " : sign, at + step * place, at + step * place + step]);
    }
  };
  put(" ", start, 0);
  block.forEach((node, offset) => {
    const at = start + offset;
    if (node.isText) {
      const levels = node.marks.find((mark) => mark.attrs.levels)?.attrs.levels.split(" ") ?? [];
      put(levels.map((level) => SIGNS[level]).join(""), at, 0);
      put(node.text, at, 1);
    } else if (node.type === nodes.br) put(" ", at, 1);
    else if (line.at(-1)?.[0] === " ") line.pop(); // the number of a citation is none of the words, nor the blank before it
  });
}

/* All places of the words, or those within a range. */
function placesOf(doc, words, [first, last] = [0, Infinity]) {
  return linesOf(doc).flatMap((line) => {
    const within = line.filter(([, from, to]) => from >= first && to <= last);
    const text = within.map(([sign]) => sign).join("");
    const found = [];
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      found.push([within[at][1], within[at + words.length - 1][2]]);
    }
    return found;
  });
}

const key = new PluginKey();
const isAt = ({ selection }, place) => place && selection.from < place[1] && selection.to > place[0];

/* The comment on the words with the cursor. */
const remarkAt = (state) => key.getState(state)?.find(({ place }) => isAt(state, place));
export const toRemark = (state, dispatch) => {
  const found = remarkAt(state);
  if (dispatch) found?.thread.focus();
  return Boolean(found);
};

function drawn(thread) {
  const button = make("button", { type: "button", className: "quiet", textContent: say("toWords") });
  thread.querySelector("blockquote").after(button, make("p", { className: "small orphaned", textContent: say("unmarked") }));
  return button;
}

/* Each comment on this text with its `place`, null while the words are not what it quotes, and the `range` around them. */
export function remarks(editor) {
  const threads = [...document.querySelectorAll("[data-words]")].filter(({ dataset }) => dataset.area === editor.area.name);
  if (!threads.length) return [];
  const begin = (thread, doc) => {
    const { words, nth, times } = thread.dataset;
    const places = placesOf(doc, words);
    const place = places.length === Number(times) ? places[nth] : null;
    return { thread, range: place, place };
  };
  const follow = ({ thread, range }, { doc, mapping }) => {
    if (!range) return { thread, range, place: null };
    const moved = [mapping.map(range[0], -1), mapping.map(range[1], 1)];
    const places = placesOf(doc, thread.dataset.words, moved);
    const place = places.length === 1 ? places[0] : null;
    return { thread, range: place ?? moved, place };
  };
  const show = (view) => {
    for (const { thread, place } of key.getState(view.state)) {
      const toWords = (thread.toWords ??= drawn(thread));
      toWords.hidden = !place;
      toWords.nextSibling.hidden = Boolean(place);
      toWords.onclick = () => {
        if (!editor.shown) return editor.area.focus();
        view.focus();
        view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, ...place)));
        view.dom.querySelector("[data-current]").scrollIntoView({ block: "center" });
      };
      thread.toggleAttribute("data-current", Boolean(isAt(view.state, place)));
    }
  };
  return [
    new Plugin({
      key,
      state: {
        init: (_, { doc }) => threads.map((thread) => begin(thread, doc)),
        apply: (tr, all) => (tr.docChanged ? all.map((one) => follow(one, tr)) : all),
      },
      props: {
        decorations: (state) =>
          DecorationSet.create(
            state.doc,
            key.getState(state).flatMap(({ place }) =>
              place ? Decoration.inline(...place, { class: "remark", ...(isAt(state, place) ? { "data-current": "" } : {}) }) : [],
            ),
          ),
        handleClick: (view) => void remarkAt(view.state)?.thread.scrollIntoView({ block: "nearest" }),
      },
      view: (view) => {
        show(view);
        return { update: show };
      },
    }),
  ];
}
