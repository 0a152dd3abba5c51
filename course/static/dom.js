// Building elements, and the two ways in which text becomes more than text.

// In JupyterLab, a key pressed on one of these is a shortcut of the notebook: d
// twice on a button would delete the cell. The attribute says that it is not.
const CONTROLS = new Set(["button", "input", "select", "summary"]);
const OWN_KEYS = "data-lm-suppress-shortcuts";

/** Make an element: attributes by name, `onclick` and the like as listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  if (CONTROLS.has(tag)) element.setAttribute(OWN_KEYS, "true");
  element.append(...children.flat());
  return element;
}

/** Make an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Text in which `code` is code and w_u has an index; nothing else is markup. */
export function rich(text) {
  return text.split("`").flatMap((part, i) => (i % 2 ? h("code", {}, part) : indexed(part)));
}

function indexed(text) {
  // Letters and indices alternate with what stands between them.
  return text.split(/(?<=[A-Za-zΔα-ω])_([A-Za-z0-9ℓ]{1,2})(?![\wℓ])/)
    .map((part, i) => (i % 2 ? h("sub", {}, part) : part));
}

/** A number as people write it: -0.5, −.5, 1e-3, 3/4. Null if it is none. */
export function parseNumber(text) {
  const plain = text.trim().replaceAll("−", "-").replaceAll(/\s/g, "");
  const one = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
  const found = new RegExp(`^(${one})(?:/(${one}))?$`).exec(plain);
  if (!found) return null;
  const value = Number(found[1]) / Number(found[2] ?? 1);
  return Number.isFinite(value) ? value : null;
}
