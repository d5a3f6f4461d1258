// Windows over the page. Escape closes them, and the focus goes back into the text.
import { goBelow } from "../text/pictures.js";
import { startAt, startOf } from "../text/commands.js";
import { insertTable } from "../text/tables.js";
import { make, say, signs } from "./words.js";

let number = 0;

/* Show fields in a window, or a form of the server's if there is no `done`; call it with the entries unless it was left. */
export function open(view, title, fields, button, done) {
  const heading = make("h2", { id: `editor-window-${++number}`, textContent: title });
  const cancel = make("button", { type: "button", className: "quiet", textContent: say("cancel") });
  const form = make(done ? "form" : "div", done ? { method: "dialog", className: "form" } : {}, heading, ...fields.filter(Boolean), make("p", { className: "buttons" }, button ? make("button", { textContent: button }) : null, cancel));
  const window = make("dialog", { className: "editor-window", "aria-labelledby": heading.id }, form);
  const leave = window.close.bind(window);
  window.close = () => {
    leave();
    view.focus(); // at once: what is typed next belongs to the text
  };
  cancel.addEventListener("click", () => window.close());
  if (done) form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await done(new FormData(form))) !== false) window.close();
  });
  window.addEventListener("close", () => {
    window.remove();
    view.focus();
  });
  document.body.append(window);
  window.showModal();
  return window;
}

export function field(name, label, properties = {}) {
  const id = `editor-field-${++number}`;
  return make("div", {}, make("label", { htmlFor: id, textContent: label }), make("input", { id, name, ...properties }));
}

function table(view) {
  const number = (name, value) => field(name, say(name), { type: "number", min: 1, max: 50, value, required: true });
  const head = make("label", {}, make("input", { type: "checkbox", name: "head", checked: true }), ` ${say("headerRow")}`);
  const window = open(view, say("table"), [number("rows", 3), number("columns", 3), make("div", {}, head)], say("insert"), (entries) => {
    const size = (name) => Math.min(50, Math.max(1, Number(entries.get(name)) || 1));
    insertTable(size("rows"), size("columns"), entries.has("head"))(view.state, view.dispatch);
  });
  window.querySelector("input").select(); // so that a typed number takes the place of this one
}

function start(view) {
  const number = field("start", say("start"), { type: "number", min: 1, max: 100, value: startOf(view.state), required: true });
  open(view, say("startAt"), [number], say("save"), (entries) => startAt(Number(entries.get("start")))(view.state, view.dispatch));
  number.querySelector("input").select();
}

/* The signs as a grid of buttons; arrow keys move, and each goes into the text. */
function sign(view) {
  goBelow(view.state, view.dispatch);
  const buttons = signs.map(([sign, name], place) => {
    const button = make("button", { type: "button", className: "quiet sign", title: name, tabIndex: place ? -1 : 0, "aria-label": name }, sign.trim() || name);
    button.addEventListener("click", () => {
      view.dispatch(view.state.tr.insertText(sign).scrollIntoView());
      shown.close();
    });
    return button;
  });
  const grid = make("div", { className: "signs", role: "group", "aria-label": say("sign") }, ...buttons);
  grid.addEventListener("keydown", (event) => {
    const across = Math.max(1, buttons.filter((one) => one.offsetTop === buttons[0].offsetTop).length);
    const here = buttons.indexOf(document.activeElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: here + across, ArrowUp: here - across }[event.key];
    if (!buttons[next]) return;
    event.preventDefault();
    buttons[next].focus();
  });
  const shown = open(view, say("sign"), [grid], null, () => false);
  buttons[0]?.focus();
}

export const ask = { table, start, sign };
