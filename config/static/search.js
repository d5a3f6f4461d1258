/* Titles that complete what is typed into the search field, as the browser's own list. Without this the form works too. */
(() => {
  "use strict";
  const field = document.querySelector("input[data-suggest]");
  const list = field && document.getElementById(field.getAttribute("list"));
  if (!list) return;
  let waiting = 0;
  let asked = "";

  const show = (titles) => {
    list.replaceChildren(...titles.map((title) => {
      const option = document.createElement("option");
      option.value = title;
      return option;
    }));
  };

  const ask = async () => {
    const typed = field.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < 2) return show([]);
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { credentials: "omit" });
      const found = answer.ok ? await answer.json() : { suggestions: [] };
      if (typed === asked) show(found.suggestions);
    } catch {
      show([]);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 300);
  });
})();
