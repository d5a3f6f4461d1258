// What comes from the clipboard. HTML of other programs is read by the server; rows never cover what is in a table.
import { Fragment, Slice } from "prosemirror-model";
import { Selection, TextSelection } from "prosemirror-state";
import { isInTable, selectedRect } from "prosemirror-tables";
import { read } from "../text/reading.js";
import { schema } from "../text/schema.js";
import { chooseFigure } from "./figures.js";
import { pasted } from "./server.js";
import { insertBlock } from "../text/tables.js";
import { say } from "./words.js";

const { nodes } = schema;

export class Pasting {
  constructor(editor) {
    this.editor = editor;
    this.range = null;
    // Before ProseMirror reads HTML of other programs: its styles would be reported as a breach of the page's policy.
    this.props = {
      handlePaste: (view, _, slice) => this.own(view, slice),
      handleDrop: (view, _, slice, moved) => !moved && slice.content.content.some(isOther) && this.own(view, slice),
      handleDOMEvents: {
        paste: (view, event) => this.take(view, event, event.clipboardData),
        drop: (view, event) => !view.dragging && this.drop(view, event),
      },
    };
  }

  drop(view, event) {
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (place) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(place.pos))));
    return this.take(view, event, event.dataTransfer);
  }

  /* Take what another program gives; leave to ProseMirror what this editor gave, and plain lines. */
  take(view, event, data) {
    const html = data.getData("text/html");
    const text = data.getData("text/plain");
    this.editor.tell([]);
    const pictures = [...data.files].filter(({ type }) => type.startsWith("image/"));
    if (pictures.length && !text.trim() && isPicture(html)) {
      event.preventDefault();
      chooseFigure(view, { file: pictures[0], note: pictures.length > 1 ? say("onePicture") : "" });
      return true;
    }
    if (html ? html.includes("data-pm-slice") : !/\t/.test(text) && (text || !data.files.length)) return false;
    event.preventDefault();
    if (html) this.ask(view, html, text);
    else if (text) this.put(view, tabbed(text));
    else this.editor.tell([say("noPictures")]);
    return true;
  }

  /* Of this editor: everything stays, and rows of a table become rows. */
  own(view, slice) {
    const [other, more] = slice.content.content.filter(isOther);
    if (other) {
      const blocks = slice.content.content.filter((node) => !isOther(node));
      if (blocks.length) this.put(view, blocks);
      chooseFigure(view, { copy: other.attrs.other, note: more ? say("onePicture") : "" });
      return true;
    }
    if (isDeep(view.state) && slice.content.content.some(isPlace)) {
      this.put(view, slice.content.content);
      return true;
    }
    const rows = rowsOf(slice.content);
    if (!rows.length) return false;
    const whole = slice.content.content.some((node) => node.type === nodes.figure);
    if (whole && !isInTable(view.state)) return false;
    this.put(view, [nodes.figure.create(null, nodes.table.create(null, rows))]);
    return true;
  }

  /* Ask the server what the text is; where it is to stand moves with whatever is typed meanwhile. */
  async ask(view, html, text) {
    const { from, to } = view.state.selection;
    this.range = { from, to };
    this.editor.tell([say("pasting")]);
    const answer = await pasted(html);
    if (this.range && !isCellSelection(view.state)) {
      const { doc, tr } = view.state;
      view.dispatch(tr.setSelection(TextSelection.between(doc.resolve(this.range.from), doc.resolve(this.range.to))));
    }
    this.range = null;
    this.editor.tell(answer.html === undefined ? [...answer.said, say("asPlain")] : answer.said);
    if (answer.html === undefined) view.pasteText(text);
    else this.put(view, read(answer.html).content.content.filter((node) => node.content.size || node.type !== nodes.paragraph));
  }

  map(mapping) {
    if (this.range) this.range = { from: mapping.map(this.range.from), to: mapping.map(this.range.to) };
  }

  put(view, blocks) {
    if (isDeep(view.state) && blocks.some(isPlace)) {
      this.put(view, blocks.filter((block) => !isPlace(block)));
      for (const block of blocks.filter(isPlace)) view.dispatch(insertBlock(view.state, block));
      return;
    }
    const single = alone(blocks);
    if (!single.length) return;
    const { state } = view;
    if (isInTable(state)) return this.intoTable(view, single);
    if (state.selection.$from.parent.type === nodes.caption) return view.dispatch(state.tr.insertText(words(single)).scrollIntoView());
    if (single.length === 1 && (single[0].type === nodes.figure || isPlace(single[0])) && state.selection.empty) return view.dispatch(insertBlock(state, single[0]));
    const open = (block) => (block.isTextblock ? 1 : 0);
    const slice = new Slice(Fragment.from(single), open(single[0]), open(single.at(-1)));
    return view.dispatch(state.tr.replaceSelection(slice).scrollIntoView());
  }

  intoTable(view, blocks) {
    const { state } = view;
    const rows = blocks.length === 1 ? rowsOf(Fragment.from(blocks)) : [];
    const tr = rows.length ? withRows(state, rows) : null;
    if (tr) return view.dispatch(tr);
    if (blocks.some((block) => block.type === nodes.figure)) this.editor.tell([say("flattened")]);
    const flat = blocks.flatMap(flattened);
    const open = (block) => (block.isTextblock ? 1 : 0);
    const { $from } = state.selection;
    const range = isCellSelection(state) ? state.tr.setSelection(Selection.near(state.doc.resolve($from.pos))) : state.tr;
    return view.dispatch(range.replaceSelection(new Slice(Fragment.from(flat), open(flat[0]), open(flat.at(-1)))).scrollIntoView());
  }
}

