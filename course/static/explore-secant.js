// A step along a loss: what its slope predicts, and what happens.

import { h } from "./dom.js";
import { goalList, pushButton, question, sliderRow, tickBox } from "./explore-parts.js";
import { dragged, fitted, shortest, significant } from "./explore-plot.js";
import { percent, secantPicture, tryTable } from "./explore-secant-picture.js";
import { forward, mse } from "./network.js";

const LEAST = 1e-4; // of the steps

export function secantView(place, data, say) {
  const { rate, widest, limits } = data;
  const [w0, w1] = data.w;
  const before = data.loss;
  let step = data.start;
  let shown = false; // what happens at this h
  let right = 0; // predictions in the reader's own hand
  let misses = 0;
  let near = false; // the picture follows h

  const lossAt = (w) => mse(forward({ layers: [
    { W: [[w], [w1]], b: [data.b], f: "sigmoid" }] }, [data.x]).A[0], [[data.t]]).L;
  const free = () => right >= 2;
  const look = () => {
    const predicted = rate * step;
    const actual = lossAt(w0 + step) - before;
    return { step, predicted, actual, gap: predicted - actual,
      share: Math.abs((predicted - actual) / actual) };
  };

  const goals = goalList([
    "Predict the change of the loss for two steps of your own choice.",
    "Find the largest step whose prediction is off by at most 1\u00a0% of the actual change.",
    "Halve the step: how many times as small does the gap get?",
  ]);
  const slider = sliderRow({ label: "step h", low: -widest, high: widest, step: 0.01,
    least: LEAST, say }, move);
  const picture = h("div", { class: "bx-wide" });
  const table = tryTable();
  const predict = question("", "Compare", compare, say);
  const factor = question("The gap gets smaller by a factor of about", "Answer", judge, say);
  const closer = tickBox("Look closer", (on) => { near = on; draw(); });
  const buttons = h("p", { class: "bx-buttons" },
    pushButton("Halve h", () => move(step / 2, true)),
    pushButton("Turn h round", () => move(-step, true)), closer.root);
  factor.root.hidden = true;
  place.append(goals.root, picture, slider.root, buttons, predict.root, factor.root,
    say.line, table.root);

  function move(value, settled) {
    if (Math.abs(value) < LEAST) { // no step at all, or one too small to tell
      if (settled) slider.set(step);
      return;
    }
    const changed = value !== step;
    step = value;
    misses = changed ? 0 : misses;
    shown = free() || (shown && !changed);
    draw();
    if (settled && free()) settle();
    else if (changed && !free() && settled) say("A new step: predict first, then compare.");
  }

  function compare(value) {
    const want = rate * step;
    const is = (wrong) => Math.abs(value - wrong) <= 0.02 * Math.abs(wrong);
    if (is(want)) {
      shown = true;
      right += table.has(step) ? 0 : 1;
      if (right === 2) goals.done(0);
      const { actual, gap, share } = look();
      draw();
      table.add(look());
      if (free()) slider.focus(); // the question is gone
      say(`Predicted ${significant(want)}, in fact ${significant(actual)}: a gap of ${significant(Math.abs(gap))}, or ${percent(share)} of what happened. ${free()
        ? "You know how it goes; from here on the product is computed for you. Now move h." : "Now take quite another step, and predict again."}`, "right");
      return;
    }
    misses += 1;
    const hint = [
      [-want, `Look at the sign: the rate is negative, and h is ${step > 0 ? "positive" : "negative"}.`],
      [rate, "That is the rate, the change for one whole unit of w_u. Your step is h units."],
      [rate / step, "A rate is a change for each unit: for a step of h units, multiply."],
      [look().actual, "That is what will happen. Here the question is what the slope alone predicts."],
      [before + want, "That would be the new loss. By how much does it change?"],
    ].find(([wrong]) => is(wrong))?.[1] ?? "The slope predicts a straight line: so much for each unit, h units.";
    say(misses < 3 ? hint : `Rate times step: ${significant(rate, 4)} · ${shortest(step)} = ${significant(want)}.`, "wrong");
  }

  /** The reader has taken a step, and the product is computed. */
  function settle() {
    const { predicted, actual, gap, share } = look();
    const last = table.add(look());
    const limit = limits[step < 0 ? 0 : 1];
    const halved = last && Math.abs(last.step / step - 2) < 1e-9
      ? ` The gap is ${significant(Math.abs(gap), 2)}; with twice the step it was ${significant(Math.abs(last.gap), 2)}.` : "";
    const found = share <= data.share && Math.abs(step) > 0.95 * Math.abs(limit);
    if (found && !goals.isDone(1)) {
      goals.done(1);
      factor.root.hidden = false;
      say(`Found: up to about ${significant(limit, 2)} the prediction is off by 1\u00a0% at most. Last, halve h a few times, and watch the column “gap”.`, "right");
      return;
    }
    say(`Predicted ${significant(predicted)}, in fact ${significant(actual)}: off by ${percent(share)}.${halved}${goals.isDone(1) ? "" : share <= data.share ? " Near enough. Can h be larger?" : " More than 1\u00a0%: a smaller step?"}`);
  }

  function judge(value) {
    if (Math.abs(value - 4) <= 0.3) {
      goals.done(2);
      say("Yes. With half the step the change itself is about half, but the gap is a quarter. So the smaller the step, the less the gap matters beside the change: that is what makes a slope worth having.", "right");
    } else {
      say(Math.abs(value - 2) < 0.3
        ? "Two is what the change shrinks by. Divide a number of the column “gap” by the one below it."
        : "Take two rows of the table, the second with half the h of the first, and divide their gaps.", "wrong");
    }
  }

  function draw() {
    slider.set(step);
    predict.root.hidden = free();
    predict.ask(`predicted change of the loss for h = ${shortest(step)}`);
    redraw?.();
  }

  let redraw = null;
  let scale = null;
  fitted(picture, (width) => {
    redraw = () => {
      const drawn = secantPicture(width, { w0, rate, before, lossAt, widest, near, shown, ...look() });
      scale = drawn.scale;
      picture.replaceChildren(...drawn.parts);
    };
    redraw();
  });
  dragged(picture, () => scale, (w, settled) => {
    const fine = near ? 1e-4 : 0.01; // what a pixel can tell
    const to = Math.max(-widest, Math.min(widest, Math.round((w - w0) / fine) * fine));
    move(Number(to.toFixed(6)), settled);
  });
  draw();
  say("Start with h = 1, or with a step that you like better.");
}
