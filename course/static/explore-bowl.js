// One step size for two axes: say what each will do, then let it walk.

import { h } from "./dom.js";
import { bowlPicture, factorLine, lossPicture } from "./explore-bowl-picture.js";
import { goalList, pickOne, pushButton, sliderRow, tickBox } from "./explore-parts.js";
import { fitted, shortest, significant } from "./explore-plot.js";

// What a factor 1 − ηc does to its axis, step after step.
const AXIS_FATES = ["choose", "goes straight to 0", "is at 0 after one step", "zigzags to 0",
  "jumps to and fro for ever", "runs away"];
const FATE_REASONS = ["", "a factor between 0 and 1 keeps the side and shrinks the distance",
  "a factor of 0 leaves nothing", "a negative factor changes the side at each step",
  "at −1 the side changes and the distance stays", "a factor below −1 makes each jump larger"];
const FATE_NEAR = 1e-9; // factors are computed, −1 is not hit by the last bit
const BOWL_GOAL = 0.02;

const BOWL_BEST = " The two factors are nearly equal in size, and neither axis holds up the " +
  "other: at η = 2/(c_1 + c_2) they are exactly so.";

const axisFate = (r) => (Math.abs(r) < FATE_NEAR ? 2 : Math.abs(r + 1) < FATE_NEAR ? 4 : r > 0 ? 1 : r > -1 ? 3 : 5);

export function bowlView(place, { c, start, steps, low, high }, say) {
  let eta = 0.05;
  let guesses = c.map(() => 0);
  let walked = false;
  let free = false;
  const met = new Set(); // fates that were predicted
  const factors = () => c.map((ci) => 1 - eta * ci);
  const walk = () => Array.from({ length: steps + 1 }, (_, k) =>
    factors().map((r, i) => start[i] * r ** k));
  const lossAt = (w) => c.reduce((sum, ci, i) => sum + 0.5 * ci * w[i] ** 2, 0);

  const goals = goalList([
    "Predict an axis that goes straight to 0, one that zigzags, and one that runs away.",
    "Find the step size at which axis 2 jumps to and fro for ever.",
    `Bring the loss below ${BOWL_GOAL} in ${steps} steps. Which two factors does it take?`]);
  const slider = sliderRow({ label: "step size η", low, high, step: 0.005 }, (value, settled) => {
    if (settled) say(free ? told() : "A new step size. What will each axis do?");
    if (value === eta) return;
    eta = value;
    walked = free;
    guesses = c.map(() => 0);
    draw();
  });
  const picks = c.map((ci, i) => pickOne(`axis ${i + 1}, c_${i + 1} = ${ci}:`, AXIS_FATES,
    (fate) => { guesses[i] = fate; }));
  const freely = tickBox("Show the walk at once, and let me move η freely", (on) => {
    free = on;
    walked = on;
    asked.hidden = on;
    draw();
    say(on ? "The walk follows η now." : "Predict first, then let it walk.");
  });
  const asked = h("div", { class: "bxw-asked" }, picks.map(({ root }) => root),
    pushButton(`Walk ${steps} steps`, answer));
  const holders = [h("div", {}), h("div", {})];
  const line = h("div", {});
  place.replaceChildren(slider.root, asked, freely.root, say.line,
    h("div", { class: "bxw-two" }, holders), line, goals.root);

  function answer() {
    const open = guesses.indexOf(0);
    if (open >= 0) {
      say(`Say first what axis ${open + 1} will do.`, "wrong");
      picks[open].root.querySelector("select").focus();
      return;
    }
    walked = true;
    const each = factors().map((r, i) => {
      const fate = axisFate(r);
      if (guesses[i] === fate) met.add(fate);
      const factor = `1 − ${shortest(eta)} · ${c[i]} = ${shortest(r)}`;
      const own = guesses[i] === fate ? ", as you said" : "";
      return `Axis ${i + 1} ${AXIS_FATES[fate]}${own}: ${factor}, and ${FATE_REASONS[fate]}.`;
    });
    draw();
    if ([1, 3, 5].every((fate) => met.has(fate))) goals.done(0);
    const right = factors().every((r, i) => guesses[i] === axisFate(r));
    say(`${each.join(" ")}${lowEnough() ? BOWL_BEST : ""}`, right ? "right" : "wrong");
  }

  const lowEnough = () => lossAt(walk().at(-1)) < BOWL_GOAL;

  function told() {
    const axes = factors().map((r, i) => `Axis ${i + 1} ${AXIS_FATES[axisFate(r)]}, factor ${shortest(r)}.`);
    const end = significant(lossAt(walk().at(-1)));
    return `${axes.join(" ")} After ${steps} steps the loss is ${end}.${lowEnough() ? BOWL_BEST : ""}`;
  }

  function draw() {
    slider.set(eta);
    picks.forEach(({ set }, i) => set(guesses[i]));
    const path = walk();
    if (walked && axisFate(factors()[1]) === 4) goals.done(1);
    if (walked && lowEnough()) goals.done(2);
    const widths = holders.map(({ clientWidth }) => clientWidth);
    if (!widths[0]) return;
    holders[0].replaceChildren(bowlPicture({ width: widths[0], c, start, path: walked ? path : [start],
      label: walked ? `The walk in the bowl with η = ${shortest(eta)}. ${told()}`
        : "The bowl from above, ten times steeper along axis 2, with the start at the right and no walk yet." }));
    holders[1].replaceChildren(lossPicture({ width: widths[1], c, steps, path: walked ? path : [],
      label: walked ? `Loss against step, logarithmic. ${told()}`
        : "Axes for the loss against the step; nothing is drawn yet." }));
    line.replaceChildren(factorLine({ width: place.clientWidth, factors: walked ? factors() : [],
      label: walked
        ? `Factors on a line: ${factors().map((r, i) => `axis ${i + 1} at ${shortest(r)}`).join(", ")}.`
        : "A line of factors: below −1 an axis runs away, up to 0 it zigzags, up to 1 it goes straight." }));
  }

  holders.forEach((holder) => fitted(holder, draw));
  draw();
  say("What will each axis do with η = 0.05?");
}
