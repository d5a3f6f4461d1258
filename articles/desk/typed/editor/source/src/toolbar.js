// The toolbar: one stop of the Tab key, arrow keys between its buttons.
import { redo, undo } from "prosemirror-history";
import * as does from "./text/commands.js";
import * as remarks from "./text/remarks.js";
import * as pictures from "./text/pictures.js";
import * as table from "./text/tables.js";
import { cite } from "./windows/citing.js";
import { ask } from "./windows/dialogs.js";
import { chooseFigure, editFigure } from "./windows/figures.js";
import { inLink, linkTo } from "./windows/linking.js";
import { schema } from "./text/schema.js";
import { make, say } from "./windows/words.js";

const { nodes, marks } = schema;
const onMac = /Mac|iP(hone|ad)/.test(navigator.platform);
const button = (name, sign, command, more = {}) => ({ name, sign, command, ...more });

export const KEYS = {
  "Mod-b": does.bold,
  "Mod-i": does.italic,
  "Mod-,": does.script("sub"),
  "Mod-.": does.script("sup"),
  "Mod-Alt-0": does.paragraph,
  "Mod-Alt-3": does.heading(3),
  "Mod-Alt-4": does.heading(4),
  "Mod-Shift-8": does.list(nodes.bullet_list),
  "Mod-Shift-7": does.list(nodes.ordered_list),
  "Mod-]": does.indent,
  "Mod-[": does.outdent,
  "Alt-ArrowUp": pictures.movePicture(-1),
  "Alt-ArrowDown": pictures.movePicture(1),
  "Mod-k": (_, __, view) => {
    linkTo(view);
    return true;
  },
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
};

const GROUPS = [
  [
    button("bold", "B", does.bold, { keys: "Mod-b", active: does.has(marks.strong) }),
    button("italic", "I", does.italic, { keys: "Mod-i", active: does.has(marks.em) }),
    button("sub", "x₂", does.script("sub"), { keys: "Mod-,", active: does.scripted("sub") }),
    button("sup", "x²", does.script("sup"), { keys: "Mod-.", active: does.scripted("sup") }),
  ],
  [
    button("paragraph", "¶", does.paragraph, { keys: "Mod-Alt-0", active: does.blockIs(nodes.paragraph) }),
    button("heading", "H", does.heading(3), { keys: "Mod-Alt-3", active: does.blockIs(nodes.heading, 3) }),
    button("subheading", "h", does.heading(4), { keys: "Mod-Alt-4", active: does.blockIs(nodes.heading, 4) }),
  ],
  [
    button("bullets", "•", does.list(nodes.bullet_list), { keys: "Mod-Shift-8", active: does.inList(nodes.bullet_list) }),
    button("numbers", "1.", does.list(nodes.ordered_list), { keys: "Mod-Shift-7", active: does.inList(nodes.ordered_list) }),
    button("outdent", "⇤", does.outdent, { keys: "Mod-[" }),
    button("indent", "⇥", does.indent, { keys: "Mod-]" }),
  ],
  [
    button("table", "▦", null, { opens: ask.table }),
    button("link", "", null, { opens: linkTo, keys: "Mod-k", active: inLink }),
    button("cite", "[1]", null, { opens: cite }),
    button("figure", "", null, { opens: (view) => chooseFigure(view) }),
    button("sign", "µ", null, { opens: ask.sign }),
  ],
  [
    button("undo", "↶", undo, { keys: "Mod-z" }),
    button("redo", "↷", redo, { keys: "Mod-y" }),
  ],
];
const OF_TABLE = [
  [
    button("rowBefore", "", table.addRowBefore),
    button("rowAfter", "", table.addRowAfter),
    button("removeRow", "", table.removeRow),
  ],
  [
    button("columnBefore", "", table.addColumnBefore),
    button("columnAfter", "", table.addColumnAfter),
    button("removeColumn", "", table.removeColumn),
  ],
  [
    button("headerRow", "", table.headerRow, { active: table.hasHeaderRow }),
    button("headerColumn", "", table.headerColumn, { active: table.hasHeaderColumn }),
    button("merge", "", table.mergeCells),
    button("split", "", table.splitCell),
    button("caption", "", table.caption, { leads: true }),
    button("removeTable", "", table.removeTable),
  ],
];

