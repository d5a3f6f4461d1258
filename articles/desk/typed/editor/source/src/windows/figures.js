// Figures: shown as readers see them, chosen, added and changed in a window whose content comes from the server.
import { open } from "./dialogs.js";
import { selectedPicture } from "../text/pictures.js";
import { schema } from "../text/schema.js";
import { insertBlock } from "../text/tables.js";
import { figureWindow } from "./server.js";
import { figures, make, say } from "./words.js";

export function pictureView(node) {
  const dom = make("figure", { className: "placed", contentEditable: "false" });
  dom.dataset.figure = node.attrs.key;
  draw(dom);
  return { dom, ignoreMutation: () => true };
}

function draw(dom) {
  const { figure: key } = dom.dataset;
  const shown = Object.hasOwn(figures, key) ? figures[key] : null;
  dom.classList.toggle("missing", !shown);
  if (!shown) return dom.replaceChildren(make("p", { textContent: say("noFigure", { key }) }));
  const { src, alt, caption } = shown;
  dom.replaceChildren(
    make("img", { src, alt: "", draggable: false }), // its words stand below
    make("figcaption", { textContent: caption || key }),
    make("p", { className: "small", textContent: alt ? say("alternative", { words: alt }) : say("decorative") }),
  );
}

const redraw = () => document.querySelectorAll(".ProseMirror figure.placed").forEach(draw);

/* Choose or add a figure, perhaps from a file that was dropped or pasted; or change that of a `key`. */
export function chooseFigure(view, { key = "", copy = "", file = null, note = "" } = {}) {
  const said = make("p", { className: "small", role: "status", textContent: say("opening") });
  const content = make("div", {});
  const shown = open(view, say(key ? "editFigure" : "figure"), [said, content]);
  const which = { ...(key ? { figure: key } : {}), ...(copy ? { copy } : {}) };
  const take = (chosen) => {
    const here = selectedPicture(view.state);
    const isMissing = here && !Object.hasOwn(figures, here.attrs.key);
    const { tr, selection } = view.state;
    if (isMissing) view.dispatch(tr.setNodeMarkup(selection.from, null, { key: chosen }));
    else view.dispatch(insertBlock(view.state, schema.nodes.picture.create({ key: chosen })));
    shown.close();
  };
  const show = async (answer) => {
    said.textContent = answer ? note : say("notSent");
    if (!answer || !shown.open) return;
    const field = () => content.querySelector("[type=file]");
    const chosen = field()?.files ?? files(file);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    content.replaceChildren(...page.body.childNodes);
    know(JSON.parse(page.getElementById("figures-of-article").textContent));
    if (chosen.length) field().files = chosen;
    content.querySelector(answer.ok ? (file || key || copy ? "[name=alt]" : "[data-choose], [type=file]") : ".problem").focus();
  };
  content.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (button) take(button.dataset.choose);
  });
  content.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (said.textContent === say("sending")) return;
    said.textContent = say("sending");
    const answer = await figureWindow(which, new FormData(event.target));
    if (!answer?.ok) return show(answer);
    const saved = await answer.json();
    know({ ...figures, [saved.key]: saved });
    if (!shown.open) return;
    if (key) shown.close();
    else take(saved.key);
    view.props.tell(saved.said);
  });
  figureWindow(which).then(show);
}

/* Change the figure that is selected; in the place of a missing one, choose another. */
export function editFigure(view) {
  const { key } = selectedPicture(view.state)?.attrs ?? {};
  if (key) chooseFigure(view, { key: Object.hasOwn(figures, key) ? key : "" });
}

function know(all) {
  for (const key of Object.keys(figures)) delete figures[key];
  Object.assign(figures, all);
  redraw();
}

function files(file) {
  const data = new DataTransfer();
  if (file) data.items.add(file);
  return data.files;
}
