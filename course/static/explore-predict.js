// Be the network: the reader computes what its neurons compute.

import { h } from "./dom.js";
import { knobs } from "./explore-knobs.js";
import { goalList, pickOne, question } from "./explore-parts.js";
import { fitted, fixed, shortest } from "./explore-plot.js";
import { NEURONS, networkPicture } from "./explore-predict-picture.js";
import { forward, sigmoid } from "./network.js";

const called = (n) => (n === 3 ? "the output" : NEURONS[n]);
const NEAR = { z: 0.006, a: 0.03 }; // an a may be estimated

export function predictView(place, data, say) {
  const net = structuredClone({ W1: data.W1, b1: data.b1, W2: data.W2, b2: data.b2 });
  const state = { net, x: [...data.X[data.shown]], open: [0, 0, 0, 0], chosen: 0, lit: [], edge: null };
  let misses = 0;
  let redraw = null;

  const run = (X) => forward({ layers: [
    { W: net.W1, b: net.b1, f: "tanh" }, { W: net.W2, b: net.b2, f: "sigmoid" }] }, X);
  function compute() {
    const { Z, A } = run([state.x]);
    state.z = [...Z[0][0], Z[1][0][0]];
    state.a = [...A[0][0], A[1][0][0]];
  }
  const all = () => state.open.every((count) => count === 2);

  const goals = goalList([
    "Say all eight numbers that image 6 makes, from left to right.",
    "For two knobs (a weight, a bias or an input), say which neurons they reach.",
    "Move one single weight or bias so that three of the four images are answered rightly.",
  ]);
  const picture = h("div", { class: "bx-wide" });
  const neuron = pickOne("neuron", NEURONS, choose);
  const ask = question("", "Compare", compare, say);
  const later = knobs(data, state, { run, goals, say, changed: draw });
  place.append(goals.root, picture, neuron.root, ask.root, later.root, say.line, later.table);

  function choose(n) {
    state.chosen = n;
    misses = 0;
    draw();
  }

  const stage = () => "za"[state.open[state.chosen]];

  function compare(value, field) {
    const n = state.chosen;
    if (n === 3 && state.open.slice(0, 3).some((count) => count < 2)) {
      say("The output has three inputs, the hidden neurons' a. It can be computed when all three are known.", "wrong");
      return;
    }
    const what = stage();
    const off = Math.abs(value - state[what][n]);
    if (off > NEAR[what]) {
      misses += 1;
      say(`Off by ${fixed(off, off < 0.1 ? 3 : 2)}. ${misses > 2 ? spelled(n, what) : hint(value, n, what)}`, "wrong");
      return;
    }
    state.open[n] += 1;
    misses = 0;
    field.value = "";
    const told = `${what} of ${called(n)} is ${fixed(state[what][n], 3)}${off < 0.0006 ? "" : `; yours was ${fixed(off, 3)} off`}.`;
    if (state.open[n] === 2 && !all()) state.chosen = state.open.findIndex((count) => count < 2);
    say(`${told} ${remark(n, what)}`, "right");
    if (all()) {
      goals.done(0);
      later.open();
    }
    draw();
    if (all()) later.focus();
  }

  function hint(value, n, what) {
    const { x, z, a } = state;
    const is = (wrong) => Math.abs(value - wrong) < 0.006;
    const { inputs, weights, bias } = into(n);
    const sum = (numbers) => numbers.reduce((total, v, i) => total + v * weights[i], bias);
    const others = NEURONS.findIndex((_, m) => m !== n && m < 3 && is(state[what][m]));
    const slips = what === "z" ? [
      [bias && is(z[n] - bias), "The bias is missing: it stands under the neuron."],
      [bias && is(z[n] - 2 * bias), "The bias is added with its sign."],
      [is(inputs.reduce((total, v, i) => total + v * Math.abs(weights[i]), bias)), "A dashed edge has a negative weight."],
      [n === 3 && is(sum(z.slice(0, 3))), "What leaves a hidden neuron is its a, not its z."],
      [n < 3 && is(x[0] + x[1] + bias), "Each input is multiplied by the weight on its edge."],
    ] : [
      [is(z[n]) && Math.abs(z[n]) > 0.05, "That is z. The neuron squeezes it before it hands it on."],
      [n < 3 && is(sigmoid(z[n])), "That is σ(z). The hidden neurons squeeze with tanh."],
      [n === 3 && is(Math.tanh(z[n])), "That is tanh(z). The output squeezes with σ."],
      [is(-a[n]), "Look at the sign: tanh keeps that of z."],
    ];
    return slips.find(([hit]) => hit)?.[1]
      ?? (others >= 0 ? `That is ${what} of ${NEURONS[others]}; each neuron has weights of its own.`
        : what === "z" ? "Every input times the weight on its edge, added up, plus the bias."
          : n < 3 ? "For small z, tanh(z) is nearly z; tanh(½) is about 0.46, tanh(1) 0.76, tanh(2) 0.96."
            : "σ is ½ at 0, about 0.27 at −1, 0.12 at −2, and 1 minus that on the other side.");
  }

  /** What leads into a neuron. */
  function into(n) {
    return n < 3
      ? { inputs: state.x, weights: net.W1.map((row) => row[n]), bias: net.b1[n] }
      : { inputs: state.a.slice(0, 3), weights: net.W2.map((row) => row[0]), bias: net.b2[0] };
  }

  function spelled(n, what) {
    const { inputs, weights, bias } = into(n);
    const signed = (w) => (w < 0 ? `(${shortest(w)})` : shortest(w));
    return what === "z"
      ? `${inputs.map((v, i) => `${shortest(Number(v.toFixed(4)))} · ${signed(weights[i])}`).join(" + ")} + ${signed(bias)} = ${fixed(state.z[n], 3)}`
      : `${n < 3 ? "tanh" : "σ"}(${fixed(state.z[n], 3)}) = ${fixed(state.a[n], 3)}`;
  }

  function remark(n, what) {
    if (what === "z") return n < 3 ? "Now tanh of it." : "Now σ of it: the answer.";
    if (all()) return "Below ½: no, not exactly one stroke. That is right. Now see what moves it.";
    if (n === 1 && state.open[0] === 2) return "Neurons 0 and 1 have opposite weights, so they say opposite things, and the output adds them.";
    return "";
  }

  function draw() {
    compute();
    neuron.set(state.chosen);
    neuron.root.hidden = all();
    ask.root.hidden = all();
    const what = stage();
    if (what) ask.ask(`${what} of ${called(state.chosen)}, ${what === "z" ? "to 2 decimals" : "roughly"}`);
    redraw?.();
  }

  compute();
  fitted(picture, (width) => {
    redraw = () => picture.replaceChildren(networkPicture(width, state, (n) => !all() && choose(n)));
    redraw();
  });
  draw();
  say("Begin with neuron 0. Each edge has its weight, a dashed one a negative weight; b is the bias.");
}
