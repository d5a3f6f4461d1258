/* The boxes of tables that scroll are stops of the Tab key; the others are none. Without this, those that may scroll are. */
(() => {
  "use strict";
  const update = (box) => {
    const caption = box.querySelector("caption");
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      if (caption) box.setAttribute("aria-labelledby", caption.id);
    } else if (box !== document.activeElement) {
      for (const name of ["tabindex", "role", "aria-labelledby"]) box.removeAttribute(name);
    }
  };
  const watch = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
  document.querySelectorAll(".table-scroll").forEach((box) => watch.observe(box));
})();
