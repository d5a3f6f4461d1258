// The page that edits a whole draft: parts move without a round by the server, and what is typed is kept.
(() => {
  const form = document.querySelector("[data-write]");
  if (!form) return;
  const texts = JSON.parse(document.getElementById("writing-texts").textContent);
  const { person, article } = form.dataset;

  // The bar stays over the toolbars of the texts.
  const bar = form.querySelector(".write-bar");
  new ResizeObserver(() => document.documentElement.style.setProperty("--over-text", `${bar.offsetHeight}px`)).observe(bar);
  form.querySelector("[data-editor-help]").hidden = false;

  // Order of the parts
  const placed = (parts) => {
    const all = [...parts.querySelectorAll(":scope > .part")];
    all.forEach((part, place) => {
      const label = part.querySelector("[data-place]");
      if (label) label.textContent = texts.place.replace("{place}", place + 1).replace("{number}", all.length);
      part.querySelector("[value^='up:']").disabled = place === 0;
      part.querySelector("[value^='down:']").disabled = place === all.length - 1;
    });
    changed();
  };
  const mark = (part, removed) => {
    part.querySelector("[data-removal]").value = removed ? "1" : "";
    part.toggleAttribute("data-removed", removed);
  };
  const steps = {
    up: (part) => part.previousElementSibling?.before(part),
    down: (part) => part.nextElementSibling?.after(part),
    remove: (part) => mark(part, true),
    undo: (part) => mark(part, false),
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const name = button?.value.split(":")[0];
    const part = button?.closest(".part");
    if (!part || !steps[name]) return;
    event.preventDefault();
    steps[name](part);
    placed(part.parentElement);
    const next = { remove: "[value^='undo:']", undo: "[value^='remove:']" }[name];
    (next ? part.querySelector(next) : button.disabled ? part.querySelector(".part-steps button:enabled") : button).focus();
  });

  // Dragging, by the handle of a part: meanwhile all parts are folded to a line
  const middle = (one) => {
    const box = one.getBoundingClientRect();
    return box.top + box.height / 2;
  };
  let dragged = null;
  const draggable = (part) => {
    const handle = part.querySelector("[data-handle]");
    if (!handle) return;
    const parts = part.parentElement;
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      dragged = part;
      handle.setPointerCapture(event.pointerId);
      part.toggleAttribute("data-dragged", true);
      parts.toggleAttribute("data-dragging", true);
      scrollBy(0, handle.getBoundingClientRect().top - event.clientY);
    });
    handle.addEventListener("pointermove", (event) => {
      if (dragged !== part) return;
      // The others move around the part: a part that moves itself loses the pointer.
      const { previousElementSibling: above, nextElementSibling: below } = part;
      if (above && event.clientY < middle(above)) part.after(above);
      else if (below && event.clientY > middle(below)) part.before(below);
    });
    const dropped = () => {
      if (dragged !== part) return;
      dragged = null;
      part.removeAttribute("data-dragged");
      parts.removeAttribute("data-dragging");
      part.scrollIntoView({ block: "nearest" });
      placed(parts);
    };
    handle.addEventListener("pointerup", dropped);
    handle.addEventListener("pointercancel", dropped);
  };

  // The editors of folded wordings, and the way from a refusal to an editor
  const mount = (areas) => areas.forEach((area) => window.imprimaturEditor?.mount(area));
  const foldable = (fold) => {
    const open = () => fold.open && mount(fold.querySelectorAll("[data-rich-later]"));
    fold.addEventListener("toggle", open);
    open();
  };
  const begin = (part) => {
    draggable(part);
    part.querySelectorAll("details.wording").forEach(foldable);
  };
  form.querySelectorAll(".part").forEach(begin);
  document.querySelector(".problem")?.addEventListener("click", (event) => {
    const area = document.getElementById(event.target.closest("a")?.hash.slice(1));
    if (!area?.editor?.shown) return;
    event.preventDefault();
    area.closest("details")?.setAttribute("open", "");
    area.editor.view.focus();
  });

  // What is typed
  const fields = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const page = form.elements.page.value;
  const opened = JSON.stringify(fields());
  let typed = form.hasAttribute("data-typed");
  let leaving = false;
  let sent = "";
  let part = "";
  let waiting = null;
  let last = 0;

  const status = form.querySelector("[data-status]");
  const say = (sentence, link) => {
    if (status.dataset.said === sentence) return;
    status.dataset.said = sentence;
    status.textContent = sentence;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = form.dataset.signIn;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link;
    status.append(" ", anchor);
  };

  // On this device
  const PREFIX = "imprimatur.draft.";
  const MINE = `${PREFIX}${person}.${article}.`;
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const MOST = 1_500_000;
  const each = (start) => {
    const found = [];
    try {
      for (let place = 0; place < localStorage.length; place += 1) {
        const key = localStorage.key(place);
        if (key.startsWith(start)) found.push(key);
      }
    } catch {}
    return found;
  };
  const read = (key) => {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return Array.isArray(found.fields) && Number.isFinite(found.at) ? found : null;
    } catch {
      return null;
    }
  };
  const forget = (key) => {
    try {
      localStorage.removeItem(key);
    } catch {}
  };
  let held = "";
  const keep = (onSite = false) => {
    const now = JSON.stringify(fields());
    if (held === now + onSite || (held === `${now}true` && !onSite)) return true;
    const text = JSON.stringify({ at: Date.now(), onSite, fields: JSON.parse(now) });
    try {
      if (text.length > MOST) throw new RangeError();
      localStorage.setItem(MINE + page, text);
      held = now + onSite;
      return true;
    } catch {
      say(texts.full);
      return false;
    }
  };

  // On the site
  const token = form.elements.csrfmiddlewaretoken;
  const others = document.querySelector("[data-others]");
  const heard = (answer) => {
    if (answer.token) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = answer.token));
    const said = [...new Set(answer.others.map((other) => other.said))].join(". ");
    if (others.textContent !== said) others.textContent = said;
    for (const [name, said] of Object.entries(answer.doses ?? {})) {
      const list = document.getElementById(`${name}-doses`);
      const items = said.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
      if (list && list.textContent !== said.join("")) list.replaceChildren(...items);
    }
    form.querySelectorAll("[data-present]").forEach((line) => {
      const here = answer.others.filter((other) => other.part === line.parentElement.id).map((other) => other.here);
      const words = here.join(". ");
      if (line.textContent !== words) line.textContent = words;
      line.hidden = !words;
    });
  };
  const ask = async (options) => {
    try {
      return await fetch(form.dataset.keep, { redirect: "manual", headers: { "X-CSRFToken": token.value }, ...options });
    } catch {
      return null;
    }
  };
  const post = async () => {
    waiting = null;
    if (!typed || leaving) return;
    const body = JSON.stringify({ page, part, fields: fields() });
    last = Date.now();
    const kept = keep();
    const response = await ask({ method: "POST", body });
    if (leaving) return;
    if (response === null) {
      if (kept) say(texts.offline);
      later(10_000);
    } else if (response.type === "opaqueredirect" || response.status === 403) {
      say(texts.signed_out, texts.sign_in);
      later(10_000);
      await listen();
    } else {
      const answer = await response.json().catch(() => ({}));
      say(answer.said || texts.failed);
      if (response.ok) {
        sent = body;
        if (body === JSON.stringify({ page, part, fields: fields() })) keep(true);
        heard(answer);
      }
    }
  };
  const later = (wait) => {
    waiting ??= setTimeout(post, wait);
  };
  const listen = async () => {
    const response = await ask({});
    if (response?.ok && response.type !== "opaqueredirect") heard(await response.json().catch(() => ({ others: [] })));
  };

  function changed() {
    if (!typed && JSON.stringify(fields()) === opened) return;
    typed = true;
    keep();
    later(Math.max(600, 4_000 - (Date.now() - last)));
  }
  const named = (heading) => {
    const section = heading.closest(".part");
    const name = section?.querySelector("[data-name]");
    if (!name || heading.closest(".wording") || !heading.value.trim()) return;
    name.textContent = heading.value.trim();
    section.querySelectorAll(".part-head .visually-hidden").forEach((words) => (words.textContent = texts.quoted.replace("{words}", name.textContent)));
  };
  form.addEventListener("input", (event) => {
    if (event.target.name?.endsWith("-heading")) named(event.target);
    part = event.target.closest?.(".part")?.id || "article";
    changed();
  });
  form.addEventListener("change", changed);
  addEventListener("online", () => typed && post());
  if (!navigator.onLine) say(texts.offline);
  addEventListener("offline", () => typed && keep() && say(texts.offline));
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    const recent = typed && Date.now() - last < 5 * 60_000;
    if (recent && waiting === null && sent) later(0);
    else if (waiting === null) listen();
  }, 20_000);

  addEventListener("beforeunload", (event) => {
    if (typed && !leaving) event.preventDefault();
  });
  addEventListener("pagehide", () => typed && !leaving && keep());
  form.addEventListener("submit", (event) => {
    if (typed) keep();
    if (event.submitter?.formTarget) return; // the preview, which leaves the page where it is
    leaving = navigator.onLine;
    if (leaving) return stay();
    event.preventDefault(); // the browser would show its own page instead
    say(texts.offline_save);
  });
  // Enter in a field for one line would save the whole page; Ctrl+S saves it.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox], [type=radio])")) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key !== "s") return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) form.requestSubmit(form.querySelector("[name=do][value=save]"));
  });
  addEventListener("pageshow", () => {
    leaving = false;
  });
  document.querySelector("form.who")?.addEventListener("submit", () => {
    leaving = true;
    each(`${PREFIX}${person}.`).forEach(forget);
  });

  // Comments beside the text: a reply or a suggested wording is not sent while the text has changes that nobody saved.
  document.querySelectorAll("[data-of-remark]").forEach((remark) =>
    remark.addEventListener("submit", (event) => {
      if (!typed) return;
      event.preventDefault();
      say(texts.save_first);
    }),
  );

  // After a save the page is shown where it was: the focus, the cursor, the scrolled place, and replies that are not sent.
  const PLACE = `imprimatur.place.${article}`;
  const NAMED = "[name]";
  const allParts = () => [...form.querySelectorAll(".part")];
  let lastField = null;
  form.addEventListener("focusin", ({ target }) => {
    if (!bar.contains(target)) lastField = target;
  });
  const stay = () => {
    const isSeen = lastField && lastField.getBoundingClientRect().bottom > bar.offsetHeight && lastField.getBoundingClientRect().top < innerHeight;
    const active = bar.contains(document.activeElement) && isSeen ? lastField : document.activeElement;
    const rich = active.closest(".rich");
    const field = rich ? rich.nextElementSibling : active;
    const part = active.closest(".part");
    const parts = allParts();
    const anchor = parts.findIndex((one) => one.getBoundingClientRect().bottom > bar.offsetHeight);
    const replies = [...form.querySelectorAll(".thread textarea")].filter((reply) => reply.value).map((reply) => [reply.id, reply.value]);
    const place = {
      part: parts.indexOf(part),
      field: [...(part ?? form).querySelectorAll(NAMED)].indexOf(field),
      cursor: rich && field.editor.cursor,
      anchor,
      top: parts[anchor]?.getBoundingClientRect().top,
      scrolled: scrollY,
      replies,
    };
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(place));
    } catch {}
  };
  const comeBack = (saved) => {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(PLACE));
      sessionStorage.removeItem(PLACE);
    } catch {}
    if (!place) return;
    for (const [id, text] of place.replies) {
      const reply = document.getElementById(id);
      if (!reply || reply.value) continue;
      reply.value = text;
      reply.closest("details").open = true;
    }
    if (!saved) return;
    say(document.querySelector(".messages")?.textContent.trim() ?? "");
    const parts = allParts();
    const field = (parts[place.part] ?? form).querySelectorAll(NAMED)[place.field];
    const fold = field?.closest("details");
    if (fold) fold.open = true;
    const editor = place.cursor && field && window.imprimaturEditor?.mount(field);
    if (editor?.shown) editor.putCursor(place.cursor);
    else field?.focus({ preventScroll: true });
    const anchored = () => {
      const part = parts[place.anchor];
      if (part) scrollBy(0, part.getBoundingClientRect().top - place.top);
      else scrollTo(0, place.scrolled);
    };
    const watch = new ResizeObserver(anchored); // editors above begin one after the other
    const end = () => watch.disconnect();
    watch.observe(form);
    anchored();
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(kind, end, { once: true, passive: true });
    setTimeout(end, 3_000);
  };

  // A new part comes from the server; if it does not, the button sends the whole form.
  const add = async (button) => {
    const kind = button.value.split(":")[1];
    const parts = document.querySelector(`[data-parts="${kind}"]`);
    const body = new URLSearchParams([...new FormData(form), ["do", button.value]]);
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!response?.ok) return false;
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const part = answer.querySelector(`[data-parts="${kind}"] > .part:last-of-type`);
    if (!part || document.getElementById(part.id)) return false;
    parts.querySelector(":scope > p")?.remove();
    parts.append(document.adoptNode(part));
    mount(part.querySelectorAll("[data-rich]"));
    begin(part);
    placed(parts);
    part.querySelector("select, input:not([type=hidden])").focus();
    return true;
  };
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[value^='add:']");
    if (!button || button.dataset.sent) return;
    event.preventDefault();
    if (await add(button)) return;
    button.dataset.sent = "1";
    form.requestSubmit(button);
  });

  // What was kept before: each text of this device, and that of the site unless it is one of these and older
  const isSaved = /^#saved-[0-9a-f]{16}$/.test(location.hash);
  if (isSaved) {
    forget(MINE + location.hash.slice(7));
    history.replaceState(null, "", location.pathname);
  }
  each(PREFIX).forEach((key) => {
    const found = read(key);
    if (!found || Date.now() - found.at > WEEK) forget(key);
  });
  const onSite = document.querySelector("[data-offer]");
  onSite?.querySelector("button").addEventListener("click", () => forget(MINE + onSite.dataset.offer));
  const nameOf = (name, fields) => {
    const id = name.split("-")[0];
    const heading = document.getElementById(id)?.querySelector("[data-name]")?.textContent ?? fields.find(([key]) => key === `${id}-heading`)?.[1].trim();
    return /^[sn]\d/.test(id) ? heading || texts.new_section : id === "article" ? texts.article : /^[pm]\d/.test(id) ? texts.people : "";
  };
  const differing = (fields) => {
    const level = ([name, value]) => `${name} ${value.replaceAll("\r\n", "\n").trim()}`;
    const now = new Set(JSON.parse(opened).map(level));
    const other = fields.filter((field) => !field[0].endsWith("-seen") && !now.has(level(field)));
    return [...new Set(other.map(([name]) => nameOf(name, fields)).filter(Boolean))].join(", ");
  };
  const box = document.querySelector("[data-of-device]");
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const before = each(MINE)
    .map((key) => ({ key, ...read(key) }))
    .filter((one) => one.fields && one.key !== MINE + page && !typed)
    .sort((one, other) => other.at - one.at);
  for (const one of before) {
    const isOnSite = onSite?.dataset.offer === one.key.slice(MINE.length);
    if (isOnSite && (one.onSite || Number(onSite.dataset.at) >= one.at)) continue;
    if (isOnSite) onSite.hidden = true;
    const offer = box.content.firstElementChild.cloneNode(true);
    const [said, parts] = offer.querySelectorAll("p");
    said.textContent = texts.offer.replace("{time}", time.format(one.at));
    parts.textContent = texts.differs.replace("{parts}", differing(one.fields) || "–");
    offer.querySelector("[data-take]").addEventListener("click", () => submit([...one.fields, ["do", "take"]]));
    offer.querySelector("[data-discard]").addEventListener("click", () => {
      forget(one.key);
      offer.remove();
      if (isOnSite) submit([["do", "discard"]]);
    });
    box.before(offer);
  }
  comeBack(isSaved);
  const submit = (values) => {
    const sender = document.createElement("form");
    sender.method = "post";
    sender.action = form.action;
    sender.hidden = true;
    [["csrfmiddlewaretoken", token.value], ...values].forEach(([name, value]) => {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      sender.append(field);
    });
    document.body.append(sender);
    leaving = true;
    sender.submit();
  };
})();
