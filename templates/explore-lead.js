// The page in the other perspective. What stands there is the one that was asked for when the report was made, whole without
// a script; this turns the title, what is told first and the plain list, and back.
const lead = (() => {
  const { words, make } = elements;
  let shown = words.perspective;

  const first = document.querySelector("#first > ol");
  const other = document.querySelector("#first > template");
  // What is told first, in both.
  const told = { [shown]: first, [shown === "incident" ? "recovery" : "incident"]: other?.content.firstElementChild };

  // Has the page lead with a perspective.
  function turn(perspective) {
    if (perspective === shown) return;
    const before = words[shown], after = words[perspective];
    told[shown]?.replaceWith(told[perspective]);
    if (after.title !== before.title) {
      document.title = after.title;
      for (const title of document.querySelectorAll("h1 > bdi, #signatures b > bdi")) title.textContent = after.title;
    }
    for (const head of document.querySelectorAll("#plain h4")) {
      const [leads, follows] = head.querySelectorAll(":scope > span:not([class]), small");
      const led = [...leads.childNodes];
      leads.replaceChildren(...follows.childNodes);
      follows.replaceChildren(...led);
    }
    for (const table of document.querySelectorAll("#plain table.rows")) turnTable(table, perspective, before, after);
    shown = perspective;
  }

  // Two elements in each other's place.
  function exchange(one, two) {
    const place = make("span", "");
    one.replaceWith(place);
    two.replaceWith(one);
    place.replaceWith(two);
  }

  const OTHER_SIGN = { "+": "−", "−": "+" };
  const OTHER_CLASS = { comes: "goes", goes: "comes" };

  // The heads and the cells of a table, those of both sides and those of what happened and what will.
  function turnTable(table, perspective, before, after) {
    const heads = table.querySelectorAll("thead tr:last-child > th");
    for (const at of [1, 3]) exchange(...[heads[at], heads[at + 1]]);
    for (const row of table.querySelectorAll("tbody > tr")) {
      const [first, second, leads, follows] = row.querySelectorAll(":scope > td:not([colspan])");
      if (!follows) continue;
      exchange(first, second);
      const [backup, current] = perspective === "incident" ? [second, first] : [first, second];
      turnItems(current, before.items[0], after.items[0]);
      turnItems(backup, before.items[1], after.items[1]);
      turnWords(leads, follows);
    }
  }

  // The words that lead keep their place, their sign and their colour; the words themselves are exchanged.
  function turnWords(leads, follows) {
    const word = leads.lastChild;
    [word.data, follows.textContent] = [" " + follows.textContent, word.data.trim()];
    [leads.dataset.l, follows.dataset.l] = [follows.dataset.l, leads.dataset.l];
    const sign = leads.firstChild;
    sign.textContent = OTHER_SIGN[sign.textContent] ?? sign.textContent;
    leads.className = OTHER_CLASS[leads.className] ?? leads.className;
  }

  // What only this side of a collection has: what was added is what will be removed.
  function turnItems(cell, before, after) {
    for (const item of cell.querySelectorAll("ins, del")) {
      const comes = item.localName === "del";
      const turned = make(comes ? "ins" : "del", "");
      turned.append(...item.childNodes);
      turned.firstChild.textContent = (comes ? "+ " : "− ") + after;
      item.replaceWith(turned);
    }
    const more = cell.querySelector(":scope > .cut");
    if (more) more.textContent = more.textContent.replace(before, after);
  }

  return { turn };
})();
