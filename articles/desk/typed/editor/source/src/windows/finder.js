// A field with a list under it: arrow keys and Enter choose. The focus stays in the field.
import { field } from "./dialogs.js";
import { make, say } from "./words.js";

let number = 0;

/* `search` returns options {text, …} for what is typed; `chosen` hears of the one that is taken, or of none. */
export function finder(name, label, search, chosen) {
  const list = make("ul", { id: `editor-found-${++number}`, className: "found", role: "listbox", "aria-label": label, hidden: true });
  const said = make("p", { className: "small", role: "status" });
  const whole = field(name, label, {
    type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id,
  });
  const input = whole.querySelector("input");
  whole.append(list, said);
  let options = [];
  let here = -1;
  let asked = 0;
  let asking = null;

  const mark = (place) => {
    here = place;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = list.children[place];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const show = (found, first) => {
    options = found;
    list.replaceChildren(...found.map(({ text, more }, at) => make("li", { id: `${list.id}-${at}`, role: "option" }, text, more ? make("span", { className: "small" }, ` ${more}`) : null)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    said.textContent = found.length ? say("someFound", { number: found.length }) : input.value.trim() && first ? say("noneFound") : "";
    mark(found.length && first ? 0 : -1);
  };
  const ask = async () => {
    const turn = ++asked;
    asking = input.value;
    const found = await search(input.value);
    if (turn === asked) show(found.options, found.first ?? true);
  };
  let wait = 0;
  let running = null;
  input.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => (running = ask()), 120);
  });
  input.addEventListener("keydown", async (event) => {
    const next = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
    if (next !== undefined && options.length) {
      event.preventDefault();
      mark((next + options.length) % options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(wait);
      if (input.value !== asking) running = ask();
      await running;
      chosen(options[here], input.value);
    }
  });
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) chosen(options[at], input.value);
  });
  running = ask();
  return { whole, input, said };
}
