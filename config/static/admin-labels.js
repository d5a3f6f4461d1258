// The search box that Django's administration makes for a choice of several has no label; it gets that of its field.
"use strict";

function label() {
  for (const box of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const select = box.closest(".select2-container").previousElementSibling;
    const words = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (words) box.setAttribute("aria-label", words.textContent.replace(/:\s*$/, ""));
  }
}

// The library makes its boxes after the page has loaded, and for each form that is added.
new MutationObserver(label).observe(document.documentElement, { childList: true, subtree: true });
label();
