// Questions to the server. It reads all HTML: one reader for all that is typed and pasted.
import { addresses, say } from "./words.js";

async function post(address, entries) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(entries), headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    if (answer.ok || answer.status === 422 || answer.status === 409) return await answer.json();
  } catch {
    // the network is away: said below
  }
  return { said: [say("away")] };
}

/* Return the canonical form of typed HTML, or only what is wrong with it. */
export const checked = (typed) => post(addresses.typed, { typed });

/* Return what an article can keep of the clipboard's HTML, and what is left out. */
export const pasted = (html) => post(addresses.typed, { pasted: html });

async function get(address, q) {
  try {
    const answer = await fetch(`${address}?${new URLSearchParams({ q })}`, { credentials: "same-origin" });
    if (answer.ok) return await answer.json();
  } catch {
    // the network is away: nothing is found
  }
  return {};
}

export const findCitations = (words) => get(addresses.citations, words);
export const addReference = (work) => post(addresses.citations, { work });
export const findLinks = (words) => get(addresses.links, words);