const OF_PICTURE = [
  [
    button("editFigure", "", null, { opens: editFigure }),
    button("moveUp", "", pictures.movePicture(-1), { keys: "Alt-ArrowUp" }),
    button("moveDown", "", pictures.movePicture(1), { keys: "Alt-ArrowDown" }),
    button("removeFigure", "", pictures.removePicture, { leads: true }),
  ],
];
const OF_NUMBERS = [[button("startAt", "", null, { opens: ask.start })]];
const OF_REMARK = [[button("toRemark", "", remarks.toRemark, { away: true })]];
/* Rows that are shown only for what is selected. */
const ROWS = [
  [OF_TABLE, table.figureAround],
  [OF_PICTURE, pictures.selectedPicture],
  [OF_NUMBERS, does.inList(nodes.ordered_list)],
  [OF_REMARK, remarks.toRemark],
];

export class Toolbar {
  constructor(name) {
    this.groups = [];
    this.main = this.row(GROUPS);
    this.rows = ROWS.map(([groups, isFor]) => ({ isFor, dom: Object.assign(this.row(groups), { hidden: true, className: "of-table" }) }));
    this.dom = make("div", { className: "tools-of-text", role: "toolbar", "aria-label": say("toolbar", { name }) }, this.main, ...this.rows.map((row) => row.dom));
    this.dom.addEventListener("keydown", (event) => this.move(event));
    this.dom.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    this.buttons[0].dom.tabIndex = 0;
  }

  get buttons() {
    return this.groups.flat();
  }

  row(groups) {
    const made = groups.map((group) => group.map((item) => ({ ...item, dom: this.draw(item) })));
    this.groups.push(...made);
    return make("div", {}, ...made.map((group) => make("span", { role: "group" }, ...group.map((item) => item.dom))));
  }

  draw(item) {
    const shown = item.keys?.split("-").map((key) => KEY_NAMES[key] ?? key.toUpperCase()).join(onMac ? "" : "+");
    const name = say(item.name);
    const dom = make("button", { type: "button", className: `tool ${item.name}`, tabIndex: -1, title: shown ? `${name} (${shown})` : name });
    if (item.sign) dom.setAttribute("aria-label", name);
    if (item.keys) dom.setAttribute("aria-keyshortcuts", item.keys.replace("Mod", onMac ? "Meta" : "Control").replace(/-(?=.)/g, "+"));
    if (item.active) dom.setAttribute("aria-pressed", "false");
    if (item.opens) dom.setAttribute("aria-haspopup", "dialog");
    dom.append(item.sign ? make("span", { "aria-hidden": "true" }, item.sign) : name);
    dom.addEventListener("click", () => this.use(item));
    return dom;
  }

  use(item) {
    const { view } = this;
    does.readCursor(view);
    if (item.opens) return void item.opens(view);
    item.command(view.state, view.dispatch, view);
    if (!item.away && (item.leads || !this.dom.contains(document.activeElement))) view.focus();
  }

  move(event) {
    const seen = this.buttons.filter((item) => item.dom.offsetParent !== null);
    const here = seen.findIndex((item) => item.dom === document.activeElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: seen.length - 1 }[event.key];
    if (event.key === "Escape") this.view.focus();
    if (next === undefined || here < 0) return;
    event.preventDefault();
    for (const item of seen) item.dom.tabIndex = -1;
    const { dom } = seen[(next + seen.length) % seen.length];
    dom.tabIndex = 0;
    dom.focus();
  }

  update(view) {
    this.view = view;
    const { state } = view;
    for (const { dom, isFor } of this.rows) dom.hidden = !isFor(state);
    for (const item of this.buttons) {
      if (item.command) item.dom.setAttribute("aria-disabled", String(!item.command(state, undefined, view)));
      if (item.active) item.dom.setAttribute("aria-pressed", String(Boolean(item.active(state))));
    }
    if (this.dom.querySelector('[hidden] [tabindex="0"]')) {
      for (const item of this.buttons) item.dom.tabIndex = -1;
      this.buttons[0].dom.tabIndex = 0;
    }
  }
}

const KEY_NAMES = {
  ...(onMac ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" } : { Mod: say("control"), Alt: "Alt", Shift: say("shift") }),
  ArrowUp: "↑",
  ArrowDown: "↓",
};
