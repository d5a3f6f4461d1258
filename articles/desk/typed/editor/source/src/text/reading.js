// Read canonical HTML, with citations as they are typed, into a document of the editor.
import { TableMap } from "prosemirror-tables";
import { leads, schema } from "./schema.js";

const CITED = /\[(@[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\s*;\s*@[A-Za-z0-9][A-Za-z0-9_-]{0,63})*)\]/;
const SPACES = /[ \t\n\f\r]+/g;
const { nodes, marks } = schema;
const empty = () => nodes.paragraph.create();

export function read(html) {
  const body = new DOMParser().parseFromString(`<body>${html}`, "text/html").body;
  const blocks = flow(body, true);
  if (![nodes.figure, nodes.picture, undefined].includes(blocks.at(-1)?.type)) return nodes.doc.create(null, blocks);
  blocks.push(empty());
  return nodes.doc.create(null, blocks);
}

/* The blocks in an element. Text that stands beside blocks is a paragraph. */
function flow(element, atTop = false) {
  const blocks = [];
  let loose = [];
  const end = () => {
    if (loose.some((node) => node.nodeType === Node.ELEMENT_NODE || node.data.replace(SPACES, ""))) blocks.push(paragraph(loose));
    loose = [];
  };
  for (const node of element.childNodes) {
    const block = node.nodeType === Node.ELEMENT_NODE && READ[node.localName];
    if (!block) {
      loose.push(node);
      continue;
    }
    end();
    blocks.push(...[block(node, atTop)].flat());
  }
  end();
  return blocks;
}

const READ = {
  p: (element) => paragraph(element.childNodes),
  h3: (element) => nodes.heading.create({ level: 3 }, inline(element.childNodes)),
  h4: (element) => nodes.heading.create({ level: 4 }, inline(element.childNodes)),
  ul: (element) => nodes.bullet_list.create(null, items(element)),
  ol: (element) => nodes.ordered_list.create({ start: element.start }, items(element)),
  figure: (element, atTop) => (atTop && element.dataset.figure ? nodes.picture.create({ key: element.dataset.figure }) : flow(element)),
  table: (element, atTop) => (atTop ? figure(element) : flow(element)),
};

const paragraph = (children) => nodes.paragraph.create(null, inline(children));
const orEmpty = (blocks) => (blocks.length ? blocks : [empty()]);
const items = (list) => [...list.children].map((item) => nodes.list_item.create(null, orEmpty(flow(item))));

function figure(element) {
  const rows = [];
  [...element.querySelectorAll("thead, tbody, tfoot")].forEach((part, number) => {
    const head = part.localName === "thead";
    [...part.rows].forEach((row, place) => {
      const begins = !head && place === 0 && number > 0 && part.previousElementSibling.localName !== "thead";
      rows.push(nodes.row.create({ head, begins }, [...row.cells].map(cell)));
    });
  });
  const table = filled(nodes.table.create(null, rows));
  const title = element.caption && [nodes.caption.create(null, inline(element.caption.childNodes))];
  return nodes.figure.create(null, [...(title || []), table]);
}

function cell(element) {
  const attrs = { colspan: element.colSpan, rowspan: element.rowSpan };
  const blocks = orEmpty(flow(element));
  if (element.localName === "td") return nodes.cell.create(attrs, blocks);
  return nodes.header.create({ ...attrs, scope: element.getAttribute("scope") || "" }, blocks);
}

/* A row with fewer cells than others gets fillers at its end. They are written only when something is typed in them. */
function filled(table) {
  const missing = (TableMap.get(table).problems || []).filter((problem) => problem.type === "missing");
  if (!missing.length) return table;
  const rows = [...table.content.content];
  for (const { row, n } of missing) {
    const fillers = Array.from({ length: n }, () => nodes.cell.create({ filler: true }, empty()));
    rows[row] = rows[row].copy(rows[row].content.append(nodes.row.create(null, fillers).content));
  }
  return nodes.table.create(table.attrs, rows);
}

/* The inline nodes of a paragraph: spaces are single, and none stands at an end or beside a line break. */
function inline(children) {
  const found = [];
  walk(children, [], "", found);
  return found.filter((node) => !node.isText || node.text);
}

function walk(children, held, levels, found) {
  for (const node of children) {
    if (node.nodeType === Node.TEXT_NODE) words(node.data, held, found);
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const tag = node.localName;
    if (tag === "br") found.push(nodes.br.create(null, null, held));
    else if (tag === "cite" && node.dataset.ref) found.push(nodes.cite.create({ key: node.dataset.ref }));
    else if (tag === "sub" || tag === "sup") {
      const both = levels ? `${levels} ${tag}` : tag;
      walk(node.childNodes, both.split(" ").length < 3 ? marks.script.create({ levels: both }).addToSet(held) : held, both, found);
    } else walk(node.childNodes, marked(tag, node, held), levels, found);
  }
}

function marked(tag, node, held) {
  if (tag === "a" && leads(node)) return marks.link.create({ href: node.getAttribute("href") }).addToSet(held);
  const type = { strong: marks.strong, b: marks.strong, em: marks.em, i: marks.em }[tag];
  return type ? type.create().addToSet(held) : held;
}

function words(text, held, found) {
  text.split(CITED).forEach((piece, number) => {
    if (number % 2) {
      for (const key of piece.split(";")) found.push(nodes.cite.create({ key: key.trim().slice(1) }));
      return;
    }
    const last = found.at(-1);
    const begins = !last || last.type === nodes.br;
    const single = piece.replace(SPACES, " ");
    const trimmed = begins || (last.isText && last.text.endsWith(" ")) ? single.replace(/^ /, "") : single;
    if (trimmed) found.push(schema.text(trimmed, held));
  });
}
