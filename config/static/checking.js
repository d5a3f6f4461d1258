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

  // Where the words stand in the document of an editor: in the sentence, or else where they stand first.
  const placeIn = (doc, sentence, words) => {
    let place = null;
    let first = null;
    doc.descendants((node, start) => {
      if (place || !node.isTextblock) return !place;
      const at = [];
      let text = "";
      node.descendants((leaf, offset) => {
        for (let index = 0; leaf.isText && index < leaf.text.length; index += 1) {
          at.push(start + 1 + offset + index);
          text += leaf.text[index];
        }
      });
      const inside = text.indexOf(sentence);
      const index = text.indexOf(words, Math.max(inside, 0));
      const here = index < 0 ? null : { from: at[index], to: at[index + words.length - 1] + 1 };
      if (here && inside >= 0) place = here;
      first ??= here;
      return false;
    });
    return place ?? first;
  };

  const select = (field, sentence, words) => {
    if (!field.editor?.shown) {
      const index = field.value.indexOf(words);
      field.focus();
      if (index >= 0) field.setSelectionRange(index, index + words.length);
      return;
    }
    const { view } = field.editor;
    view.focus();
    const place = words && placeIn(view.state.doc, sentence, words);
    if (!place) return;
    const [from, to] = [view.domAtPos(place.from), view.domAtPos(place.to)];
    getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
    (from.node.parentElement ?? view.dom).scrollIntoView({ block: "center" });
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
