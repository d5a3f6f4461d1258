// The preview beside a text: its script is loaded when it is opened, on a wide screen at once.
(() => {
  const box = document.querySelector("[data-preview]");
  box?.addEventListener("toggle", () => import(box.dataset.preview), { once: true });
  if (matchMedia("(min-width: 75rem)").matches && box?.closest(".with-preview")) box.open = true;
})();
