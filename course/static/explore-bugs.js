// A backward pass with one bug planted, and the gradient check that may see it.

import { backward, bce, forward, product, transposed } from "./network.js";

const WIGGLE = Number.EPSILON ** (1 / 3); // as backprop.check_gradients takes it
export const GREEN = 1e-6; // a relative error below this is rounding

/** dW and db of both layers of a tanh network; an Error where NumPy would raise one. */
export function buggyGradients({ layers }, X, T, bug) {
  const cache = forward({ layers }, X);
  const { dY } = bce(cache.A[1], T);
  const found = backward({ layers }, cache, dY);
  const N = X.length;
  const over = (A) => A.map((row) => row.map((a) => a / N));
  let W = layers[1].W;
  if (bug === "updated") W = W.map((row, i) => row.map((w, j) => w - found.dW[1][i][j]));
  if (bug === "transpose") {
    if (W.length !== W[0].length) {
      throw new Error(`(${N},${W[0].length}) @ (${W.length},${W[0].length})`);
    }
    W = transposed(W);
  }
  const dA1 = product(dY, transposed(W));
  const dZ1 = dA1.map((row, n) => row.map((d, j) => {
    const a = cache.A[0][n][j];
    return d * (1 - (bug === "slope" ? Math.tanh(a) : a) ** 2);
  }));
  const rows = (A) => (bug === "last" ? A.slice(-1) : A);
  const each = [[X, dZ1], [cache.A[0], dY]];
  const dW = each.map(([input, dZ]) => product(transposed(rows(input)), rows(dZ)));
  const db = each.map(([, dZ]) => product([dZ.map(() => 1)], dZ));
  return { dW: bug === "mean" ? dW.map(over) : dW,
    db: (bug === "bias" ? db.map(over) : db).map(([row]) => row) };
}

/** Relative error of each array, ["dW1", error], by central differences. */
export function gradientCheck({ layers }, X, T, { dW, db }) {
  const net = { layers: layers.map(({ W, b, f }) => ({ W: W.map((row) => [...row]), b: [...b], f })) };
  const loss = () => bce(forward(net, X).A[1], T).L;
  const slopes = (array) => array.map((kept, i) => {
    const step = WIGGLE * Math.max(1, Math.abs(kept));
    array[i] = kept + step;
    const above = loss();
    array[i] = kept - step;
    const below = loss();
    array[i] = kept;
    return (above - below) / (2 * step);
  });
  return net.layers.flatMap(({ W, b }, k) => [
    [`dW${k + 1}`, relativeError(dW[k].flat(), W.flatMap(slopes))],
    [`db${k + 1}`, relativeError(db[k], slopes(b))]]);
}

function relativeError(derived, measured) {
  const largest = (array) => Math.max(...array.map(Math.abs));
  const apart = largest(derived.map((d, i) => d - measured[i]));
  return apart / Math.max(largest(derived), largest(measured), 1e-8);
}
