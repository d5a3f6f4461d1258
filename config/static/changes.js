// On a page with changes: from a change that was reached, J leads to the next one and K to the one before it.
(() => {
  const places = [...document.querySelectorAll(".redline .changed-here")];
  document.querySelector("[data-keys]")?.removeAttribute("hidden");

  const reached = () => {
    const place = places.find((each) => `#${each.id}` === location.hash);
    if (!place) return;
    place.tabIndex = -1;
    place.focus();
  };

  addEventListener("hashchange", reached);
  document.querySelector(".redline").addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = places[places.findIndex((each) => each.contains(document.activeElement)) + step];
    if (next) location.hash = next.id;
  });
  reached();
})();
