// The findings beside a text: brought up to date some seconds after typing ends. A link selects the words. Nothing is saved.
(() => {
  const box = document.querySelector("[data-checks]");
  const form = box?.closest("form");
  if (!form) return;
  const found = box.querySelector("[data-found]");
  const said = box.querySelector("[data-said]");
  const PAUSE = 2500; // milliseconds after the last key
  let waiting = 0;
  let asked = 0;

  const names = () => [...found.querySelectorAll("details")].map((each) => each.dataset.severity ?? each.parentElement.querySelector("strong")?.textContent);

  const put = (html) => {
    const before = new Map([...found.querySelectorAll("details")].map((each, place) => [names()[place], each.open]));
    const focused = found.contains(document.activeElement) ? document.activeElement.textContent : null;
    found.innerHTML = html;
    found.querySelectorAll("details").forEach((each, place) => {
      const was = before.get(names()[place]);
      if (was !== undefined) each.open = was;
    });
    if (focused) [...found.querySelectorAll("a, summary")].find((each) => each.textContent === focused)?.focus();
  };

  const check = async () => {
    clearTimeout(waiting);
    const number = ++asked;
    try {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      const answer = await fetch(box.dataset.checks, { method: "POST", body, redirect: "error" });
      const text = await answer.text();
      if (number !== asked) return;
      if (answer.status === 422) said.textContent = text;
      else if (!answer.ok) throw new Error(answer.status);
      else {
        put(text);
        said.textContent = "";
      }
    } catch {
      if (number === asked) said.textContent = box.dataset.failed;
    }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  if (form.hasAttribute("data-typed")) later();

  // Where the words stand in an editor: in the sentence, or else where they stand first. Marks of citations are no text.
  const placeIn = (root, sentence, words) => {
    const blocks = new Map();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[contenteditable=false]")) continue;
      const block = node.parentElement.closest("p, h2, h3, h4, h5, h6, li, td, th, caption") ?? root;
      blocks.set(block, [...(blocks.get(block) ?? []), node]);
    }
    let first = null;
    for (const nodes of blocks.values()) {
      const text = nodes.map((node) => node.data).join("");
      const inside = text.indexOf(sentence);
      const index = text.indexOf(words, Math.max(inside, 0));
      if (index < 0) continue;
      const here = { nodes, from: index, to: index + words.length };
      if (inside >= 0) return here;
      first ??= here;
    }
    return first;
  };

  // The node and offset of a place of the joined text; the end of a place lies in the node that holds its last letter.
  const pointAt = (nodes, place, isEnd) => {
    let before = 0;
    for (const node of nodes) {
      if (place < before + node.length + (isEnd ? 1 : 0)) return [node, place - before];
      before += node.length;
    }
    return [nodes.at(-1), nodes.at(-1).length];
  };

  const select = (field, sentence, words) => {
    if (!field.editor?.shown) {
      const index = field.value.indexOf(words);
      field.focus();
      if (index >= 0) field.setSelectionRange(index, index + words.length);
      return;
    }
    const root = field.previousElementSibling.querySelector(".ProseMirror");
    root.focus();
    const place = words && placeIn(root, sentence, words);
    if (!place) return;
    const [start, end] = [pointAt(place.nodes, place.from, false), pointAt(place.nodes, place.to, true)];
    setTimeout(() => {
      getSelection().setBaseAndExtent(...start, ...end); // after the editor has put its own cursor at the focus
      start[0].parentElement.scrollIntoView({ block: "center" });
    }, 50);
  };

  // An editor is made when its place is seen: wait for it, at most two seconds.
  const ready = async (field) => {
    for (let tries = 0; tries < 40 && !field.editor && field.matches("[data-rich], [data-rich-later]"); tries += 1) {
      await new Promise((done) => setTimeout(done, 50));
    }
  };

  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-finding]");
    const part = link && document.getElementById(link.hash.slice(1));
    if (!part) return;
    const { audience, words, sentence } = link.dataset;
    const kind = link.dataset.part === "heading" ? "heading" : "body";
    const field = form.elements[`${part.id}-${audience ? `${audience}-` : ""}${kind}`];
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    (field.labels?.[0] ?? part).scrollIntoView();
    ready(field).then(() => select(field, sentence, words));
  });
})();
