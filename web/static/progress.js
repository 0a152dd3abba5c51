// The reader's progress: sections read and exercises done, kept in this browser.
"use strict";

(() => {
  const PAGES = window.bookPages;
  const root = document.documentElement.dataset.content_root;
  const READING = "backprop-book/reading/v1";
  const ANSWERS = "backprop-book/v1"; // that of the exercises' own script
  const LOOKED_AT = 1000; // ms that a section's end is in view until it counts as read

  function kept(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {}; // storage forbidden, or written by something else
    }
  }

  function keep(change) {
    try {
      localStorage.setItem(READING, JSON.stringify({ ...kept(READING), ...change }));
    } catch {
      // Forbidden or full: nothing is remembered, all the rest works.
    }
  }

  /** What is known of a page, in numbers. */
  function standing(name) {
    const [solved, answered] = PAGES[name];
    const answers = kept(ANSWERS).answers ?? {};
    const { seen = [], of = 0 } = kept(READING).pages?.[name] ?? {};
    const done = solved.filter((id) => answers[id]?.score >= answers[id]?.max).length
      + answered.filter((id) => answers[id]).length;
    return { seen: seen.length, of, done, exercises: solved.length + answered.length };
  }

  function inWords({ seen, of, done, exercises }) {
    const parts = [];
    if (of) parts.push(seen >= of ? "read" : `${seen} of ${of} sections read`);
    if (exercises) parts.push(`${done} of ${exercises} exercises done`);
    return ` (${parts.join(", ")})`;
  }

  /** A page's mark: a disc that fills, a tick at the end; the same in words. */
  function mark(name) {
    const known = standing(name);
    if (!known.seen && !known.done) return [];
    const shown = document.createElement("span");
    shown.className = "progress-mark";
    shown.ariaHidden = "true";
    const disc = document.createElement("span");
    const all = known.of > 0 && known.seen >= known.of;
    disc.className = all ? "progress-read" : "progress-disc";
    disc.textContent = all ? "✓" : "";
    disc.style.setProperty("--share", known.of ? known.seen / known.of : 0);
    if (known.exercises) shown.append(`${known.done}/${known.exercises}`);
    shown.append(disc);
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.textContent = inWords(known);
    return [shown, said];
  }

  const nameOf = new Map(Object.keys(PAGES).map((name) =>
    [new URL(`${root}${name}.html`, location).href, name]));
  const here = nameOf.get(location.href.split(/[?#]/)[0]);
  const links = [...document.querySelectorAll(".bd-sidenav a, .bd-article dt a")]
    .map((link) => [link, nameOf.get(link.href.split("#")[0])])
    .filter(([, name]) => name);

  function draw() {
    for (const [link, name] of links) {
      link.querySelectorAll(".progress-mark, .visually-hidden").forEach((e) => e.remove());
      link.classList.add("has-progress");
      link.append(...mark(name));
    }
    goOn();
  }

  /** On the first page: where the reader left off, and a way to forget it all. */
  const box = document.querySelector(".reading");
  const first = box?.querySelector(".reading-continue").textContent;
  function goOn() {
    if (!box) return;
    const { last } = kept(READING);
    const line = box.querySelector(".reading-continue");
    line.textContent = last?.page in PAGES ? "Continue: " : first;
    if (!(last?.page in PAGES)) return;
    const link = document.createElement("a");
    link.href = `${root}${last.page}.html${last.place ? `#${last.place}` : ""}`;
    link.textContent = [last.title, last.heading].filter(Boolean).join(": ");
    line.append(link);
  }

  box?.querySelector(".reading-clear").addEventListener("click", () => {
    const question = "Forget what you have read and all your answers on these pages?";
    if (!confirm(question)) return;
    try {
      [READING, ANSWERS].forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing was kept, then.
    }
    draw();
    box.querySelector("[role=status]").textContent = "Your progress is cleared.";
  });

  const wordsOf = (heading) => heading?.firstChild?.textContent.trim() ?? "";

  /** The last thing of a section that can be seen. */
  function endOf(section) {
    let end = section.lastElementChild;
    while (end && !end.offsetHeight) end = end.previousElementSibling;
    return end?.tagName === "SECTION" ? endOf(end) : end ?? section;
  }

  function watch() {
    const title = document.querySelector("article h1");
    const sections = [...document.querySelectorAll("article > section > section[id]")];
    const ids = sections.map((section) => section.id);
    const waiting = new Map();
    const observer = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        clearTimeout(waiting.get(target));
        if (isIntersecting) waiting.set(target, setTimeout(note, LOOKED_AT, target));
      }
    });
    function note(end) {
      observer.unobserve(end);
      const pages = kept(READING).pages ?? {};
      const id = end.closest("article > section > section").id;
      const seen = ids.filter((one) => one === id || pages[here]?.seen.includes(one));
      keep({ pages: { ...pages, [here]: { seen, of: ids.length } } });
      draw();
    }
    sections.forEach((section) => observer.observe(endOf(section)));
    addEventListener("pagehide", () => {
      const now = sections.findLast((section) =>
        section.getBoundingClientRect().top < innerHeight / 2);
      keep({ last: { page: here, title: wordsOf(title), place: now?.id ?? "",
        heading: wordsOf(now?.querySelector("h2")) } });
    });
  }

  draw();
  if (here) watch();
  addEventListener("storage", draw); // another tab has read on
  document.addEventListener("bp-saved", draw); // an exercise of this page is done
})();
