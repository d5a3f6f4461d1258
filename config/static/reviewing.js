// On the page of a review: ticks are kept at once, and selected words can be commented on.
(() => {
  const form = document.querySelector("[data-ticks]");
  if (!form) return;
  const said = form.querySelector("[data-said]");
  form.querySelector(".after button").hidden = true;

  form.addEventListener("change", async (event) => {
    const box = event.target;
    box.closest("li").toggleAttribute("data-read", box.checked);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error(answer.status);
      const boxes = [...form.querySelectorAll("[name=read]")];
      const number = boxes.filter((each) => each.checked).length;
      said.textContent = form.dataset.kept.replace("{number}", number).replace("{places}", boxes.length);
    } catch (error) {
      box.checked = !box.checked;
      box.closest("li").toggleAttribute("data-read", box.checked);
      said.textContent = error.message === "403" ? form.dataset.signedOut : form.dataset.ticks;
    }
  });
})();

(() => {
  const text = document.querySelector("[data-commented]");
  const button = document.querySelector("[data-comment-on]");
  const exact = document.getElementById("comment-exact");
  if (!text || !button || !exact) return;
  const LONGEST = 1000; // characters of a quotation
  const FIRST = "⏎"; // before words that begin a line
  const BEFORE = 60; // characters before it that tell which of several equal ones is meant
  const LINES = "p, li, td, th, caption, h2, h3, h4, dt, dd";
  let chosen = null;

  // As the site reads a line: raised numbers behind ^, without the numbers of citations.
  const wordsOf = (range) => {
    const box = document.createElement("div");
    box.append(range.cloneContents());
    box.querySelectorAll(".citation").forEach((each) => {
      const before = each.previousSibling;
      if (before?.nodeType === Node.TEXT_NODE) before.data = before.data.trimEnd();
    });
    box.querySelectorAll(".citation, .visually-hidden, .remark-link, .back, del, [data-change='removed']").forEach((each) => each.remove());
    box.querySelectorAll("sup").forEach((each) => each.prepend("^"));
    box.querySelectorAll("sub").forEach((each) => each.prepend("_"));
    return box.textContent.replace(/\s+/g, " ");
  };

  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const range = selection.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
    const start = range?.startContainer;
    const line = (start?.nodeType === Node.TEXT_NODE ? start.parentElement : start)?.closest(LINES);
    const inside = line && text.contains(line) && !line.closest("[data-for-others], [data-change='removed']");
    if (inside && !line.contains(range.endContainer)) range.setEnd(line, line.childNodes.length); // a whole line
    const words = inside ? wordsOf(range).trim() : "";
    button.hidden = !words || words.length > LONGEST;
    if (button.hidden) return;
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const section = line.closest("[data-section]")?.dataset.section ?? line.closest("section[id^='s-']")?.id.slice(2) ?? "";
    chosen = { words, section, before: wordsOf(before).trim().slice(-BEFORE) || FIRST };
    const place = range.getBoundingClientRect();
    button.style.insetBlockStart = `${place.bottom + scrollY + 6}px`;
  });

  button.addEventListener("click", () => {
    const place = exact.form;
    place.closest("details").open = true;
    exact.value = chosen.words;
    place.elements.section_key.value = chosen.section;
    place.elements.before.value = chosen.before;
    button.hidden = true;
    place.elements.text.focus();
    place.scrollIntoView({ block: "center" });
  });
})();