const isOther = (block) => block.attrs.other;
const isPlace = (block) => block.type === nodes.picture;
/* In a list or table, which hold no figures: these go below it. */
const isDeep = ({ selection: { $from } }) => $from.depth > 1;

/* Whether HTML is nothing but a picture, of which the clipboard has the file; not one that our pages show. */
const isPicture = (html) => !html.includes("/figures/") && !html.replace(/<!--[^]*?-->|<style[^]*?<\/style>|<[^>]*>/gi, "").trim();

const isCellSelection = (state) => state.selection.$anchorCell !== undefined;

/* A table of one cell, as a spreadsheet gives for a word, is the text in it. */
function alone(blocks) {
  const rows = blocks.length === 1 && blocks[0].type === nodes.figure ? rowsOf(Fragment.from(blocks)) : [];
  return rows.length === 1 && rows[0].childCount === 1 ? rows[0].firstChild.content.content : blocks;
}

function rowsOf(fragment) {
  const rows = [];
  let loose = [];
  fragment.forEach((node) => {
    if (node.type === nodes.row) rows.push(nodes.row.create(null, node.content.content.filter((cell) => !cell.attrs.filler)));
    else if (node.type === nodes.cell || node.type === nodes.header) loose.push(node);
    else if (node.type === nodes.table || node.type === nodes.figure) rows.push(...rowsOf(node.content));
  });
  return loose.length ? [...rows, nodes.row.create(null, loose)] : rows;
}

/* The table with these rows under the row with the cursor, filled up at their ends; null if they do not fit. */
function withRows(state, rows) {
  const { map, table, tableStart, bottom } = selectedRect(state);
  const widths = rows.map((row) => row.content.content.reduce((sum, cell) => sum + cell.attrs.colspan, 0));
  const spans = rows.some((row) => row.content.content.some((cell) => cell.attrs.rowspan > 1));
  const crossed = Array.from({ length: map.width }).some((_, column) => {
    const below = bottom * map.width + column;
    return bottom < map.height && map.map[below] === map.map[below - map.width];
  });
  if (crossed || spans || Math.max(...widths) > map.width) return null;
  const made = rows.map((row, place) => {
    const missing = Array.from({ length: map.width - widths[place] }, () => nodes.cell.createAndFill());
    return nodes.row.create(null, row.content.append(Fragment.from(missing)));
  });
  let place = tableStart;
  for (let row = 0; row < bottom; row++) place += table.child(row).nodeSize;
  const tr = state.tr.insert(place, made);
  return tr.setSelection(Selection.near(tr.doc.resolve(place + 3))).scrollIntoView();
}

/* The blocks that can stand in a cell. */
function flattened(block) {
  if (block.type === nodes.heading) return [nodes.paragraph.create(null, block.content)];
  if (block.type !== nodes.figure) return [block];
  return rowsOf(Fragment.from(block)).flatMap((row) => row.content.content.flatMap((cell) => cell.content.content));
}

const words = (blocks) => blocks.map((block) => block.textBetween(0, block.content.size, " ")).join(" ");

/* Lines with tabs are the rows of a table, as of a spreadsheet that gives no HTML. */
function tabbed(text) {
  const rows = text.replace(/[\r\n]+$/, "").split(/\r\n?|\n/).map((line) => line.split("\t"));
  const width = Math.max(...rows.map((row) => row.length));
  const cell = (word = "") => nodes.cell.create(null, nodes.paragraph.create(null, word.trim() ? schema.text(word.trim()) : null));
  const made = rows.map((row) => nodes.row.create(null, Array.from({ length: width }, (_, place) => cell(row[place]))));
  return [nodes.figure.create(null, nodes.table.create(null, made))];
}
