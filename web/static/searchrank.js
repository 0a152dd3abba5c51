// Which entries answer a query, best first. Loaded when a reader first searches.
// The list and MiniSearch stand beside it: searchdata.js, minisearch.js.
"use strict";

window.bookSearch = (() => {
  const FIELDS = ["kind", "title", "place", "page", "text", "also", "formula"];
  // What a reader most likely means, where several kinds hold the same word.
  const WEIGHT = { Term: 3, Introduction: 2, Function: 1.8, Class: 1.8, Method: 1.6,
    Page: 1.5, Section: 1.2, Equation: 1.1, Name: 1, Exercise: 0.8, Figure: 0.6 };
  const WORD = /[\p{L}\p{N}∂∇]+(?:[._/][\p{L}\p{N}∂∇]+)*/gu;
  const STOP = new Set("a an and as at by for in is it of on or the to with".split(" "));
  const SHORT = { eq: "equation", eqn: "equation", eqs: "equation", fig: "figure",
    ex: "exercise", chap: "chapter", ch: "chapter" };

  /** A name, a number or a formula as one word, and a name's parts: "Dense.backward". */
  function words(text) {
    return (text.normalize("NFKC").match(WORD) ?? []).flatMap((word) => {
      const parts = word.split(/[._/]|(?<=\p{Ll})(?=\p{Lu})/u)
        .filter((part) => part.length > 1 && !/^\p{N}+$/u.test(part));
      return parts.length && parts[0] !== word ? [word, ...parts] : [word];
    });
  }

  /** A word as it is kept: dL/dw and ∂L/∂w are one, and so are one gradient and two. */
  function kept(word) {
    const low = word.toLowerCase().replace(/^d(\p{L})\/d(\p{L})/u, "∂$1/∂$2");
    if (STOP.has(low)) return null;
    return SHORT[low] ?? (/^\p{L}{3,}[^s\P{L}]s$/u.test(low) ? low.slice(0, -1) : low);
  }

  const index = new MiniSearch({
    fields: ["title", "also", "kind", "text"],
    storeFields: ["kind"],
    tokenize: words,
    processTerm: kept,
  });
  const entries = window.bookEntries.map((row, id) => ({
    id, ...Object.fromEntries(FIELDS.map((name, i) => [name, row[i]])),
  }));
  index.addAll(entries);

  const options = {
    boost: { title: 6, also: 5, kind: 2 },
    prefix: (word) => word.length > 1,
    fuzzy: (word) => (/^\p{L}{5,}$/u.test(word) ? 0.2 : false),
    weights: { prefix: 0.5, fuzzy: 0.1 },
    boostDocument: (id, word, { kind }) => WEIGHT[kind],
  };

  /** All entries that hold every word, or else any; a title that is the query first. */
  return (query) => {
    const asked = words(query).map(kept).join(" ");
    let found = index.search(query, { ...options, combineWith: "AND" });
    if (!found.length) found = index.search(query, options);
    const rank = ({ id, score }) => {
      const whole = words(entries[id].title).map(kept).join(" ") === asked;
      return score * (whole ? 4 : 1);
    };
    return found.map((hit) => ({ ...entries[hit.id], score: rank(hit) }))
      .sort((a, b) => b.score - a.score);
  };
})();
