// The canonical form of a text, as articles/text/richtext writes it. What it cannot hold cannot be typed here.
import { Schema } from "prosemirror-model";
import { addresses, figures } from "../windows/words.js";

const NESTED = { sup: "sup", sub: "sub", "sup sub": "sup sub", "sub sup": "sub sup", "sup sup": "sup sup", "sub sub": "sub sub" };

/* Tell whether a link leads to a page, an address of mail or a telephone, and runs nothing. */
export const leads = (link) => /^(?:https?:\/\/|mailto:|tel:|\/(?!\/)|#)/.test(link.getAttribute("href") ?? "");

const spans = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } };
const read = (cell) => ({ colspan: cell.colSpan || 1, rowspan: cell.rowSpan || 1 });
const written = ({ colspan, rowspan, scope }) => ({
  ...(scope ? { scope } : {}),
  ...(colspan > 1 ? { colspan } : {}),
  ...(rowspan > 1 ? { rowspan } : {}),
});

export const schema = new Schema({
  nodes: {
    doc: { content: "(flow | heading | figure | picture)+" },
    paragraph: { group: "flow", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      content: "inline*",
      defining: true,
      attrs: { level: { default: 3 } },
      parseDOM: [3, 4].map((level) => ({ tag: `h${level}`, attrs: { level } })),
      // The page has one heading over the text, so a reader of the screen hears the next level.
      toDOM: ({ attrs: { level } }) => [`h${level}`, { "aria-level": level - 1 }, 0],
    },
    bullet_list: { group: "flow", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: {
      group: "flow",
      content: "list_item+",
      attrs: { start: { default: 1 } },
      parseDOM: [{ tag: "ol", getAttrs: (list) => ({ start: list.start }) }],
      toDOM: ({ attrs }) => ["ol", attrs.start === 1 ? {} : { start: attrs.start }, 0],
    },
    list_item: { content: "flow+", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    // A figure of the article: the text has its place, the article its picture and words.
    picture: {
      draggable: true,
      attrs: { key: {}, other: { default: null } }, // other: the picture, if it was copied in another article
      parseDOM: [
        {
          tag: "figure[data-figure]",
          getAttrs: ({ dataset: { figure: key, of, src } }) => ({ key, other: of && of !== addresses.typed ? src : null }),
        },
      ],
      toDOM: ({ attrs: { key } }) => ["figure", { "data-figure": key, "data-of": addresses.typed, "data-src": figures[key]?.src }],
    },
    // The rows of all parts of a table stand in one element, since prosemirror-tables looks for rows directly in it.
    figure: {
      content: "caption? table",
      isolating: true,
      parseDOM: [{ tag: "table" }],
      toDOM: () => ["table", 0],
    },
    caption: { content: "inline*", isolating: true, parseDOM: [{ tag: "caption" }], toDOM: () => ["caption", 0] },
    table: {
      content: "row+",
      tableRole: "table",
      isolating: true,
      parseDOM: [{ tag: "tbody" }],
      toDOM: () => ["tbody", 0],
    },
    row: {
      content: "(cell | header)*",
      tableRole: "row",
      attrs: { head: { default: false }, begins: { default: false } }, // begins: a further tbody
      parseDOM: [
        { tag: "tr", getAttrs: (row) => ({ head: row.dataset.head !== undefined, begins: row.dataset.begins !== undefined }) },
      ],
      toDOM: ({ attrs }) => [
        "tr",
        { ...(attrs.head ? { "data-head": "" } : {}), ...(attrs.begins ? { "data-begins": "" } : {}) },
        0,
      ],
    },
    cell: {
      content: "flow+",
      tableRole: "cell",
      isolating: true,
      attrs: { ...spans, filler: { default: false } }, // filler: a row that is short is not stored any longer
      parseDOM: [{ tag: "td", getAttrs: (cell) => ({ ...read(cell), filler: cell.dataset.filler !== undefined }) }],
      toDOM: ({ attrs }) => ["td", { ...written(attrs), ...(attrs.filler ? { "data-filler": "" } : {}) }, 0],
    },
    header: {
      content: "flow+",
      tableRole: "header_cell",
      isolating: true,
      attrs: { ...spans, scope: { default: "" } },
      parseDOM: [{ tag: "th", getAttrs: (cell) => ({ ...read(cell), scope: cell.scope }) }],
      toDOM: ({ attrs }) => ["th", written(attrs), 0],
    },
    cite: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { key: {} },
      parseDOM: [{ tag: "cite[data-ref]", getAttrs: (cite) => ({ key: cite.dataset.ref }) }],
      toDOM: ({ attrs }) => ["cite", { "data-ref": attrs.key }, `[${attrs.key}]`],
    },
    br: {
      group: "inline",
      inline: true,
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
    text: { group: "inline" },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (link) => leads(link) && { href: link.getAttribute("href") } }],
      toDOM: ({ attrs }) => ["a", { href: attrs.href }, 0],
    },
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    script: {
      attrs: { levels: {} }, // from the outside in, at most two
      parseDOM: Object.keys(NESTED)
        .sort((one, other) => other.length - one.length)
        .map((levels) => ({ tag: levels.replace(" ", " > "), attrs: { levels } })),
      toDOM: ({ attrs }) => attrs.levels.split(" ").reduceRight((inside, tag) => [tag, inside], 0),
    },
  },
});
