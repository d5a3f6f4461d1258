// Citations: found by typing @, shown as their numbers, with the reference in a tip.
import { finder } from "./finder.js";
import { open } from "./dialogs.js";
import { goBelow } from "../text/pictures.js";
import { schema } from "../text/schema.js";
import { addReference, findCitations } from "./server.js";
import { before, make, references, say } from "./words.js";
import { cited } from "../text/writing.js";

const KEYS = /\[(@[\w-]+(?:\s*;\s*@[\w-]+)*)\]/g;

/* Ask for a reference and cite it. If none is chosen, an @ and the letters behind it stay as they were typed. */
export function cite(view, typed = "") {
  goBelow(view.state, view.dispatch);
  let taken = false;
  const search = async (words) => {
    const answer = await findCitations(words);
    return {
      options: [
        ...(answer.references ?? []).map((one) => ({ ...one, text: one.text, more: `[@${one.key}]` })),
        ...(answer.works ?? []).map((one) => ({ ...one, more: say("ofLibrary") })),
      ],
    };
  };
  const chosen = async (option) => {
    if (!option) return;
    const answer = option.key ? option : await addReference(option.work);
    if (!answer.key) {
      find.said.textContent = answer.said.join(" ");
      return;
    }
    references[answer.key] = answer.text;
    taken = true;
    view.dispatch(view.state.tr.replaceSelectionWith(schema.nodes.cite.create({ key: answer.key }), false).scrollIntoView());
    shown.close();
  };
  const find = finder("q", say("findReference"), search, chosen);
  const shown = open(view, say("cite"), [find.whole], null, () => false);
  const giveBack = () => {
    if (typed && !taken) view.dispatch(view.state.tr.insertText(typed + find.input.value));
    taken = true;
  };
  shown.addEventListener("cancel", giveBack);
  shown.addEventListener("close", giveBack);
  find.input.addEventListener("beforeinput", (event) => {
    if (event.data !== " " || find.input.value) return;
    event.preventDefault();
    find.input.value = " ";
    giveBack();
    shown.close();
  });
  find.input.focus();
}

export function atSign(view, from, to, text) {
  if (text !== "@" || view.composing) return false;
  cite(view, "@");
  return true;
}

export function citeView(node) {
  const number = make("span", { className: "number", "aria-hidden": "true" });
  const tip = make("span", { className: "tip", role: "tooltip" });
  const dom = make("cite", { contentEditable: "false" }, number, tip);
  dom.dataset.ref = node.attrs.key;
  return { dom, ignoreMutation: () => true };
}

/* Write the numbers into the text: order of first use in the article, as far as its other texts are known. */
export function number(editor) {
  const keys = [...new Set([...before, ...citedAbove(editor.area), ...cited(editor.view.state.doc)])];
  const numbers = new Map(keys.filter((key) => Object.hasOwn(references, key)).map((key, place) => [key, place + 1]));
  for (const dom of editor.view.dom.querySelectorAll("cite[data-ref]")) {
    const key = dom.dataset.ref;
    const [number, tip] = dom.children;
    const text = numbers.has(key) ? say("citation", { number: numbers.get(key), text: references[key] }) : say("unknownKey", { key });
    const sign = `[${numbers.get(key) ?? "?"}]`;
    if (number.textContent !== sign) number.textContent = sign;
    if (tip.textContent !== text) tip.textContent = text;
  }
}

/* On a page with the whole article: what its earlier texts cite. */
function citedAbove(area) {
  const areas = [...document.querySelectorAll("textarea[data-rich]")];
  const above = areas.slice(0, areas.indexOf(area)).filter((other) => !other.closest(".wording"));
  return above.flatMap((other) => [...other.value.matchAll(KEYS)].flatMap((found) => found[1].split(";").map((key) => key.trim().slice(1))));
}
