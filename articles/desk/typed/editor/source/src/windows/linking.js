// Links: to another article by its title, or to an address that the server allows.
import { finder } from "./finder.js";
import { open } from "./dialogs.js";
import { goBelow } from "../text/pictures.js";
import { schema } from "../text/schema.js";
import { findLinks } from "./server.js";
import { make, say } from "./words.js";

const { link } = schema.marks;

/* The link at the cursor with its whole extent; null if there is none. */
function around(state) {
  const { $from, from, to, empty } = state.selection;
  const mark = link.isInSet($from.marks()) ?? ($from.nodeAfter && link.isInSet($from.nodeAfter.marks));
  if (!mark) return null;
  if (!empty) return { mark, from, to };
  let at = $from.start();
  let found = null;
  $from.parent.forEach((node) => {
    const end = at + node.nodeSize;
    if (mark.isInSet(node.marks)) found = found && found.to === at ? { ...found, to: end } : found?.to >= from ? found : { mark, from: at, to: end };
    at = end;
  });
  return found;
}

export const inLink = (state) => Boolean(around(state));

export function linkTo(view) {
  goBelow(view.state, view.dispatch);
  const here = around(view.state);
  let answer = {};
  const search = async (words) => {
    answer = await findLinks(words);
    return { options: (answer.articles ?? []).map((one) => ({ ...one, more: one.href })), first: !answer.href };
  };
  const chosen = (option, typed) => {
    const href = option?.href ?? answer.href;
    if (!href) find.said.textContent = answer.said && typed.trim() ? answer.said : say("noLink");
    else {
      put(view, here, href, option?.text ?? typed.trim());
      shown.close();
    }
  };
  const find = finder("to", say("linkTo"), search, chosen);
  const remove = make("button", { type: "button", className: "quiet", textContent: say("unlink") });
  remove.addEventListener("click", () => {
    view.dispatch(view.state.tr.removeMark(here.from, here.to, link));
    shown.close();
  });
  const shown = open(view, say("link"), [find.whole, here ? remove : null], say("insert"), async () => {
    await find.input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    return false;
  });
  if (here) {
    find.input.value = here.mark.attrs.href;
    find.input.dispatchEvent(new Event("input"));
  }
  find.input.focus();
  find.input.select();
}

/* Link the selected words, those of the link at the cursor, or new words. */
function put(view, here, href, text) {
  const { state } = view;
  const { from, to, empty } = here ? { ...here, empty: false } : state.selection;
  const tr = empty ? state.tr.insertText(text, from) : state.tr.removeMark(from, to, link);
  view.dispatch(tr.addMark(from, empty ? from + text.length : to, link.create({ href })).scrollIntoView());
}
