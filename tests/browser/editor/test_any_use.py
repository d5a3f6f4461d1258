"""Whatever is typed, pressed and clicked in whatever order: the text is canonical, and is what stands on the screen."""

import re

import pytest

from articles.desk.typed import to_typed
from articles.text import richtext
from tests.browser.editor.test_round_trip import page  # noqa: F401
from tests.browser.editor.written_texts import Writer

pytestmark = [pytest.mark.browser, pytest.mark.once]

MANY, ACTIONS = 25, 20
EMPTY = re.compile("<li></li>\n?")  # within a numbered list it stays, for the server to refuse
USED = """async ([texts, seed, actions]) => {
  let state = seed;
  const any = (many) => (state = (state * 1103515245 + 12345) % 2147483648) % many;
  const next = () => new Promise((done) => setTimeout(done, 0));
  const codes = {Enter: 13, Backspace: 8, Delete: 46, Tab: 9, ArrowUp: 38, ArrowDown: 40};
  const found = [];
  for (const text of texts) {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    const editor = imprimaturEditor.mount(area);
    const box = editor.box.querySelector("[contenteditable]");
    for (let action = 0; action < actions; action++) {
      const words = [];
      const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest("cite, figure")) words.push(walker.currentNode);
      }
      box.focus();
      if (words.length) {
        const one = words[any(words.length)];
        const other = any(3) ? one : words[any(words.length)];
        getSelection().setBaseAndExtent(one, any(one.data.length + 1), other, any(other.data.length + 1));
      }
      await next();
      const kind = any(4);
      if (kind === 0) document.execCommand("insertText", false, ["x ", "> 5", "é", "\\u00a0mg"][any(4)]);
      else if (kind === 1) {
        const key = Object.keys(codes)[any(6)];
        box.dispatchEvent(new KeyboardEvent("keydown", {key, keyCode: codes[key], bubbles: true, cancelable: true}));
      } else {
        const all = [...editor.whole.querySelectorAll("button.tool:not([aria-haspopup])")];
        const tools = all.filter((one) => one.offsetParent);
        tools[any(tools.length)].click();
      }
      await next();
    }
    found.push([editor.written(false), area.value, editor.fromScreen()]);
    editor.whole.remove();
    area.remove();
  }
  return found;
}"""


@pytest.mark.parametrize("seed", [7, 99])
def test_a_text_is_canonical_after_any_use(page, seed):  # noqa: F811
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    texts = [to_typed(Writer(seed * MANY + number).text()) for number in range(MANY)]

    found = page.evaluate(USED, [texts, seed, ACTIONS])

    assert wrong == []
    canonical = [EMPTY.sub("", html) for html, *_ in found]
    assert canonical == [richtext.clean(html) for html, *_ in found]
    assert [typed for _, typed, _ in found] == [screen for *_, screen in found]
    assert sum(typed != text for text, (_, typed, _) in zip(texts, found, strict=True)) == MANY
