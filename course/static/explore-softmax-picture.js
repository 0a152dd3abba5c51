// Bars of z, p and dz, one row a class.

import { svg } from "./dom.js";
import { fixed, picture, shortest, words } from "./explore-plot.js";

const HEAD = 26;
const ROOMY = 480; // from this width on numbers stand beside their bars, not above
const NUMBER = 54;

/** NumPy's words for what is no number. */
export const numeral = (x, digits = 3) => Number.isNaN(x) ? "nan"
  : Number.isFinite(x) ? fixed(x, digits) : x > 0 ? "inf" : "−inf";

/** `state`: z, p, dz, right, slider, open (whether dz is seen), kept (earlier p). */
export function softmaxPicture(width, state) {
  const { z, p, dz, right, slider, open, kept } = state;
  const roomy = width >= ROOMY;
  const row = roomy ? 34 : 46;
  const height = HEAD + row * z.length + 24;
  const root = picture(width, height, spokenBars(state));
  const left = 26;
  const gap = roomy ? 24 : 12;
  const room = (width - left - 2 * gap) / 3;
  const sum = (numbers) => `Σ = ${numeral(numbers.reduce((total, v) => total + v, 0), 2)}`;
  const columns = [
    { name: roomy ? "logits z" : "z", role: "data", values: z, range: [-slider, slider],
      text: shortest, below: "" },
    { name: roomy ? "probabilities p" : "p", role: "activation", values: p, range: [0, 1],
      text: numeral, below: sum(p), marks: kept },
    { name: roomy ? "blame dz" : "dz", role: "gradient", values: open ? dz : z.map(() => null),
      range: [-1, 1], text: numeral, below: open ? sum(dz) : "" },
  ];
  const middle = roomy ? row / 2 : 31;
  z.forEach((_, k) => {
    const top = HEAD + k * row;
    if (k === right) {
      root.append(svg("rect", { class: "bx-band", x: 0, y: top, width, height: row - 2, rx: 4 }));
    }
    root.append(words(k === right ? `${k} ✓` : String(k), 2, top + middle + 3,
      { class: `bx-text${k === right ? " bx-bold" : ""}` }));
  });
  columns.forEach((column, i) => {
    const x = left + i * (room + gap) + 6;
    root.append(words(column.name, x, 14, { class: `bx-text bx-${column.role}` }),
      words(column.below, x + room - 6, height - 4, { "text-anchor": "end" }),
      ...column.values.flatMap((value, k) => bar(column, value, column.marks?.[k],
        { x, room: room - 6, top: HEAD + k * row, row, roomy, middle })));
  });
  return root;
}

/** One bar with its zero, its number and, perhaps, the mark of a kept value. */
function bar({ role, range: [low, high], text }, value, mark, { x, room, top, row, roomy, middle }) {
  const span = roomy ? room - NUMBER : room;
  const at = (v) => x + ((Math.min(Math.max(v, low), high) - low) / (high - low)) * span;
  const y = top + middle - 9;
  const parts = [svg("path", { class: "bx-axis", d: `M${at(0)} ${y - 3}v22` })];
  const known = value !== null && Number.isFinite(value);
  if (known) {
    const [from, to] = [at(0), at(value)].sort((a, b) => a - b);
    parts.push(svg("rect", { class: `bx-fill bx-${role}`, x: from, y,
      width: Math.max(to - from, 1), height: 16 }));
  }
  if (mark !== undefined) parts.push(svg("path", { class: "bx-mark", d: `M${at(mark)} ${y - 4}v24` }));
  parts.push(words(value === null ? "?" : text(value), x + room, roomy ? top + row / 2 + 3.5 : top + 15,
    { class: `bx-text${value === null || known ? "" : " bx-bold"}`, "text-anchor": "end" }));
  return parts;
}

/** The same in words. */
function spokenBars({ z, p, dz, right, open, kept }) {
  const each = z.map((v, k) => `class ${k}${k === right ? ", the right one" : ""}: z ${shortest(v)}, p ${numeral(p[k])}, dz ${open ? numeral(dz[k]) : "masked"}`);
  return `Bars for three classes. ${each.join("; ")}.${kept ? ` Kept: p ${kept.map((v) => numeral(v)).join(", ")}.` : ""}`;
}
