// In the text of a comment: behind an @, the people whom it can mention are offered, and arrow keys and Enter choose one.
(() => {
  const people = [...document.querySelectorAll("[data-mentions] [data-username]")];
  if (!people.length) return;
  const list = document.createElement("ul");
  list.className = "offered";
  list.id = "offered-mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector("[data-mentions]").dataset.mentions);
  list.hidden = true;
  document.querySelector("[data-mentions]").after(list);
  let field = null;

  const begun = () => field.value.slice(0, field.selectionStart).match(/(?<![\p{L}\p{N}_.@])@([\p{L}\p{N}_.+-]*)$/u);
  const close = () => {
    list.hidden = true;
    field?.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    for (const each of list.children) each.setAttribute("aria-selected", each === option);
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const take = (option) => {
    const at = field.selectionStart;
    const start = at - begun()[0].length;
    field.setRangeText(`@${option.dataset.username} `, start, at, "end");
    close();
    field.focus();
  };

  const offer = () => {
    const typed = begun();
    if (!typed) return close();
    const wanted = typed[1].toLowerCase();
    const forBoard = field.form.querySelector("[name=board_only]:checked") || field.closest(".thread[data-board]");
    const found = people.filter((each) => each.textContent.toLowerCase().includes(wanted) && (!forBoard || "board" in each.dataset));
    list.replaceChildren(
      ...found.slice(0, 8).map((each, number) => {
        const option = document.createElement("li");
        option.id = `offered-mention-${number}`;
        option.setAttribute("role", "option");
        option.dataset.username = each.dataset.username;
        option.textContent = each.textContent;
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(option);
        });
        return option;
      }),
    );
    if (!found.length) return close();
    field.after(list);
    list.hidden = false;
    choose(list.firstChild);
  };

  for (const each of document.querySelectorAll(".comments textarea[name=text], .thread textarea[name=text]")) {
    each.setAttribute("aria-autocomplete", "list");
    each.setAttribute("aria-controls", list.id);
    each.addEventListener("input", () => {
      field = each;
      offer();
    });
    each.addEventListener("blur", close);
    each.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const options = [...list.children];
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) choose(options[(at + step + options.length) % options.length]);
      else if (event.key === "Enter" || event.key === "Tab") take(options[at]);
      else if (event.key === "Escape") {
        close();
        event.stopPropagation();
      } else return;
      event.preventDefault();
    });
  }
})();
