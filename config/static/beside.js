// Beside the editor: a reply or a suggested wording is not sent while the text has changes that nobody saved.
(() => {
  const editor = document.querySelector("[name=body]")?.form;
  const beside = document.querySelector(".beside[data-unsaved]");
  if (!editor || !beside) return;
  const written = () => new URLSearchParams(new FormData(editor)).toString();
  const before = written();
  const said = beside.querySelector("[data-said]");

  beside.addEventListener("submit", (event) => {
    said.textContent = "";
    if (written() === before) return;
    event.preventDefault();
    said.textContent = beside.dataset.unsaved;
  });
})();
