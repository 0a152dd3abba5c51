// Three logits, their softmax, and the gradient; two formulas for the same.

import { h } from "./dom.js";
import { goalList, meters, pickOne, pushButton, sliderRow, tickBox } from "./explore-parts.js";
import { FORMULAS, failure } from "./explore-formulas.js";
import { fitted, shortest } from "./explore-plot.js";
import { numeral, softmaxPicture } from "./explore-softmax-picture.js";

export function softmaxView(place, data, say) {
  const { slider, widest, step, small } = data;
  const z = [...data.z];
  let right = data.right;
  let formula = 0;
  let open = false; // dz has been predicted
  let kept = null; // { z, p } to be matched by other logits
  let broken = false; // the naive formula has just given nan at these logits
  let redraw = null;
  let room = 0;

  const goals = goalList([
    "Gradient descent moves each logit against its dz. Say which logits go up.",
    `Make dz of the right class smaller than ${small} in size.`,
    "Find two quite different sets of logits with the same probabilities.",
    "Make the naive formula fail; then let the stable one have the same logits.",
  ]);
  const picture = h("div", { class: "bx-wide" });
  const readings = h("div");
  const ups = z.map((_, k) => tickBox(`z_${k} goes up`, () => {}));
  const predict = h("fieldset", { class: "bx-reach" },
    h("legend", {}, `The right class is ${right}. Tick the logits that a step will raise:`),
    ups.map(({ root }) => root), pushButton("Answer", answer));
  const rows = z.map((_, k) => sliderRow(
    { label: `z_${k}`, low: -slider, high: slider, widest, step, say },
    (value, settled) => move(k, value, settled)));
  const target = pickOne("right class", z.map((_, k) => `class ${k}`), (k) => {
    right = k;
    draw();
    say(`Now class ${k} is right: only its own dz is negative. The p are as they were.`);
  });
  const choice = pickOne("formula", FORMULAS.map(({ name }) => name), (i) => {
    formula = i;
    draw();
    if (broken && !failure(z, compute())) rescue();
    else report();
  });
  const keep = pushButton("Keep these p", () => {
    kept = { z: [...z], p: compute().p };
    draw();
    say(kept.p.every(Number.isFinite)
      ? "Kept, marked on the bars. Now change all three logits, and bring the p back to the marks."
      : "These are no probabilities: take other logits, or the stable formula.");
    if (!kept.p.every(Number.isFinite)) kept = null;
  });
  const controls = h("div", { hidden: true }, ...rows.map(({ root }) => root),
    target.root, choice.root, h("p", { class: "bx-buttons" }, keep,
      pushButton("As at the start", restart)));
  place.append(goals.root, picture, readings, predict, controls, say.line);

  const compute = () => FORMULAS[formula].compute(z, right);

  function answer() {
    const given = ups.flatMap(({ box }, k) => (box.checked ? [k] : []));
    if (given.length === 1 && given[0] === right) {
      open = true;
      goals.done(0);
      predict.hidden = true;
      controls.hidden = false;
      draw();
      say("Right: p − T is negative for the right class alone. The others are pushed down, each in proportion to its p, and together exactly as much: the three dz sum to zero.", "right");
      rows[0].focus();
      return;
    }
    say(!given.length ? "Something has to go up: is any p too small?"
      : given.includes(0) ? "Class 0 has the largest p, and it is not the right class. Should its p grow?"
        : given.includes(1) ? "Class 1 is wrong, however small its p. What is T for it, and so what is the sign of p − T?"
          : "One of them is missing.", "wrong");
  }

  function move(k, value, settled) {
    z[k] = value;
    broken = false;
    draw();
    if (settled) report();
  }

  function restart() {
    data.z.forEach((value, k) => { z[k] = value; });
    right = data.right;
    kept = null;
    broken = false;
    draw();
    say("The first logits again.");
  }

  function report() {
    const { p, loss } = compute();
    const failed = failure(z, compute());
    if (failed) {
      broken = true;
      say(`${failed} Choose the stable formula.`, "wrong");
    } else if (kept && matched()) {
      goals.done(2);
      say(`Yes: these are the logits you kept with ${shortest(Number((z[0] - kept.z[0]).toFixed(2)))} added to each. All powers grow by the same factor, which cancels. So one may subtract the largest logit before anything is raised to a power.`, "right");
    } else if (Math.abs(p[right] - 1) < small && !goals.isDone(1)) {
      goals.done(1);
      say(`dz is ${numeral(p[right] - 1)}, and the loss ${numeral(loss)}. It took a lead of ${shortest(z[right] - Math.max(...z.filter((_, k) => k !== right)))} over the next logit; dz is never quite zero, but the blame fades as the answer becomes right.`, "right");
    } else {
      say(`The loss is ${numeral(loss)}; dz of the right class is ${numeral(p[right] - 1)}.`);
    }
  }

  /** All three moved, by the same: not merely p near 0 and 1 in both cases. */
  function matched() {
    const moves = z.map((v, k) => v - kept.z[k]);
    return Math.min(...moves.map(Math.abs)) > 0.4 && Math.max(...moves) - Math.min(...moves) < 0.01;
  }

  function rescue() {
    broken = false;
    goals.done(3);
    const { p, loss } = compute();
    say(`The same logits: p is ${p.map((v) => numeral(v)).join(", ")}, the loss is ${numeral(loss, 1)}. Nothing larger than exp(0) = 1 was computed.`, "right");
  }

  function draw() {
    const { p, loss } = compute();
    const dz = p.map((v, k) => v - (k === right));
    rows.forEach(({ set }, k) => set(z[k]));
    target.set(right);
    choice.set(formula);
    readings.replaceChildren(meters([
      ["loss −ln p_t", numeral(loss), "loss", null],
      ["dz of the right class", open ? numeral(dz[right]) : "?", "gradient", null],
    ]));
    redraw = (width) => picture.replaceChildren(softmaxPicture(width,
      { z, p, dz, right, slider, open, kept: kept?.p }));
    if (room) redraw(room);
  }

  fitted(picture, (width) => {
    room = width;
    redraw(width);
  });
  draw();
  say("Look at the p, and at which class is right.");
}
