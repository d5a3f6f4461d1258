// The rich text editor: it stands in front of a text area, which stays the form's field.
import { baseKeymap, chainCommands } from "prosemirror-commands";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { DOMParser } from "prosemirror-model";
import { splitListItem } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { atSign, citeView, number } from "./windows/citing.js";
import { breakLine, readCursor } from "./text/commands.js";
import { dropPlace } from "./text/dropping.js";
import { pictureView } from "./windows/figures.js";
import { Pasting } from "./windows/pasting.js";
import { goBelow, selectBeside, selectClicked } from "./text/pictures.js";
import { remarks } from "./text/remarks.js";
import { read } from "./text/reading.js";
import { schema } from "./text/schema.js";
import { checked } from "./windows/server.js";
import { addLastRow, goToNextCell, leaveCaption, removeCaption, tableEditing } from "./text/tables.js";
import { KEYS, Toolbar } from "./toolbar.js";
import { make, say } from "./windows/words.js";
import { write } from "./text/writing.js";

/* Return the name of a text area with that of its section and its readers: a page has many called "Text". */
function named(area) {
  const section = area.closest("[data-part]")?.querySelector("[data-name]")?.textContent;
  const readers = area.closest("[role=group]")?.getAttribute("aria-label");
  return [section, readers, area.labels[0]?.textContent].filter(Boolean).map((name) => name.trim()).join(": ");
}

class Editor {
  constructor(area) {
    this.area = area;
    area.editor = this;
    this.pasting = new Pasting(this);
    this.label = named(area);
    this.help = document.getElementById(`${area.id}_helptext`);
    this.toolbar = new Toolbar(this.label);
    this.box = make("div", { className: "text" });
    const { dom } = this.toolbar; // it stays over the text, and a bar may stay over it
    this.unseen = { get top() { return 8 + parseFloat(getComputedStyle(dom).top) + dom.offsetHeight; }, bottom: 80, left: 5, right: 5 };
    this.said = make("div", { className: "said-of-text", "aria-live": "polite" });
    this.hint = make("p", { id: `${area.id}_editor_help`, className: "helptext", textContent: say("help") });
    this.whole = make("div", { className: "rich" }, this.hint, this.toolbar.dom, this.box);
    this.turn = make("button", { type: "button", className: "quiet turn" });
    this.turn.addEventListener("click", () => (this.shown ? this.close() : this.back()));
    area.before(this.whole);
    area.after(this.turn, this.said);
    area.addEventListener("input", () => this.shown && !this.writing && this.open());
    area.labels[0]?.addEventListener("click", () => this.shown && this.view.focus());
    document.addEventListener("click", (event) => this.lead(event));
    for (const kind of ["keydown", "copy", "cut", "paste"]) this.box.addEventListener(kind, () => this.view && readCursor(this.view), true);
    this.foldTips();
    this.waitForTheMouse();
    this.open();
  }

  /* Show the editor, unless the text area holds what the editor cannot keep. */
  open() {
    const doc = kept(this.area.value);
    this.show(Boolean(doc));
    if (!doc) return false;
    const state = EditorState.create({ doc, plugins: this.plugins() });
    if (this.view) this.view.updateState(state);
    else this.mount(state);
    number(this);
    this.toolbar.update(this.view);
    return true;
  }

