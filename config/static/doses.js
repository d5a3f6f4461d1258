// While a text of a section is typed: the doses in which it differs from the other texts, read by the server.
(() => {
  const box = document.querySelector("[data-doses]");
  const area = document.querySelector("main form textarea[name=body]");
  if (!box || !area) return;
  const list = box.querySelector("[data-said]");
  const PAUSE = 700; // milliseconds after the last key
  let waiting = 0;
  let asked = 0;

  const show = (said) => {
    const shown = document.createElement(said.length ? "ul" : "p");
    if (said.length) shown.className = "reasons";
    else shown.textContent = box.dataset.none;
    for (const sentence of said) shown.append(Object.assign(document.createElement("li"), { textContent: sentence }));
    if (shown.textContent !== list.textContent.trim()) list.replaceChildren(shown);
  };

  const ask = async () => {
    const number = ++asked;
    const body = new URLSearchParams({ body: area.value, audience: box.dataset.readers });
    body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(box.dataset.doses, { method: "POST", body, redirect: "error" });
      if (number !== asked || ![200, 422].includes(answer.status)) return;
      show((await answer.json()).said);
    } catch {
      // Without a connection the list stays as it is: the saved page shows it anew.
    }
  };

  area.form.addEventListener("input", (event) => {
    if (event.target !== area) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
})();
