// What is looked for, chosen by a reader: the search, the facets, what is shown and in which perspective.
const controls = (() => {
  const { words, make, put, data, button, fill, number, plainText } = elements;
  const VALUES_OF_A_FACET = 200;
  // For the next letter, in milliseconds: of a key that is held down or a word that is put in by a tool.
  const WAIT = 30;

  const search = document.createElement("input");
  search.type = "search";
  search.id = "search";
  search.autocomplete = "off";
  search.spellcheck = false;
  search.placeholder = words.aboutSearch;
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => view.change({ query: search.value, open: "" }), WAIT);
  });

  const shows = chooser("view", [["objects", words.objects], ["properties", words.properties], ["identical", words.identical]],
    (value) => view.change({ view: value, open: "" }));
  const lead = perspective("lead");

  // The choice of the perspective. It stands above what is told first, too, since it turns the whole page.
  function perspective(id) {
    return chooser(id, [["incident", words.incidentWord], ["recovery", words.recoveryWord]],
      (value) => view.change({ perspective: value }, true));
  }

  function chooser(id, options, choose) {
    const select = make("select", "", ...options.map(([value, text]) => {
      const option = make("option", "", text);
      option.value = value;
      return option;
    }));
    select.id = id;
    select.addEventListener("change", () => choose(select.value));
    return select;
  }

  const labelled = (text, control) => make("label", "", make("span", "", text), control);

  // All of them in a form; `save` downloads what is shown.
  function form(save) {
    const acts = make("div", "acts", button(words.clear, () => view.change({ query: "", filters: {}, open: "" })), button(words.download, save));
    const element = make("form", "controls", labelled(words.search, search), labelled(words.groupBy, shows), labelled(words.lead, lead), acts);
    element.setAttribute("role", "search");
    element.addEventListener("submit", (event) => event.preventDefault());
    return element;
  }

  const facets = make("div", "facets", ...core.FACETS.map(facet));

  // A facet: its values with how many objects each has, or would add.
  function facet(name) {
    const box = make("details", "facet", make("summary", "", make("span", "", words[name]), make("span", "count")), make("ul", ""));
    box.dataset.facet = name;
    box.addEventListener("toggle", () => box.open && fillFacet(box));
    return box;
  }

  function fillFacet(box) {
    const name = box.dataset.facet;
    const chosen = new Set(view.state.filters[name]);
    const counts = view.result.counts[name];
    const listed = view.changes.facts[name].values
      .map((value, at) => ({ value, count: counts[at] }))
      .filter(({ value, count }) => (count > 0 || chosen.has(value)) && !(name === "category" && value === ""));
    listed.sort((a, b) => chosen.has(b.value) - chosen.has(a.value) || b.count - a.count || (a.value < b.value ? -1 : 1));
    const list = box.querySelector("ul");
    list.replaceChildren(...listed.slice(0, VALUES_OF_A_FACET).map(({ value, count }) => {
      const check = document.createElement("input");
      check.type = "checkbox";
      check.checked = chosen.has(value);
      check.dataset.value = value;
      check.addEventListener("change", () => {
        const values = [...chosen].filter((one) => one !== value).concat(check.checked ? [value] : []);
        view.change({ filters: { ...view.state.filters, [name]: values }, open: "" });
        // The list was made anew: the reader stays where he was.
        [...list.querySelectorAll("input")].find((input) => input.dataset.value === value)?.focus();
      });
      const what = data(view.shown[name](plainText(value)), "what");
      return make("li", "", make("label", "", check, what, make("span", "n", number(count))));
    }));
    if (listed.length > VALUES_OF_A_FACET) list.append(make("li", "more", fill(words.more, number(listed.length - VALUES_OF_A_FACET))));
  }

  // Shows the state of the view in all of them.
  function show() {
    if (search !== document.activeElement) search.value = view.state.query;
    shows.value = view.state.view;
    lead.value = view.leads();
    for (const box of facets.children) {
      const name = box.dataset.facet;
      const chosen = view.state.filters[name] ?? [];
      put(box.querySelector(".count"), chosen.length ? fill(words.selected, number(chosen.length)) : "");
      box.classList.toggle("chosen", chosen.length > 0);
      box.hidden = view.changes.facts[name].values.length < 2 && !chosen.length;
      if (box.open) fillFacet(box);
    }
  }

  return { form, facets, perspective, labelled, show };
})();
