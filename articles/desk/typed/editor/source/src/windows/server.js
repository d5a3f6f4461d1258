// Questions to the server. It reads all HTML: one reader for all that is typed and pasted.
import { addresses, say } from "./words.js";

/* Return the answer, also one with reasons; null if there is none, as after signing out. */
async function send(address, body) {
  const headers = body ? { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value } : {};
  try {
    const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers, credentials: "same-origin", redirect: "error" });
    return answer.ok || answer.status === 422 || answer.status === 409 ? answer : null;
  } catch {
    return null;
  }
}

async function post(address, entries) {
  const answer = await send(address, new URLSearchParams(entries));
  return (await answer?.json().catch(() => null)) ?? { said: [say("away")] };
}

/* Ask for the content of the window of figures, or send its form. */
export const figureWindow = (which, form) => send(`${addresses.figure_choice}?${new URLSearchParams(which)}`, form);

/* Return the canonical form of typed HTML, or only what is wrong with it. */
export const checked = (typed) => post(addresses.typed, { typed });

/* Return what an article can keep of the clipboard's HTML, and what is left out. */
export const pasted = (html) => post(addresses.typed, { pasted: html });

async function get(address, q) {
  const answer = await send(`${address}?${new URLSearchParams({ q })}`);
  return (await answer?.json().catch(() => null)) ?? {}; // without the network nothing is found
}

export const findCitations = (words) => get(addresses.citations, words);
export const addReference = (work) => post(addresses.citations, { work });
export const findLinks = (words) => get(addresses.links, words);
