// Matrices as tables, with a column lit; products with bars, and their sum.

import { h, rich, svg } from "./dom.js";
import { spoken } from "./explore-parts.js";
import { fixed } from "./explore-plot.js";

const BAR_SIZE = [120, 16];
const MATRIX_DIGITS = 4;

/** A matrix: `lit(n, k)` says which numbers stand out, `cell` may replace them. */
export function numberTable({ name, rows, corner = "", numbers, lit, role, cell = (text) => text }) {
  const columns = numbers[0].map((_, k) => k);
  return h("table", { class: "bx-table bxe-matrix" },
    h("caption", {}, ...rich(name), ` (${numbers.length}, ${columns.length})`),
    h("thead", {}, h("tr", {}, h("td", {}, corner), columns.map((k) => h("th", { scope: "col" }, String(k))))),
    h("tbody", {}, numbers.map((row, n) => h("tr", {}, h("th", { scope: "row" }, rows[n]),
      row.map((x, k) => h("td", { class: lit(n, k) ? `bxe-lit bx-${role}` : null },
        cell(fixed(x, MATRIX_DIGITS), n, k)))))));
}

/** The N products of an entry, each with a bar, and their sum. */
export function productTable({ title, rows, corner, inputs, blames }) {
  const products = inputs.map((x, n) => x * blames[n]);
  const sum = products.reduce((a, b) => a + b);
  const largest = Math.max(...products.map(Math.abs), Math.abs(sum));
  const line = (head, made, x, kind) => h("tr", { class: kind }, h("th", { scope: "row" }, head),
    h("td", { class: "bxe-made" }, made), h("td", {}, fixed(x, MATRIX_DIGITS)),
    h("td", { class: "bxe-bar" }, productBar(x / largest)));
  return h("table", { class: "bx-table bxe-products" },
    h("caption", {}, `${spoken(title)}, summed over the images`),
    h("thead", {}, h("tr", {}, h("td", {}, corner), h("th", { scope: "col" }, "input · blame"),
      h("th", { scope: "col" }, "product"), h("td", {}))),
    h("tbody", {}, rows.map((row, n) => line(row,
      `${fixed(inputs[n], MATRIX_DIGITS)} · ${factor(blames[n])}`, products[n], null)),
    line("sum", "", sum, "bxe-sum")));
}

/** A number as the second factor of a product. */
const factor = (x) => (x < 0 ? `(${fixed(x, MATRIX_DIGITS)})` : fixed(x, MATRIX_DIGITS));

/** A bar from the middle to the left or to the right, for −1 to 1. */
function productBar(share) {
  const [width, height] = BAR_SIZE;
  const middle = width / 2;
  const length = Math.abs(share) * (middle - 2);
  return svg("svg", { class: "bx-gradient", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    svg("path", { class: "bx-axis", d: `M${middle} 0V${height}` }),
    svg("rect", { x: share < 0 ? middle - length : middle, y: 3, width: length,
      height: height - 6, fill: "var(--mark)" }));
}
