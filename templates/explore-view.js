// What is looked at: the changes, the view of them as the address tells it, and what of them matches; and the facts of an
// object in the words of the page.
const view = (() => {
  const { words } = elements;

  const view = {
    changes: new core.Changes(),
    state: core.fromHash(location.hash),
    result: null,
    positions: new Uint32Array(0),
    // Shows what has changed; explore.js puts its own here.
    show() {},

    // Changes what is looked for or how it is shown, and tells it in the address.
    change(part, keepsPage = false) {
      view.state = { ...view.state, page: keepsPage ? view.state.page : 0, ...part };
      history.replaceState(null, "", "#" + core.toHash(view.state));
      view.show();
    },

    // The perspective, and what it leads with, first.
    leads: () => view.state.perspective || words.perspective,
    led: (incident, recovery) => (view.leads() === "incident" ? [incident, recovery] : [recovery, incident]),

    fact: (name, block, at) => view.changes.facts[name].values[block.facets[name][at]],
    rowsOf(position) {
      const [block, at] = view.changes.find(position);
      return block.first[at + 1] - block.first[at];
    },

    // The words of the tokens of a fact.
    shown: {
      function: (token) => words.functions[token] || token,
      action: (token) => token || words.noAction,
      type: (token) => token,
      outcome: (token) => words.outcomes[token] || token,
      category: (token) => words.categories[token] || token,
      sinceObject: (token) => words.objectSince[token] || token,
      property: (token) => token,
      sinceRow: (token) => words.since[Number(token)],
      note: (token) => words.notes[token] || words.noteNone,
    },
  };
  return view;
})();
