// Elements, and the words in them. Text comes into the page by `textContent` alone; the policy of the page forbids what
// could become markup.
const elements = (() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const LONGEST_TEXT = 4096;

  // An element of a class with children: elements, or texts.
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    put(element, ...children);
    return element;
  }

  function put(element, ...children) {
    if (children.length === 1 && typeof children[0] === "string") element.textContent = children[0];
    else {
      for (const child of children) {
        if (typeof child === "string") element.append(make("span", "", child));
        else if (child) element.append(child);
      }
    }
    return element;
  }

  // Text of the data: what cannot be seen is shown, and no direction leaks out of it.
  function data(text, className = "") {
    const shown = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
    const parts = texts.visibleParts(shown);
    const isPlain = parts.length === 1 && !parts[0].hidden;
    const element = make("bdi", className, isPlain ? shown : null);
    for (const part of isPlain ? [] : parts) {
      element.append(part.hidden ? make("span", "u", part.hidden) : make("span", "", part.text));
      if (part.breaks) element.append(document.createElement("br"));
    }
    if (shown.length < text.length) element.append(make("span", "cut", fill(words.moreItems, number(text.length - shown.length))));
    return element;
  }

  function button(text, act, className) {
    const element = make("button", className, text);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // A text with numbers in it.
  const fill = (text, n, m) => text.replace("{n}", n).replace("{m}", m);
  const number = (count) => count.toLocaleString("en-US");

  // A button that copies a text, and says so.
  function copier(text, label) {
    const element = button(label, async () => {
      try {
        await navigator.clipboard.writeText(text());
        element.textContent = words.copied;
      } catch {
        // Without a clipboard the text is put where it can be selected.
        const box = make("textarea", "copybox", text());
        box.readOnly = true;
        box.setAttribute("aria-label", label);
        element.replaceWith(box);
        box.select();
      }
    }, "small");
    return element;
  }

  // Has a list of many in `box`: `size` of them, and a button for as many more.
  function growing(box, list, all, size, elementOf) {
    let next = 0;
    const more = button("", () => grow(), "small");
    const grow = () => {
      const from = next;
      next = Math.min(all.length, from + size);
      for (let at = from; at < next; at++) list.append(elementOf(all[at]));
      more.hidden = next >= all.length;
      more.textContent = fill(words.more, number(all.length - next));
    };
    grow();
    return put(box, more);
  }

  // A text of the data as it stands in one line: of one that is cut, what there is.
  const plainText = (text) => (text.startsWith(texts.CUT) ? text.slice(1) + "…" : text);

  // What stands where the data has no name and no id.
  const named = (name, className) => (name ? data(plainText(name), className) : make("span", "none", words.noName));

  return { words, make, put, data, button, copier, fill, number, growing, plainText, named };
})();
