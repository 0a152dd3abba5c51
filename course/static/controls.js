// One control for each kind of exercise, all of native labelled elements.
//
// A control has `root`, the element; `value()`, the answer as submission.json
// holds it (it throws `Incomplete` where there is none yet); and `show(value)`.

import { h, parseNumber, rich } from "./dom.js";

/** An answer that cannot be checked yet: says what to do, and where. */
export class Incomplete extends Error {
  constructor(message, element) {
    super(message);
    this.element = element;
  }
}

/** One text field for each number. Text, since a browser's own number field
 * drops what it cannot read without a word. */
export function numbers(id, fields) {
  const inputs = fields.map((label, i) =>
    h("input", { id: `${id}-${i}`, type: "text", autocomplete: "off",
      spellcheck: "false", size: "14" }));
  const read = (input, i) => {
    const value = parseNumber(input.value);
    input.toggleAttribute("aria-invalid", value === null);
    if (value !== null) return value;
    const given = input.value.trim();
    throw new Incomplete(given
      ? `“${given}” is not a number that can be read here. Write 0.5, -3, 1e-4 or 3/4.`
      : `Fill in ${fields[i]}.`, input);
  };
  return {
    root: h("div", { class: "bp-fields" }, inputs.map((input, i) =>
      h("p", {}, h("label", { for: input.id }, ...rich(fields[i])), input))),
    value: () => inputs.map(read),
    show: (value) => inputs.forEach((input, i) => { input.value = value[i]; }),
  };
}

/** Radio buttons; the answer is the chosen option's number. */
export function choice(id, options) {
  const inputs = options.map((_, i) =>
    h("input", { id: `${id}-${i}`, type: "radio", name: id, value: i }));
  return {
    root: h("fieldset", {}, h("legend", {}, "Choose one"), inputs.map((input, i) =>
      h("p", {}, input, h("label", { for: input.id }, ...rich(options[i]))))),
    value: () => {
      const chosen = inputs.findIndex((input) => input.checked);
      if (chosen < 0) throw new Incomplete("Choose one of the options.", inputs[0]);
      return chosen;
    },
    show: (value) => { if (inputs[value]) inputs[value].checked = true; },
  };
}

/** Lines that buttons move up and down, each with a choice of reasons. */
export function order(id, lines, reasons, say) {
  const selects = lines.map((line, i) => reasons.length
    ? h("select", { id: `${id}-${i}`, "aria-label": `Reason for: ${plain(line)}` },
      h("option", { value: "" }, "Choose the reason"),
      reasons.map((reason, j) => h("option", { value: j }, plain(reason))))
    : null);
  const list = h("ol", { class: "bp-lines" });
  const move = (item, by, button) => {
    const items = [...list.children];
    const to = items.indexOf(item) + by;
    const line = plain(lines[item.dataset.line]);
    if (to < 0 || to >= items.length) {
      say(`${line} is already ${to < 0 ? "first" : "last"}.`);
      return;
    }
    items[to][by < 0 ? "before" : "after"](item);
    button.focus(); // a moved element has lost it
    say(`${line} is now line ${to + 1} of ${items.length}.`);
  };
  const item = (i) => {
    const button = (word, by) => h("button", { type: "button",
      "aria-label": `${word}: ${plain(lines[i])}`,
      onclick: (event) => move(row, by, event.currentTarget) }, word);
    const row = h("li", { "data-line": i }, h("div", {},
      h("span", { class: "bp-line" }, ...rich(lines[i])),
      h("span", { class: "bp-moves" }, button("Up", -1), button("Down", 1)),
      ...(selects[i] ? [selects[i]] : [])));
    return row;
  };
  const items = lines.map((_, i) => item(i));
  list.append(...items);
  return {
    root: list,
    value: () => {
      const lined = [...list.children].map((row) => Number(row.dataset.line));
      const missing = lined.find((i) => selects[i] && selects[i].value === "");
      if (missing !== undefined) {
        throw new Incomplete(`Choose a reason for: ${plain(lines[missing])}`,
          selects[missing]);
      }
      if (!reasons.length) return { order: lined };
      return { order: lined, reasons: lined.map((i) => Number(selects[i].value)) };
    },
    show: ({ order: lined, reasons: given = [] }) => {
      list.append(...lined.map((i) => items[i]));
      given.forEach((reason, at) => { selects[lined[at]].value = reason; });
    },
  };
}

function plain(text) {
  return text.replaceAll("`", "");
}
