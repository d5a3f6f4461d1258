// The page that edits a whole draft: parts are moved, removed and taken back without a round by the server.
(() => {
  const form = document.querySelector("[data-write]");
  if (!form) return;

  const placed = (parts) => {
    const all = [...parts.querySelectorAll(":scope > .part")];
    all.forEach((part, place) => {
      const label = part.querySelector("[data-place]");
      if (label) label.textContent = form.dataset.place.replace("{place}", place + 1).replace("{number}", all.length);
      part.querySelector("[value^='up:']").disabled = place === 0;
      part.querySelector("[value^='down:']").disabled = place === all.length - 1;
    });
  };

  const steps = {
    up: (part) => part.previousElementSibling?.before(part),
    down: (part) => part.nextElementSibling?.after(part),
    remove: (part) => mark(part, true),
    undo: (part) => mark(part, false),
  };

  const mark = (part, removed) => {
    part.querySelector("[data-removal]").value = removed ? "1" : "";
    part.toggleAttribute("data-removed", removed);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const step = steps[button?.value.split(":")[0]];
    const part = button?.closest(".part");
    if (!step || !part) return;
    event.preventDefault();
    step(part);
    placed(part.parentElement);
    const first = button.value.startsWith("remove:") ? "undo:" : button.value.startsWith("undo:") ? "remove:" : null;
    const focus = first ? part.querySelector(`[value^='${first}']`) : button.disabled ? button.parentElement.querySelector("button:enabled") : button;
    focus.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
