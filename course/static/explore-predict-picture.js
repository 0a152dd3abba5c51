// The 2-3-1 network with its numbers; what is not predicted yet is a "?".

import { svg } from "./dom.js";
import { fixed, picture, shortest, words } from "./explore-plot.js";

const BOX = { width: 76, height: 42 };
const ROOMY = 460; // from this width on all weights are written, not those chosen alone
export const NEURONS = ["neuron 0", "neuron 1", "neuron 2", "output"];

/**
 * `state`: x, net, z and a of the four neurons, open (0 to 2 each), which is chosen;
 * later, which are lit, and the knob's own mark.
 */
export function networkPicture(width, state, choose) {
  const height = 290;
  const root = picture(width, height, spokenNetwork(state));
  const inputs = [0, 1].map((i) => [30, height * (i ? 0.7 : 0.3)]);
  const hidden = [0, 1, 2].map((j) => [width * 0.49, height * (j + 0.5) / 3]);
  const output = [width - BOX.width / 2 - 2, height / 2];
  const { W1, b1, W2, b2 } = state.net;
  const edges = [
    ...hidden.flatMap((to, j) => inputs.map((from, i) =>
      ({ from: [from[0] + 29, from[1]], to: [to[0] - BOX.width / 2, to[1]],
        w: W1[i][j], key: `W1 ${i} ${j}`, neuron: j, at: width < ROOMY ? 0.6 : 0.72 }))),
    ...hidden.map((from, j) =>
      ({ from: [from[0] + BOX.width / 2, from[1]], to: [output[0] - BOX.width / 2, output[1]],
        w: W2[j][0], key: `W2 ${j} 0`, neuron: 3, at: 0.4 })),
  ];
  const own = ({ key, neuron }) => (state.edge ? key === state.edge : neuron === state.chosen);
  edges.sort((a, b) => own(a) - own(b)); // the chosen ones on top
  root.append(
    ...edges.map((edge) => edgeLine(edge, own(edge))),
    ...edges.filter((edge) => own(edge) || width >= ROOMY).map(weightText),
    ...inputs.map((at, i) => inputBox(at, "uℓ"[i], state.x[i], state.edge === `x ${i}`)),
    ...[...hidden, output].map((at, n) =>
      neuronBox(at, n, [...b1, ...b2][n], state, choose)));
  return root;
}

function edgeLine({ from, to, w }, chosen) {
  return svg("path", { class: `bx-edge bx-parameter${chosen ? " bx-chosen" : ""}`,
    d: `M${from.join(" ")}L${to.join(" ")}`, "stroke-width": 1 + Math.min(Math.abs(w), 4),
    "stroke-dasharray": w < 0 ? "5 4" : "none" });
}

function weightText({ from, to, w, at }) {
  const [x, y] = [0, 1].map((k) => from[k] + at * (to[k] - from[k]));
  return words(shortest(w), x, y + 4.5,
    { class: "bx-text bx-halo bx-parameter", "text-anchor": "middle" });
}

function inputBox([x, y], name, value, knob) {
  return svg("g", { class: knob ? "bx-chosen" : "" },
    svg("rect", { class: "bx-node", x: x - 29, y: y - 21, width: 58, height: 42 }),
    words(name, x, y - 4, { "text-anchor": "middle" }),
    words(shortest(Number(value.toFixed(4))), x, y + 14, { "text-anchor": "middle" }));
}

function neuronBox([x, y], n, b, { z, a, open, chosen, lit, edge }, choose) {
  const line = (name, value, isOpen, at) => [
    words(name, x - 29, at, { class: "bx-text bx-activation" }),
    words(isOpen ? fixed(value, 3) : "?", x + 30, at, { "text-anchor": "end" })];
  const group = svg("g", { class: `bx-neuron${n === chosen || lit.includes(n) ? " bx-chosen" : ""}` },
    words(NEURONS[n], x, y - BOX.height / 2 - 6, { class: "bx-text bx-quiet", "text-anchor": "middle" }),
    svg("rect", { class: "bx-node", x: x - BOX.width / 2, y: y - BOX.height / 2,
      width: BOX.width, height: BOX.height, rx: 14 }),
    ...line("z", z[n], open[n] > 0, y - 4), ...line("a", a[n], open[n] > 1, y + 14),
    words(`b ${shortest(b)}`, x, y + BOX.height / 2 + 16,
      { class: `bx-text bx-parameter${edge === (n < 3 ? `b1 ${n}` : "b2 0") ? " bx-bold" : ""}`,
        "text-anchor": "middle" }));
  group.addEventListener("click", () => choose(n));
  return group;
}

/** The same in words. */
function spokenNetwork({ x, net, z, a, open, chosen }) {
  const list = (numbers) => numbers.map(shortest).join(", ");
  const neuron = (name, n) => {
    const weights = n < 3 ? net.W1.map((row) => row[n]) : net.W2.map((row) => row[0]);
    const bias = n < 3 ? net.b1[n] : net.b2[0];
    return `${name}${n === chosen ? ", chosen" : ""}: weights ${list(weights)}, bias ${shortest(bias)}, ${open[n] ? `z ${fixed(z[n], 3)}` : "z masked"}, ${open[n] > 1 ? `a ${fixed(a[n], 3)}` : "a masked"}.`;
  };
  return `A network. Inputs: u ${shortest(x[0])}, ℓ ${shortest(x[1])}. ${NEURONS.map(neuron).join(" ")}`;
}
