// Write a document as canonical HTML: the same bytes as articles/text/richtext, with citations as they are typed.
import { schema } from "./schema.js";

const { nodes } = schema;

export function write(doc, asTyped = true) {
  return blocksOf(doc)
    .map((block) => writeBlock(block, "\n", asTyped))
    .join("\n");
}

export const cited = (doc) => {
  const keys = new Set();
  doc.descendants((node) => void (node.type === nodes.cite && keys.add(node.attrs.key)));
  return [...keys];
};

/* The blocks that are not empty. A block is a paragraph of runs, the place of a figure, a list or a table. */
function blocksOf(parent) {
  const found = [];
  parent.forEach((node) => {
    if (node.type === nodes.paragraph || node.type === nodes.heading) {
      const runs = runsOf(node);
      if (runs.length) found.push({ tag: node.type === nodes.heading ? `h${node.attrs.level}` : "p", runs });
    } else if (node.type === nodes.picture) found.push({ placed: node.attrs.key });
    else if (node.type === nodes.figure) found.push(...tableOf(node));
    else if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) {
      const items = withoutEmpty(node.content.content.map(blocksOf), node.type === nodes.ordered_list);
      if (items.some((item) => item.length)) found.push({ items, start: node.attrs.start });
    }
  });
  return found;
}

/* An empty item within a numbered list stays, for the server to refuse: without it the others have other numbers. */
const withoutEmpty = (items, numbered) =>
  items.filter((item, place) => item.length || (numbered && items.slice(place).some((later) => later.length)));

function tableOf(figure) {
  const caption = figure.firstChild.type === nodes.caption ? runsOf(figure.firstChild) : [];
  const rows = [];
  figure.lastChild.forEach((row) => {
    const cells = row.content.content.map((cell) => ({ tag: cell.type === nodes.header ? "th" : "td", attrs: cell.attrs, blocks: blocksOf(cell) }));
    while (cells.length && cells.at(-1).attrs.filler && !cells.at(-1).blocks.length) cells.pop();
    if (cells.length) rows.push({ ...row.attrs, cells });
  });
  if (!rows.length) return caption.length ? [{ tag: "p", runs: caption }] : [];
  const heads = rows.findLastIndex((row) => row.head) + 1;
  const groups = heads && heads < rows.length ? [{ tag: "thead", rows: rows.slice(0, heads) }] : [];
  rows.slice(groups.length ? heads : 0).forEach((row, place) => {
    if (row.begins || place === 0) groups.push({ tag: "tbody", rows: [] });
    groups.at(-1).rows.push(row);
  });
  return [{ caption, groups }];
}

function writeBlock(block, glue, asTyped) {
  if (block.runs) return `<${block.tag}>${writeRuns(block.runs, asTyped)}</${block.tag}>`;
  if (block.placed) return `<figure data-figure="${block.placed}"></figure>`;
  if (block.items) {
    const items = block.items.map((item) => `<li>${inside(item, glue, asTyped)}</li>`);
    const tag = block.start === undefined ? "ul" : "ol";
    const start = block.start > 1 ? ` start="${block.start}"` : "";
    return [`<${tag}${start}>`, ...items, `</${tag}>`].join(glue);
  }
  const lines = block.caption.length ? [`<caption>${writeRuns(block.caption, asTyped)}</caption>`] : [];
  for (const group of block.groups) {
    const rows = group.rows.map((row) => `<tr>${row.cells.map((cell) => writeCell(cell, asTyped)).join("")}</tr>`);
    lines.push(`<${group.tag}>`, ...rows, `</${group.tag}>`);
  }
  return ["<table>", ...lines, "</table>"].join("\n");
}

function inside(blocks, glue, asTyped) {
  const alone = blocks.filter((block) => block.runs).length === 1;
  return blocks.map((block) => (alone && block.runs ? writeRuns(block.runs, asTyped) : writeBlock(block, glue, asTyped))).join(glue);
}

function writeCell({ tag, attrs, blocks }, asTyped) {
  const given = [["scope", attrs.scope || ""], ["colspan", attrs.colspan > 1 ? attrs.colspan : ""], ["rowspan", attrs.rowspan > 1 ? attrs.rowspan : ""]];
  const written = given.map(([name, value]) => (value ? ` ${name}="${value}"` : "")).join("");
  return `<${tag}${written}>${inside(blocks, "", asTyped)}</${tag}>`;
}

