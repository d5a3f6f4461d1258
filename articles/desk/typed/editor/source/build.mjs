// Bundle the editor, and the script of the page that edits a whole draft, into config/static: `make editor`.
// Their first line has the digest of their sources, lock and options.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const here = new URL(".", import.meta.url).pathname;
const out = `${here}../../../../../config/static/`;
const modules = readdirSync(`${here}src`, { recursive: true }).filter((name) => /\.(js|css)$/.test(name));
const sources = ["build.mjs", "package-lock.json", "package.json", "shortened.json", ...modules.map((name) => `src/${name}`)].sort();
const digest = createHash("sha256");
for (const name of sources) digest.update(`${name}\0${readFileSync(here + name, "utf8")}\0`);
const first = `/*! Imprimatur: built by \`make editor\`, sha256 ${digest.digest("hex")}; licences in editor-licences.txt */`;

/* Names of ProseMirror's inner methods and fields that no browser uses and no text names: written short, they save 25 kB. */
const shortened = JSON.parse(readFileSync(`${here}shortened.json`, "utf8"));

for (const [, event] of readFileSync(`${here}node_modules/prosemirror-view/dist/index.js`, "utf8").matchAll(/andlers\.(\w+)/g)) {
  if (shortened.includes(event)) throw new Error(`${event} is the name of an event`);
}

/* Methods of the libraries that nothing here names are left out, and all that writes or reads JSON: 30 kB. */
const libraries = readdirSync(`${here}node_modules`).filter((name) => /^(prosemirror-|orderedmap|rope-sequence)/.test(name));
const pathOf = (name) => `${here}node_modules/${name}/dist/index.js`;
const texts = new Map(libraries.map((name) => [pathOf(name), withoutComments(readFileSync(pathOf(name), "utf8"))]));
const own = sources.filter((name) => name.endsWith(".js")).map((name) => readFileSync(here + name, "utf8"));
const METHOD = /^(?: {4}|\t)(?:static |get |set )?([A-Za-z]\w*)\([^\n]*\) \{(?:[^\n]*\}\n|\n(?:(?: {8}|\t\t| {4,}\/)[^\n]*\n|\n| {5,}[^\n]*\n)*?(?: {4}|\t)\}\n)/gm;
const KEPT = new Set(["constructor", "toString", "if", "for", "while", "switch", "catch", "function", "return"]);

function withoutComments(text) {
  return text.replace(/^\s*\/\*[^]*?\*\/$/gm, "").replace(/^\s*\/\/.*$/gm, "").replace(/^(?:Step|Selection)\.jsonID\(.*\);$/gm, "");
}

/* prosemirror-tables completes short rows and puts pasted cells over their neighbours. The editor does neither. */
const REPAIRS = [["fixTables(state, oldState), ", "undefined, "], ["handleKeyDown,\n\t\t\thandlePaste\n", "handleKeyDown\n"]];
repair("prosemirror-tables", REPAIRS);
/* The fields of a state are named in strings too. */
repair("prosemirror-state", ["selection", "storedMarks", "scrollToSelection"].map((name) => [`FieldDesc("${name}"`, `FieldDesc(/* @__KEY__ */ "${name}"`]));
/* `resolve` is the name of a method of the libraries that is written short. */
repair("prosemirror-view", [["Promise.resolve().then(", "queueMicrotask("]]);

function repair(name, repairs) {
  for (const [found, instead] of repairs) {
    const text = texts.get(pathOf(name));
    if (text.split(found).length !== 2) throw new Error(`${name} has changed: ${found}`);
    texts.set(pathOf(name), text.replace(found, instead));
  }
}

/* What a library says of a mistake in its use is left out: the place of an error tells which it is. */
for (const [path, text] of texts) texts.set(path, text.replace(/new (\w*Error)\((["'`])(?:(?!\2)[^\\\n])*\2\)/g, "new $1()").replace(/^\s*console\.warn\("[^\n]*\);$/gm, ""));

for (let left = Infinity; ; ) {
  const all = [...texts.values(), ...own].join("\n");
  const uses = new Map();
  for (const [name] of all.matchAll(/\b[A-Za-z_]\w*\b/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const defined = new Map();
  for (const [, name] of all.matchAll(METHOD)) defined.set(name, (defined.get(name) ?? 0) + 1);
  const dead = (name) => !KEPT.has(name) && (/^(?:toJSON|fromJSON|jsonID)$/.test(name) || uses.get(name) === defined.get(name));
  for (const [path, text] of texts) texts.set(path, text.replace(METHOD, (method, name) => (dead(name) ? "" : method)));
  const size = [...texts.values()].join("").length;
  if (size === left) break;
  left = size;
}

const lean = {
  name: "lean",
  setup(build) {
    build.onLoad({ filter: /dist\/index\.js$/ }, ({ path }) => (texts.has(path) ? { contents: texts.get(path) } : undefined));
  },
};

const common = {
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2023", "chrome120", "firefox121", "safari17"],
  charset: "utf8",
  legalComments: "none",
  write: false,
  outdir: out,
};
const page = await build({ ...common, entryPoints: [`${here}src/page/writing.js`] });
const result = await build({
  ...common,
  entryPoints: [`${here}src/index.js`, `${here}src/editor.css`],
  mangleProps: new RegExp(`^(?:${shortened.join("|")})$`),
  plugins: [lean],
  metafile: true,
});
for (const file of [...result.outputFiles, ...page.outputFiles]) {
  const name = file.path.endsWith(".css") ? "editor.css" : file.path.endsWith("writing.js") ? "writing.js" : "editor.js";
  writeFileSync(out + name, `${first}\n${file.text}`);
  console.log(name, readFileSync(out + name).length);
}

const inputs = Object.keys(result.metafile.inputs);
const bundled = new Set(inputs.flatMap((name) => name.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []));
const licences = [...bundled].sort().map((name) => {
  const about = JSON.parse(readFileSync(`${here}node_modules/${name}/package.json`, "utf8"));
  return `${name} ${about.version}, ${about.license}\n\n${readFileSync(`${here}node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${out}editor-licences.txt`, licences.join("\n\n"));
