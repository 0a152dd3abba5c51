// Softmax and its loss by two formulas that are equal on paper.

import { shortest } from "./explore-plot.js";
import { logsumexp, softmax } from "./network.js";

export const FORMULAS = [
  { name: "naive: exp(z) / Σ exp(z)", compute: naiveSoftmax },
  { name: "stable: largest z subtracted",
    compute: (z, right) => ({ p: softmax(z), loss: logsumexp(z) - z[right] }) },
];

/** As it is written down; at large z it overflows. */
export function naiveSoftmax(z, right) {
  const powers = z.map(Math.exp);
  const total = powers.reduce((sum, v) => sum + v, 0);
  const p = powers.map((v) => v / total);
  return { p, loss: -Math.log(p[right]) };
}

/** What went wrong with the numbers, in words; "" if nothing did. */
export function failure(z, { p, loss }) {
  if (p.every(Number.isFinite)) {
    return Number.isFinite(loss) ? "" : "p of the right class is so small that it has become 0, and −ln 0 is inf. The logits are ordinary numbers, and so is the true loss.";
  }
  const top = Math.max(...z);
  if (Math.exp(top) === Infinity) {
    return `exp(${shortest(top)}) is more than the largest number that fits into 64 bits: it is inf, and inf / inf is nan.`;
  }
  return top < -700 ? "All three powers are too small for 64 bits: they are 0, and 0 / 0 is nan."
    : "The sum of the powers is more than the largest number that fits into 64 bits.";
}
