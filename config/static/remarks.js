// On the page of a review: the thread on marked words stands beside them on a wide screen, and opens as a sheet on others.
(() => {
  const text = document.querySelector("[data-commented]");
  const sheet = document.querySelector("[data-sheet]");
  const list = document.getElementById("comments");
  if (!text || !list || !sheet?.showModal) return;
  const WIDE = matchMedia("(min-width: 78rem)");
  const GAP = 12; // between two threads in the margin
  const review = document.querySelector(".two.review");
  const marked = [...text.querySelectorAll(".remark-link")]
    .map((link) => ({ link, thread: document.querySelector(link.hash)?.closest(".thread"), of: link.hash.slice(9) }))
    .filter((each) => each.thread);
  if (!marked.length) return;

  const wordsOf = (each) => [...text.querySelectorAll("mark.remark")].filter((mark) => mark.dataset.of.split(" ").includes(each.of));
  for (const each of marked) {
    each.words = wordsOf(each);
    each.home = document.createComment("");
    each.thread.before(each.home);
    each.thread.tabIndex = -1;
  }

  const margin = document.createElement("div");
  margin.className = "margin";

  const lay = () => {
    if (!margin.isConnected) return;
    const top = margin.getBoundingClientRect().top;
    let free = 0;
    for (const each of marked) {
      const shown = each.words.find((mark) => mark.getClientRects().length);
      const line = shown ? shown.getBoundingClientRect().top - top : free; // folded words: below the thread before
      const place = Math.max(free, line);
      each.thread.style.insetBlockStart = `${place}px`;
      free = place + each.thread.offsetHeight + GAP;
    }
    margin.style.minBlockSize = `${free}px`;
  };
  const watch = new ResizeObserver(lay);

  const arrange = () => {
    if (WIDE.matches) {
      if (sheet.open) sheet.close();
      text.closest(".paper").after(margin);
      margin.append(...marked.map((each) => each.thread));
      review.classList.add("with-margin");
      marked.forEach((each) => watch.observe(each.thread));
      watch.observe(text);
      lay();
    } else {
      watch.disconnect();
      review.classList.remove("with-margin");
      for (const each of marked) {
        each.home.after(each.thread);
        each.thread.style.insetBlockStart = "";
      }
      margin.remove();
    }
  };

  const show = (current) => {
    for (const each of marked) {
      each.thread.toggleAttribute("data-current", each === current);
      each.words.forEach((mark) => mark.toggleAttribute("data-current", each === current));
    }
  };

  let opened = null;
  const open = (each) => {
    show(each);
    if (WIDE.matches) {
      each.thread.focus({ preventScroll: true });
      each.thread.scrollIntoView({ block: "nearest" });
      return;
    }
    opened = each;
    sheet.append(each.thread);
    sheet.showModal();
    each.thread.focus();
    history.pushState({ sheet: each.of }, "");
  };
  sheet.addEventListener("close", () => {
    const each = opened;
    opened = null;
    if (!each) return;
    if (!WIDE.matches) each.home.after(each.thread);
    if (history.state?.sheet) history.back();
    each.link.focus();
  });
  addEventListener("popstate", () => sheet.open && sheet.close());

  for (const each of marked) {
    each.link.addEventListener("click", (event) => {
      event.preventDefault();
      open(each);
    });
    each.words.forEach((mark) => mark.addEventListener("click", () => getSelection().isCollapsed && open(each)));
    each.link.addEventListener("focus", () => show(each));
    each.thread.addEventListener("focusin", () => show(each));
    each.thread.querySelector(`a[href='#${each.link.id}']`)?.addEventListener("click", (event) => {
      event.preventDefault();
      if (sheet.open) sheet.close();
      each.link.scrollIntoView({ block: "center" });
      each.link.focus();
    });
  }
  text.addEventListener("toggle", lay, true);
  WIDE.addEventListener("change", arrange);
  arrange();
  marked.filter((each) => location.hash === each.link.hash).forEach(open);
})();
