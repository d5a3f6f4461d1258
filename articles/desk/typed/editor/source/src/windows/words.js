// The words on the screen come from the page, in the language of the interface.
const place = document.getElementById("editor-words");
const words = place ? JSON.parse(place.textContent) : {};

export const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, () => value), words.texts?.[name] ?? name);
export const { addresses = {}, references = {}, figures = {}, before = [], signs = [] } = words;

/* An element with properties, data and children; no markup is ever read from a text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
