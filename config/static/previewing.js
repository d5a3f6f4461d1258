// The preview beside a text: brought up to date by a button, and some seconds after typing ends. Nothing is saved.
(() => {
  const box = document.querySelector("[data-preview]");
  const form = box && document.getElementById(box.dataset.form);
  if (!form) return;
  const frame = box.querySelector("iframe");
  const said = box.querySelector("[data-said]");
  const buttons = [...box.querySelectorAll("button[formaction]")];
  const PAUSE = 2500; // milliseconds after the last key
  let chosen = buttons[0];
  let waiting = 0;
  let asked = 0;
  let isShown = false;

  frame.removeAttribute("src"); // for pages without scripts: here `show` fills the frame

  const mark = () => buttons.forEach((each) => each.setAttribute("aria-pressed", each === chosen));

  const placeOfText = () => frame.contentDocument.getElementById(box.dataset.at)?.offsetTop ?? 0;

  const show = async () => {
    clearTimeout(waiting);
    const number = ++asked;
    mark();
    try {
      const body = new FormData(form);
      for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
      const answer = await fetch(chosen.formAction, { method: "POST", body, redirect: "error" });
      if (![200, 422].includes(answer.status)) throw new Error(answer.status);
      const page = await answer.text();
      if (number !== asked) return;
      const at = isShown ? frame.contentWindow.scrollY : null;
      frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at ?? placeOfText()), { once: true });
      isShown = true;
      frame.srcdoc = page;
      said.textContent = "";
    } catch {
      if (number === asked) said.textContent = box.dataset.failed;
    }
  };

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      chosen = button;
      show();
    });
  }
  const later = () => {
    clearTimeout(waiting);
    if (box.open) waiting = setTimeout(show, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    if (!box.closest(".with-preview")) box.scrollIntoView();
    show();
  });
  if (box.open) show();
})();
