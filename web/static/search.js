// The search: as one types, in the dialog (Ctrl+K) and on the search's own page.
"use strict";

(() => {
  const root = document.documentElement.dataset.content_root;
  const SHOWN = { dialog: 8, page: 50 };
  const AROUND = 150; // letters of text in a result

  let loading;
  /** Load what is searched, once, by script tags: from file:// nothing else works. */
  function load() {
    const script = (name) => new Promise((done, failed) => {
      const tag = Object.assign(document.createElement("script"),
        { src: `${root}_static/${name}`, onload: done, onerror: failed });
      document.head.append(tag);
    });
    loading ??= Promise.all([script("minisearch.js"), script("searchdata.js")])
      .then(() => script("searchrank.js"));
    return loading;
  }

  function make(tag, className, text) {
    return Object.assign(document.createElement(tag), { className, textContent: text });
  }

  /** The piece of a text around the first of the words, with the words marked. */
  function piece(text, words) {
    const any = words.length ? new RegExp(`(${words.join("|")})`, "giu") : /(?!)/;
    const at = Math.max(0, text.search(any) - 50);
    const start = at && text.indexOf(" ", at) + 1;
    const cut = text.slice(start, start + AROUND);
    const p = make("p", "result-text", "");
    if (start) p.append("… ");
    cut.split(any).forEach((part, i) => p.append(i % 2 ? make("mark", "", part) : part));
    if (start + AROUND < text.length) p.append(" …");
    return p;
  }

  function whereOf({ kind, title, page }) {
    if (kind === "Introduction") return `enters in ${page}`;
    if (kind === "Page" || title.startsWith(kind)) return kind === "Page" ? kind : page;
    return `${kind} · ${page}`;
  }

  function item(hit, words) {
    const row = document.createElement("li");
    const link = make("a", "", hit.title);
    link.href = root + hit.place;
    row.append(link, " ", make("span", "result-where", whereOf(hit)));
    if (hit.formula) {
      const formula = make("p", "result-text", "");
      formula.innerHTML = hit.formula; // our own, set when the book was built
      row.append(formula);
    } else if (hit.text) row.append(piece(hit.text, words));
    return row;
  }

  /** Give a form its results, `most` of them at most. */
  function attach(form, most) {
    const input = form.querySelector("input[name=q]");
    const box = make("div", "search-results", "");
    const said = make("p", "search-said", "");
    said.setAttribute("role", "status");
    const list = document.createElement("ol");
    const more = make("p", "search-all", "");
    box.append(said, list, more);
    if (most === SHOWN.page) box.id = "search-results";
    form.after(box);

    async function show() {
      const query = input.value.trim();
      if (!query) return void [said, list, more].forEach((e) => e.replaceChildren());
      try {
        await load();
      } catch {
        said.textContent = "The search could not be loaded.";
        return;
      }
      if (query !== input.value.trim()) return; // typed on meanwhile
      const hits = window.bookSearch(query);
      const words = query.match(/[\p{L}\p{N}_∂]{2,}/gu) ?? [];
      list.replaceChildren(...hits.slice(0, most).map((hit) => item(hit, words)));
      const count = hits.length === 1 ? "1 result" : `${hits.length || "No"} results`;
      said.textContent = `${count} for “${query}”`;
      more.replaceChildren();
      if (hits.length <= most) return;
      if (most === SHOWN.page) more.textContent = `The best ${most} are shown.`;
      else {
        const all = make("a", "", `All ${hits.length} results (Enter)`);
        all.href = `${form.action}?q=${encodeURIComponent(query)}`;
        more.append(all);
      }
    }

    let waiting;
    input.addEventListener("focus", () => load().catch(() => {}));
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 120);
    });
    // Down goes to the results and on among them, Up back to the field.
    form.parentNode.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [input, ...box.querySelectorAll("a[href]")];
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    return { input, show };
  }

  const dialog = document.querySelector("#pst-search-dialog form.bd-search");
  if (dialog) attach(dialog, SHOWN.dialog);
  const page = document.querySelector(".bd-search-container form.bd-search");
  if (page) {
    const { input, show } = attach(page, SHOWN.page);
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    input.focus();
    show();
  }
})();
