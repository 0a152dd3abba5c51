// The second half of "Be the network": which neurons a knob reaches, and what one
// knob can do for the four images.

import { h } from "./dom.js";
import { pickOne, pushButton, sliderRow, tickBox } from "./explore-parts.js";
import { fixed } from "./explore-plot.js";
import { NEURONS } from "./explore-predict-picture.js";

/** Every number that can be moved: where it is, what it reaches, in words. */
function allKnobs({ net, x }) {
  const first = (i, j) => ({ name: `W1[${i}, ${j}], from ${"uℓ"[i]} to neuron ${j}`,
    short: `W1[${i}, ${j}]`, home: net.W1[i], at: j, edge: `W1 ${i} ${j}`, reach: [j, 3] });
  return [
    ...[0, 1].map((i) => ({ name: `input ${"uℓ"[i]}`, short: `input ${"uℓ"[i]}`, home: x, at: i, edge: `x ${i}`, reach: [0, 1, 2, 3], input: true })),
    ...[0, 1].flatMap((i) => [0, 1, 2].map((j) => first(i, j))),
    ...[0, 1, 2].map((j) => ({ name: `b1[${j}], of neuron ${j}`, short: `b1[${j}]`, home: net.b1, at: j, edge: `b1 ${j}`, reach: [j, 3] })),
    ...[0, 1, 2].map((j) => ({ name: `W2[${j}, 0], from neuron ${j} to the output`, short: `W2[${j}, 0]`,
      home: net.W2[j], at: 0, edge: `W2 ${j} 0`, reach: [3] })),
    { name: "b2[0], of the output", short: "b2[0]", home: net.b2, at: 0, edge: "b2 0", reach: [3] },
  ];
}

export function knobs(data, state, { run, goals, say, changed }) {
  const list = allKnobs(state);
  const start = list.map(({ home, at }) => home[at]);
  const told = new Set(); // knobs whose reach has been said
  let chosen = 4; // W1[0, 2]
  let slider = null;

  const pick = pickOne("knob", list.map(({ name }) => name), (i) => { chosen = i; show(); });
  const boxes = NEURONS.map((name) => tickBox(name, () => {}));
  const reach = h("fieldset", { class: "bx-reach" },
    h("legend", {}, "Which neurons' numbers will change when it is moved?"),
    boxes.map(({ root }) => root), pushButton("Answer", answer));
  const place = h("div");
  const table = h("table", { class: "bx-table", hidden: true });
  const again = h("p", { class: "bx-buttons" }, pushButton("All as at the start", restart));
  const root = h("div", { hidden: true }, pick.root, reach, place, again);
  const free = () => told.size >= 2;

  function show() {
    const knob = list[chosen];
    const [low, high, step] = knob.input ? [0, 1, 0.01] : [-data.widest, data.widest, data.step];
    slider = sliderRow({ label: knob.short, low, high, step, say }, move);
    slider.set(knob.home[knob.at]);
    place.replaceChildren(slider.root);
    const known = free() || told.has(chosen);
    state.chosen = null;
    state.edge = knob.edge;
    state.lit = known ? knob.reach : [];
    changed();
    place.hidden = !known;
    reach.hidden = known;
    boxes.forEach(({ box }) => { box.checked = false; });
    tabulate();
  }

  function answer() {
    const { reach: right } = list[chosen];
    const given = boxes.flatMap(({ box }, n) => (box.checked ? [n] : []));
    const missing = right.filter((n) => !given.includes(n));
    const extra = given.filter((n) => !right.includes(n));
    if (missing.length + extra.length === 0) {
      told.add(chosen);
      show();
      if (free()) goals.done(1);
      say(`Right. ${free() ? "Now all knobs are free. One of them, moved far enough, makes three answers right." : "Move it, and see. Then take a knob of another kind."}`, "right");
      slider.focus();
      return;
    }
    say(extra.length
      ? `Not ${NEURONS[extra[0]]}: no edge leads there from this knob.`
      : missing.includes(3) && given.length ? "And where does that neuron's a go?"
        : `One is missing: ${missing.length > 1 ? "more than one, even" : "follow the edges"} to the right.`, "wrong");
  }

  function move(value, settled) {
    const { home, at } = list[chosen];
    home[at] = value;
    slider.set(value);
    changed();
    tabulate();
    if (settled) report();
  }

  function restart() {
    list.forEach(({ home, at }, i) => { home[at] = start[i]; });
    show();
    say("All weights, biases and inputs are as they were.");
  }

  const answers = () => run(data.X).A[1].map(([a]) => a);
  const isRight = (a, n) => (a > 0.5) === Boolean(data.T[n]);

  function report() {
    const right = answers().filter(isRight).length;
    const moved = list.filter(({ home, at, input }, i) => !input && home[at] !== start[i]).length;
    const a = `The answer is ${fixed(state.a[3], 3)}; ${right} of 4 are right.`;
    if (!free() || right < data.most) say(a);
    else if (moved > 1) say(`${a} But ${moved} numbers are not as they were. Can one alone do it?`);
    else {
      goals.done(2);
      say(`${right} of 4, by one number. No single one of the thirteen gets all four right: several have to move, each by its own amount. How to know which, and how far, is what this book is about.`, "right");
    }
  }

  function tabulate() {
    const cells = (tag, texts) => h("tr", {}, texts.map((text, i) =>
      h(i ? tag : "th", i ? {} : { scope: tag === "th" ? "col" : "row" }, text)));
    table.replaceChildren(
      h("thead", {}, cells("th", ["", "one stroke?", "answer", "so far"])),
      h("tbody", {}, answers().map((a, n) => cells("td", [data.images[n],
        data.T[n] ? "yes" : "no", fixed(a, 3), isRight(a, n) ? "✓ right" : "✗ wrong"]))));
  }

  return {
    root,
    table,
    open: () => { root.hidden = false; table.hidden = false; pick.set(chosen); show(); },
    focus: () => root.querySelector("select").focus(),
  };
}
