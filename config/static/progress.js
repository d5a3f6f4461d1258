// The progress of an archive: asked for again every two seconds while it is being made.
(() => {
  const again = async () => {
    try {
      const page = await fetch(location.href, { credentials: "same-origin" });
      const next = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("progress");
      if (page.ok && next) document.getElementById("progress").replaceWith(document.adoptNode(next));
      if (next && !next.hasAttribute("data-progress")) return;
    } catch {
      // the next try may reach the site again
    }
    setTimeout(again, 2000);
  };
  setTimeout(again, 2000);
})();
