// The preview beside a text: its script is loaded when it is opened, on a wide screen once the page can be typed into.
(() => {
  const box = document.querySelector("[data-preview]");
  box?.addEventListener("toggle", () => import(box.dataset.preview), { once: true });
  const whenIdle = window.requestIdleCallback ?? ((next) => setTimeout(next, 500));
  const wide = matchMedia("(min-width: 75rem)").matches && box?.closest(".with-preview");
  if (wide) whenIdle(() => (box.open = true), { timeout: 3000 });
})();
