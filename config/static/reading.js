/* Links to sections, and ways to share the page. Nobody is told: the browser copies, shares or prints by itself. Without this the page is complete. */
(() => {
  "use strict";
  const tools = document.querySelector(".tools ul");
  const article = document.querySelector("article.text");
  if (!tools || !article) return;
  const words = tools.parentElement.dataset; /* in the language of the page */
  const page = location.href.split(/[?#]/)[0];
  const said = document.createElement("span");
  said.className = "said";
  said.setAttribute("role", "status");
  let hiding = 0;

  const say = (sentence, beside) => {
    clearTimeout(hiding);
    beside.append(said);
    said.textContent = sentence;
    hiding = setTimeout(() => { said.textContent = ""; }, 4000);
  };

  const copy = async (address, beside) => {
    try {
      await navigator.clipboard.writeText(address);
      say(words.copied, beside);
    } catch {
      say(address, beside);
    }
  };

  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.addEventListener("click", () => act(made));
    return made;
  };

  const add = (name, act) => {
    const item = document.createElement("li");
    item.append(button(name, (made) => act(tools.parentElement)));
    tools.append(item);
  };

  add(words.copy, (place) => copy(page, place));
  if (navigator.share) {
    add(words.share, () => navigator.share({ title: document.title, url: page }).catch(() => {}));
  }
  add(words.print, () => window.print());

  const report = document.querySelector(".helpful a[href$='/report/']");
  for (const section of article.querySelectorAll("section[id^='s-']")) {
    const heading = section.querySelector(":scope > h2");
    if (!heading || /^(help_|urgent)/.test(section.dataset.role || "")) continue;
    const name = heading.textContent;
    const row = document.createElement("p");
    row.className = "section-tools";
    const link = button(words.copy, () => copy(`${page}#${section.id}`, row));
    link.setAttribute("aria-label", words.copyOf.replace("{section}", () => name));
    row.append(link);
    if (report) {
      const wrong = document.createElement("a");
      wrong.href = `${report.href}?section=${section.id.slice(2)}`;
      wrong.textContent = report.dataset.name;
      wrong.setAttribute("aria-label", report.dataset.nameIn.replace("{section}", () => name));
      row.append(wrong);
    }
    section.append(row);
  }
})();