  mount(state) {
    const invalid = this.area.getAttribute("aria-invalid");
    this.view = new EditorView(this.box, {
      state,
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": this.label,
        "aria-describedby": [this.hint.id, ...(this.area.getAttribute("aria-describedby") ?? "").split(" ")].filter((id) => id && id !== this.help?.id).join(" "),
        ...(invalid ? { "aria-invalid": invalid } : {}),
        ...(this.area.lang ? { lang: this.area.lang } : {}),
        ...(this.area.dir ? { dir: this.area.dir } : {}),
        spellcheck: "true",
      },
      scrollThreshold: this.unseen,
      scrollMargin: this.unseen,
      ...this.pasting.props,
      handleTextInput: (view, from, to, text) => {
        const isBelow = goBelow(view.state, view.dispatch);
        if (atSign(view, from, to, text)) return true;
        if (isBelow) view.dispatch(view.state.tr.insertText(text));
        return isBelow;
      },
      handleDoubleClickOn: selectClicked,
      nodeViews: { cite: citeView, picture: pictureView },
      tell: (sentences) => this.tell(sentences),
      dispatchTransaction: (tr) => {
        this.pasting.map(tr.mapping);
        this.view.updateState(this.view.state.apply(tr));
        if (tr.docChanged) {
          number(this);
          this.store();
        }
        if (!this.pressed) this.toolbar.update(this.view);
      },
    });
  }

  plugins() {
    let leaving = false;
    const tab = (way) => (state, dispatch) => !leaving && (goToNextCell(way)(state, dispatch) || (way > 0 && addLastRow(state, dispatch)));
    return [
      new Plugin({
        props: {
          handleKeyDown: (_, event) => {
            if (!["Tab", "Shift"].includes(event.key)) leaving = event.key === "Escape";
            return false;
          },
        },
      }),
      history(),
      keymap({
        ...KEYS,
        Tab: tab(1),
        "Shift-Tab": tab(-1),
        Enter: chainCommands(goBelow, leaveCaption, splitListItem(schema.nodes.list_item), baseKeymap.Enter),
        Backspace: chainCommands(removeCaption, selectBeside(-1), baseKeymap.Backspace),
        Delete: chainCommands(selectBeside(1), baseKeymap.Delete),
        "Shift-Enter": breakLine,
        "Mod-Enter": breakLine,
      }),
      keymap(baseKeymap),
      gapCursor(),
      dropPlace(),
      tableEditing(),
      ...remarks(this),
    ];
  }

  /* Where the cursor is, and put it there again. */
  get cursor() {
    if (this.view) readCursor(this.view);
    const { from, to } = this.view?.state.selection ?? {};
    return this.shown ? [from, to] : null;
  }

  putCursor([from, to]) {
    const { doc, tr } = this.view.state;
    if (to <= doc.content.size) this.view.dispatch(tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))));
    this.view.dom.focus({ preventScroll: true });
  }

  /* The text as it would be stored now; with `[@key]` as it is typed, or with elements for citations. */
  written(asTyped = true) {
    return write(this.view.state.doc, asTyped);
  }

  /* The same of the elements on the page, as ProseMirror reads them after a key. */
  fromScreen() {
    return write(DOMParser.fromSchema(schema).parse(this.view.dom, { preserveWhitespace: "full" }));
  }

  store() {
    this.area.value = this.written();
    this.writing = true;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing = false;
  }

  show(rich) {
    this.shown = rich;
    this.area.hidden = rich;
    this.whole.hidden = !rich;
    if (this.help) this.help.hidden = rich;
    this.turn.textContent = say(rich ? "asHtml" : "asText");
  }

  /* A link of the page to the text area, as in the list of problems, leads to the editor. */
  lead(event) {
    if (!this.shown || event.defaultPrevented || event.target.closest("a")?.getAttribute("href") !== `#${this.area.id}`) return;
    event.preventDefault();
    this.view.focus();
  }

  /* Escape puts the tip of a citation away until the pointer or the cursor is elsewhere. */
  foldTips() {
    const fold = (away) => this.box.classList.toggle("no-tips", away);
    document.addEventListener("keydown", (event) => fold(event.key === "Escape"));
    this.box.addEventListener("mouseover", (event) => event.target.closest("cite") || fold(false));
  }

  /* A row of tools comes or goes after a click: within it the text would move away from under the pointer. */
  waitForTheMouse() {
    this.box.addEventListener("mousedown", () => (this.pressed = true), true);
    const letGo = () => {
      if (this.pressed) this.toolbar.update(this.view);
      this.pressed = false;
    };
    this.box.addEventListener("keydown", letGo, true);
    for (const kind of ["mouseup", "dragend"]) document.addEventListener(kind, () => setTimeout(letGo));
  }

  close() {
    this.show(false);
    this.area.focus();
  }

  /* From the text area back to the editor: the server reads what was typed, and says what it refuses. */
  async back() {
    const answer = kept(this.area.value) ? { html: this.area.value, said: [] } : await checked(this.area.value);
    this.tell(answer.said);
    if (answer.html === undefined) return;
    if (this.area.value !== answer.html) {
      this.area.value = answer.html;
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (this.open()) this.view.focus();
    else this.tell([say("onlyHtml")]);
  }

  tell(sentences) {
    this.said.replaceChildren();
    if (!sentences.length) return;
    this.said.append(make("ul", {}, ...sentences.map((sentence) => make("li", { textContent: sentence }))));
  }
}

/* The document of a text, if the editor writes the same text again; else null. */
function kept(html) {
  try {
    const doc = read(html);
    doc.check();
    return write(doc) === html.replaceAll("\r\n", "\n") ? doc : null;
  } catch {
    return null;
  }
}

const mount = (area) => area.editor ?? new Editor(area);
window.imprimaturEditor = { mount, read, write, schema };

/* Text areas in sight become editors first, those folded away when they are opened, all others when there is time.
   Each has a task of its own: what is typed into the first does not wait for the next. */
const inSight = [];
const mountNext = () => {
  if (inSight.length) mount(inSight.shift());
  if (inSight.length) setTimeout(mountNext);
};
const near = new IntersectionObserver(
  (seen) => {
    const wasEmpty = !inSight.length;
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      inSight.push(target);
    }
    if (wasEmpty) mountNext();
  },
  { rootMargin: "600px" },
);
for (const area of document.querySelectorAll("textarea[data-rich]")) {
  near.observe(area);
  area.addEventListener("focus", () => {
    const editor = mount(area);
    if (editor.shown) editor.view.focus();
  });
}
const whenIdle = window.requestIdleCallback ?? ((next) => setTimeout(next, 200));
const others = () => {
  const area = [...document.querySelectorAll("textarea[data-rich]")].find((each) => !each.editor && !each.closest("details:not([open])"));
  if (!area) return;
  mount(area);
  whenIdle(others);
};
whenIdle(others);
