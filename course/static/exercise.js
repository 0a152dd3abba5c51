// An exercise on the screen: what is given, a control, Check, result and hints.

import { Incomplete, choice, numbers, order } from "./controls.js";
import { h, parseNumber, rich } from "./dom.js";
import { tune } from "./tune.js";

let made = 0; // two views of one exercise must not share ids

/**
 * Fill `root` with a working exercise.
 *
 * `check(round, value)` gives the result, or a promise of it. `memory` has
 * `load()`, the saved answer with its score or null, and `save(value, result)`.
 * Where the data have `noted`, that is said instead of the result.
 */
export function mount(root, data, check, memory) {
  const id = `bp-${(made += 1)}-${data.id}`;
  const saved = memory.load();
  const stand = (kept) => data.noted ? "Answered" : standing(kept);
  const done = h("span", { class: "bp-done" }, saved ? stand(saved) : "");
  const status = h("div", { class: "bp-result", role: "status" });
  const say = (...content) => status.replaceChildren(...content);
  const place = h("div", { class: "bp-round" });
  const another = h("button", { type: "button", hidden: true, onclick: next },
    "Another one");
  const button = h("button", { type: "submit", class: "bp-check" }, "Check");
  let round = 0;
  let control = null;
  let busy = false;

  function draw() {
    const { shown } = data.rounds[round];
    control = controls[data.kind](`${id}-${round}`, data, round, (text) =>
      say(h("p", {}, text)));
    place.replaceChildren(...given(shown), control.root);
  }

  function next() {
    round = (round + 1) % data.rounds.length;
    draw();
    another.hidden = true;
    say(h("p", {}, round ? "New numbers, for practice." : "The first numbers again."));
    place.querySelector("input, button, select")?.focus();
  }

  async function submit(event) {
    event.preventDefault();
    if (busy) return; // the button stays in place, so that it keeps the focus
    try {
      const value = control.value();
      busy = true;
      say(h("p", {}, "Checking …"));
      const result = await check(round, value);
      say(...(data.noted ? [h("p", {}, data.noted), ...unsaved(result)]
        : report(result, data.messages)));
      another.hidden = !(result.passed && data.rounds.length > 1);
      if (round === 0) {
        memory.save(value, result);
        done.textContent = stand(memory.load() ?? result);
      }
    } catch (error) {
      say(h("p", {}, error instanceof Incomplete ? error.message
        : `The check itself failed, which is our fault: ${error.message}`));
      if (error instanceof Incomplete) error.element.focus();
      else console.error(error);
    } finally {
      busy = false;
    }
  }

  /** Enter in a field checks; JupyterLab keeps it from doing so by itself. */
  function enter(event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change")); // what is typed counts
    event.currentTarget.requestSubmit();
  }

  draw();
  if (saved?.value !== undefined && saved.value !== null) restore(control, saved.value);
  root.replaceChildren(
    h("form", { class: "bp-panel", "aria-labelledby": `${id}-title`, novalidate: true,
      onsubmit: submit, onkeydown: enter },
    h("p", { class: "bp-title" },
      h("strong", { id: `${id}-title` }, ...rich(data.title)), " ", h("span", { class: "bp-worth" }, data.worth), " ", done),
    place, h("p", { class: "bp-buttons" }, button, " ", another), status,
    ...data.hints.map((hint, i) => h("details", {},
      h("summary", {}, data.hints.length > 1 ? `Hint ${i + 1}` : "Hint"),
      h("p", {}, ...rich(hint)))),
    ...(data.note ? [h("p", { class: "bp-note" }, data.note)] : [])),
  );
}

const controls = {
  number: (id, { fields }) => numbers(id, fields),
  choice: (id, data, round) => choice(id, data.rounds[round].options),
  order: (id, { reasons, rounds }, round, say) =>
    order(id, rounds[round].lines, reasons, say),
  tune: (id, data, round) => tune(id, data, data.rounds[round]),
  code: () => ({ root: "", value: () => null, show: () => {} }),
};

function given(shown) {
  if (!shown.length) return [];
  return [h("dl", { class: "bp-given" }, shown.map(([name, value]) =>
    h("div", { class: parseNumber(value) === null ? null : "bp-number" }, h("dt", {}, ...rich(name)), h("dd", {}, ...rich(value)))))];
}

/** An answer of an older edition may no longer fit: then the field stays empty. */
function restore(control, value) {
  try {
    control.show(value);
  } catch (error) {
    console.info("the saved answer does not fit this exercise", error);
  }
}

function standing({ score, max }) {
  return score >= max ? "Solved" : `Best so far: ${short(score)} of ${max}`;
}

/** Points may be a third: two decimals say it. */
const short = (points) => String(Number(points.toFixed(2)));

/** A result in words, the most important first. */
function report(result, messages) {
  const { score, max, passed, message, hint, properties = [], picture } = result;
  const [sign, word] = passed ? ["✓", "Right"] : score ? ["◐", "In part"] : ["✗", "Not yet"];
  const parts = properties.length > 1 ? [h("ul", {}, properties.map(
    ({ name, points, got }) => h("li", {}, `${got ? "✓" : "✗"} `, ...rich(name),
      `: ${short(got)} of ${short(points)}`)))] : [];
  const said = [messages.right, messages.wrong].includes(message) ? "" : message;
  return [
    h("p", { class: passed ? "bp-right" : "bp-wrong" },
      h("span", { "aria-hidden": "true" }, `${sign} `), h("strong", {}, `${word}:`),
      ` ${short(score)} of ${max} ${max === 1 ? "point" : "points"}.`),
    ...parts,
    ...(said ? [said.includes("\n") ? h("pre", {}, said) : h("p", {}, ...rich(said))] : []),
    ...(hint ? [h("p", {}, h("strong", {}, "Hint: "), ...rich(hint))] : []),
    ...(picture ? [h("img", { src: `data:image/png;base64,${picture.png}`,
      alt: picture.alt, width: picture.width })] : []),
    ...unsaved(result),
  ];
}

const unsaved = ({ unsaved: why }) =>
  (why ? [h("p", {}, `The answer is not saved: ${why}`)] : []);