/* The runs of one paragraph, as in richtext/runs.py: marks in one order, single spaces, neighbours with equal marks joined. */
function runsOf(parent) {
  const runs = spaced(joined(pieces(parent)));
  return runs.some((run) => run.kind === "cite" || run.text.trim()) ? runs : [];
}

function* pieces(parent) {
  for (const node of parent.content.content) {
    if (node.type === nodes.cite) yield { kind: "cite", text: node.attrs.key, marks: [] };
    else if (node.type === nodes.br) yield { kind: "br", text: "", marks: [] };
    else {
      const marks = marksOf(node);
      for (const [place, piece] of node.text.split(/([ \t\n\f\r]+)/).entries()) {
        if (place % 2) yield { kind: "space", text: " ", marks };
        else if (piece) yield { kind: "text", text: piece, marks, edge: place === 0 };
      }
    }
  }
}

function marksOf(node) {
  const held = Object.fromEntries(node.marks.map((mark) => [mark.type.name, mark.attrs]));
  return [
    ...(held.link ? [`a ${held.link.href}`] : []),
    ...(held.strong ? ["strong"] : []),
    ...(held.em ? ["em"] : []),
    ...(held.script ? held.script.levels.split(" ") : []),
  ];
}

const same = (one, other) => one.length === other.length && one.every((mark, place) => mark === other[place]);

function joined(runs) {
  const found = [];
  for (let { kind, text, marks, edge } of runs) {
    const last = found.at(-1);
    if (kind === "text") {
      const combining = edge ? text.match(/^\p{M}*/u)[0] : ""; // it belongs to the letter before the tag
      if (last?.kind === "text" && !same(last.marks, marks)) last.text += combining;
      if (last?.kind !== "text" || !same(last.marks, marks)) text = text.slice(combining.length);
      if (last?.kind === "text" && same(last.marks, marks)) {
        last.text += text;
        continue;
      }
      if (!text) continue;
    }
    found.push({ kind, text, marks });
  }
  return found.map((run) => ({ ...run, text: run.text.normalize("NFC") }));
}

const shared = (one, other) => {
  const end = one.findIndex((mark, place) => mark !== other[place]);
  return end < 0 ? one : one.slice(0, end);
};
const seen = (run) => run.kind === "text" || run.kind === "cite";

/* One space between words, none beside a line break or at the ends; a gap has its sides' common marks. */
function spaced(runs) {
  const kept = [];
  for (const run of runs) {
    if (run.kind === "br" && kept.at(-1)?.kind === "space") kept.pop();
    if (seen(run) || (kept.length && (run.kind === "br" || seen(kept.at(-1))))) kept.push(run);
  }
  while (kept.length && !seen(kept.at(-1))) kept.pop();
  const gaps = kept.map((run, place) => (seen(run) ? -1 : place)).filter((place) => place >= 0);
  let after = [];
  for (const place of gaps.toReversed()) {
    if (seen(kept[place + 1])) after = kept[place + 1].marks;
    kept[place].marks = after;
  }
  let before = [];
  for (const place of gaps) {
    if (seen(kept[place - 1])) before = kept[place - 1].marks;
    kept[place].marks = shared(before, kept[place].marks);
  }
  return kept;
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const quoted = (text) => escaped(text).replace(/"/g, "&quot;").replace(/'/g, "&#x27;");

function writeRuns(runs, asTyped) {
  let html = "";
  let opened = [];
  [...runs, { kind: "text", text: "", marks: [] }].forEach((run, place) => {
    const common = shared(opened, run.marks);
    html += opened.slice(common.length).toReversed().map((mark) => `</${mark.split(" ")[0]}>`).join("");
    html += run.marks.slice(common.length).map(opening).join("");
    opened = run.marks;
    if (run.kind !== "cite") html += run.kind === "br" ? "<br>" : escaped(run.text);
    else if (!asTyped) html += `<cite data-ref="${run.text}">[${run.text}]</cite>`;
    else html += `${runs[place - 1]?.kind === "cite" ? "; " : "["}@${run.text}${runs[place + 1]?.kind === "cite" ? "" : "]"}`;
  });
  return html;
}

const opening = (mark) => {
  const [tag] = mark.split(" ", 1);
  return tag === "a" ? `<a href="${quoted(mark.slice(2))}">` : `<${tag}>`;
};
