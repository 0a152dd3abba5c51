// A tiny dense network, as `backprop` computes it; a test holds the two equal.
//
// Matrices are arrays of rows, and examples are rows: X (N, D_in), W (D_in, D_out),
// b (D_out). A network is { layers: [{ W, b, f }] }, f a name in ACTIVATIONS.

/** Each with its slope f′ at z, where a = f(z). */
const ACTIVATIONS = {
  tanh: { f: Math.tanh, slope: (z, a) => 1 - a * a },
  relu: { f: (z) => Math.max(z, 0), slope: (z) => (z > 0 ? 1 : 0) },
  sigmoid: { f: sigmoid, slope: (z, a) => a * (1 - a) },
  none: { f: (z) => z, slope: () => 1 },
};

export function sigmoid(z) {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z); // exp(−z) would overflow
  return e / (1 + e);
}

export const transposed = (A) => A[0].map((_, j) => A.map((row) => row[j]));

export const product = (A, B) => A.map((row) => B[0].map((_, j) =>
  row.reduce((sum, a, i) => sum + a * B[i][j], 0)));

const mapped = (A, f) => A.map((row, n) => row.map((a, j) => f(a, n, j)));
const columnSums = (A) => A[0].map((_, j) => A.reduce((sum, row) => sum + row[j], 0));

/** Z and A of each layer, in order; with X, all that `backward` needs. */
export function forward({ layers }, X) {
  const cache = { X, Z: [], A: [] };
  let input = X;
  for (const { W, b, f } of layers) {
    const Z = mapped(product(input, W), (z, n, j) => z + b[j]);
    input = mapped(Z, ACTIVATIONS[f].f);
    cache.Z.push(Z);
    cache.A.push(input);
  }
  return cache;
}

/** From dY, the gradient of the network's output, to those of every layer. */
export function backward({ layers }, { X, Z, A }, dY) {
  const found = { dW: [], db: [], dZ: [], dX: null };
  let dA = dY;
  for (let k = layers.length - 1; k >= 0; k -= 1) {
    const { slope } = ACTIVATIONS[layers[k].f];
    const dZ = mapped(dA, (d, n, j) => d * slope(Z[k][n][j], A[k][n][j]));
    found.dZ.unshift(dZ);
    found.dW.unshift(product(transposed(k ? A[k - 1] : X), dZ));
    found.db.unshift(columnSums(dZ));
    dA = product(dZ, transposed(layers[k].W));
  }
  found.dX = dA;
  return found;
}

/** Mean of (Y − T)² over all N·K numbers, and its gradient. */
export function mse(Y, T) {
  const count = Y.length * Y[0].length;
  const D = mapped(Y, (y, n, j) => y - T[n][j]);
  const L = D.flat().reduce((sum, d) => sum + d * d, 0) / count;
  return { L, dY: mapped(D, (d) => (2 * d) / count) };
}

/** Binary cross-entropy on logits, mean over all N·K numbers, and its gradient. */
export function bce(Y, T) {
  const count = Y.length * Y[0].length;
  const each = mapped(Y, (z, n, j) => // softplus(z) − t z
    Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - T[n][j] * z);
  const L = each.flat().reduce((sum, l) => sum + l, 0) / count;
  return { L, dY: mapped(Y, (z, n, j) => (sigmoid(z) - T[n][j]) / count) };
}

/** Softmax of one row of logits; the largest is subtracted before exp. */
export function softmax(z) {
  const top = Math.max(...z);
  const powers = z.map((v) => Math.exp(v - top));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}

/** logsumexp of one row of logits. */
export function logsumexp(z) {
  const top = Math.max(...z);
  return top + Math.log(z.reduce((sum, v) => sum + Math.exp(v - top), 0));
}

/** Softmax and cross-entropy, t the number of each row's class; mean over N. */
export function softmaxCrossEntropy(Y, t) {
  const L = Y.reduce((sum, z, n) => sum + logsumexp(z) - z[t[n]], 0) / Y.length;
  const dY = Y.map((z, n) => softmax(z).map((p, k) => (p - (k === t[n])) / Y.length));
  return { L, dY };
}
