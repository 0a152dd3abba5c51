// What the views are made of: labelled native controls, questions, goals.

import { h, parseNumber, rich } from "./dom.js";
import { shortest } from "./explore-plot.js";

let count = 0; // two views of one explorer must not share ids

export const freshId = () => `bx-${(count += 1)}`;

export const pushButton = (text, onclick) => h("button", { type: "button", onclick }, text);

/** Text without the signs that `rich` reads. */
export const spoken = (text) => text.replaceAll("`", "").replaceAll("_", " ");

/**
 * A slider with a field for the same number. `changed(value, settled)` hears of
 * every move; the field takes what lies between the slider's steps, too, and
 * numbers of up to `widest` in size. None is smaller in size than `least`.
 */
export function sliderRow(settings, changed) {
  const { label, low, high, step, least = 0, widest = null, say = () => {} } = settings;
  const id = freshId();
  const range = h("input", { type: "range", min: low, max: high, step,
    "aria-label": `${spoken(label)}, slider`,
    oninput: () => changed(Number(range.value), false),
    onchange: () => changed(Number(range.value), true) });
  const field = h("input", { id, type: "text", size: "7", autocomplete: "off",
    spellcheck: "false", inputmode: "text", onchange: typed });
  let shown = 0;

  function typed() {
    const value = parseNumber(field.value);
    const [from, to] = widest === null ? [low, high] : [-widest, widest];
    const within = value !== null && value >= from && value <= to && Math.abs(value) >= least;
    field.toggleAttribute("aria-invalid", !within);
    // Enter and then leaving the field are two events for one number.
    if (within && value !== shown) changed(value, true);
    if (!within) {
      say(`${spoken(label)}: type a number from ${shortest(from)} to ${shortest(to)}${least ? `, at least ${least} in size` : ""}.`, "wrong");
    }
  }

  onEnter(field, () => typed());
  return {
    focus: () => field.focus(),
    root: h("p", { class: `bx-slider${label.length < 5 ? " bx-short" : ""}` },
      h("label", { for: id }, ...rich(label)), range, field),
    set: (value) => {
      range.value = value;
      if (value === shown && field.value) return;
      shown = value;
      range.setAttribute("aria-valuetext", shortest(value));
      field.value = shortest(value);
      field.removeAttribute("aria-invalid");
    },
  };
}

/** A question for a number: `answered(value, field)` hears what can be read. */
export function question(label, verb, answered, say) {
  const id = freshId();
  const field = h("input", { id, type: "text", size: "10", autocomplete: "off",
    spellcheck: "false" });
  const name = h("label", { for: id }, ...rich(label));

  function submit() {
    const value = parseNumber(field.value);
    field.toggleAttribute("aria-invalid", value === null);
    if (value !== null) answered(value, field);
    else if (!field.value.trim()) say("Type a number first.", "wrong");
    else say(`“${field.value.trim()}” is not a number that can be read here. Write 0.5, -3, 1e-4 or 3/4.`, "wrong");
  }

  onEnter(field, submit);
  return {
    root: h("p", { class: "bx-question" }, name, field, pushButton(verb, submit)),
    field,
    ask: (text) => { name.replaceChildren(...rich(text)); },
  };
}

/** JupyterLab keeps Enter from doing anything by itself. */
export function onEnter(field, act) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    act();
  });
}

/** What is to be done, each with a box that `done(i)` ticks. */
export function goalList(texts) {
  const boxes = texts.map(() => h("span", { class: "bx-box", "aria-hidden": "true" }, "☐"));
  const states = texts.map(() => h("span", { class: "bx-hidden" }, "still to do: "));
  const reached = texts.map(() => false);
  return {
    root: h("ol", { class: "bx-goals" }, texts.map((text, i) =>
      h("li", {}, boxes[i], h("span", {}, states[i], ...rich(text))))),
    done: (i) => {
      reached[i] = true;
      boxes[i].textContent = "☑";
      boxes[i].classList.add("bx-reached");
      states[i].textContent = "done: ";
    },
    isDone: (i) => reached[i],
  };
}

/** A choice between named things. */
export function pickOne(label, options, chosen) {
  const id = freshId();
  const select = h("select", { id, onchange: () => chosen(Number(select.value)) },
    options.map((option, i) => h("option", { value: i }, option)));
  return {
    root: h("p", { class: "bx-question" }, h("label", { for: id }, ...rich(label)), select),
    set: (i) => { select.value = i; },
  };
}

export function tickBox(label, changed) {
  const box = h("input", { type: "checkbox", onchange: () => changed(box.checked) });
  return { root: h("label", { class: "bx-tick" }, box, h("span", {}, ...rich(label))), box };
}

/** Numbers under their names, which may carry a mark: [name, value, role, mark]. */
export function meters(cells) {
  return h("dl", { class: "bx-meters" }, cells.map(([name, value, role, mark]) =>
    h("div", { class: role ? `bx-${role}` : null },
      h("dt", {}, ...(mark ? [mark, " "] : []), ...rich(name)), h("dd", {}, value))));
}

/** What is too wide for a phone scrolls by itself, by keyboard, too. */
export const scrollBox = (label, ...children) => h("div", { class: "bx-scroll",
  role: "region", tabindex: "0", "aria-label": label,
  "data-lm-suppress-shortcuts": "true" }, ...children);
