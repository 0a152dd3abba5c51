// Three optimizers in one valley: say who is ahead, then move through the steps.

import { h, svg } from "./dom.js";
import { pickOne, pushButton, sliderRow } from "./explore-parts.js";
import { fitted, significant } from "./explore-plot.js";
import { runnerMark, raceLosses, valleyPicture } from "./explore-race-picture.js";

const RACE_ASKED = [10, 100];

export function raceView(place, { runs }, say) {
  const last = runs[0].loss.length - 1;
  const guesses = RACE_ASKED.map(() => 0);
  const open = new Set(RACE_ASKED); // steps whose answer is still out
  let started = false;
  let step = 0;

  const leader = (k) => runs.reduce((best, run) => (run.loss[k] < best.loss[k] ? run : best));
  const names = runs.map(({ name }) => name);
  const picks = RACE_ASKED.map((k, i) => pickOne(`Ahead after ${k} steps:`, ["choose", ...names],
    (chosen) => { guesses[i] = chosen; }));
  const start = h("div", { class: "bxw-asked" }, picks.map(({ root }) => root), pushButton("Start the race", begin));
  const slider = sliderRow({ label: "steps taken", low: 0, high: last, step: 1 }, (value, settled) => {
    step = Math.round(value);
    draw();
    if (settled) answer();
  });
  slider.root.hidden = true;
  const holders = [h("div", {}), h("div", {})];
  const table = h("div", {});
  place.replaceChildren(start, slider.root, say.line, h("div", { class: "bxw-two" }, holders), table);

  function begin() {
    const missing = guesses.indexOf(0);
    if (missing >= 0) {
      say(`Say first who is ahead after ${RACE_ASKED[missing]} steps.`, "wrong");
      picks[missing].root.querySelector("select").focus();
      return;
    }
    started = true;
    start.hidden = true;
    slider.root.hidden = false;
    draw();
    const guessed = RACE_ASKED.map((k, i) => `${names[guesses[i] - 1]} after ${k} steps`);
    say(`You said: ${guessed.join(", ")}. Move the step forward.`);
    slider.root.querySelector("input").focus();
  }

  /** The first time that a step asked about is passed, say who was ahead there. */
  function answer() {
    const passed = RACE_ASKED.filter((k) => open.has(k) && step >= k);
    if (!passed.length) {
      const losses = runs.map(({ name, loss }) => `${name} ${significant(loss[step])}`);
      say(`Step ${step}: ${losses.join(", ")}. Ahead: ${leader(step).name}.`);
      return;
    }
    passed.forEach((k) => open.delete(k));
    const said = (k) => names[guesses[RACE_ASKED.indexOf(k)] - 1];
    const told = passed.map((k) => {
      const { name, loss } = leader(k);
      return `After ${k} steps ${name} is ahead, with ${significant(loss[k])}${
        said(k) === name ? ", as you said." : `; you said ${said(k)}.`}`;
    });
    say(`${told.join(" ")}${passed.includes(last) ? ` ${lesson()}` : ""}`,
      passed.every((k) => said(k) === leader(k).name) ? "right" : "wrong");
  }

  function lesson() {
    const early = leader(RACE_ASKED[0]);
    const order = [...runs].sort((a, b) => a.loss[last] - b.loss[last]).map(({ name }) => name);
    const why = early.name === order.at(-1)
      ? `The early leader, ${early.name}, is last: it was down the steep wall first, for nothing ` +
        "carried it past the floor, and it is slow along the floor, where memory pays. " : "";
    return `In the end the order is ${order.join(", ")}. ${why}In another valley it may be another.`;
  }

  function draw() {
    slider.set(step);
    const widths = holders.map(({ clientWidth }) => clientWidth);
    const at = runs.map(({ name, loss, path: { [step]: [x, y] } }) =>
      `${name} is at ${significant(x)}, ${significant(y)} with loss ${significant(loss[step])}`);
    table.replaceChildren(standings());
    if (!widths[0]) return;
    holders[0].replaceChildren(valleyPicture({ width: widths[0], runs, step: started ? step : -1,
      label: started ? `The valley from above after ${step} steps: ${at.join("; ")}.`
        : "A valley from above: from the start at the left its floor bends down, then up to the " +
          "lowest point at the right. No path is drawn yet." }));
    holders[1].replaceChildren(raceLosses({ width: widths[1], runs, step: started ? step : -1,
      label: started ? `Loss against step, logarithmic, up to step ${step}: ${at.join("; ")}.`
        : "Axes for the losses; nothing is drawn yet." }));
  }

  function standings() {
    return h("table", { class: "bx-table bxw-standings" },
      h("thead", {}, h("tr", {}, ["method", "best η", "loss now", "place"].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, runs.map((run, i) => h("tr", {},
        h("th", { scope: "row" }, svg("svg", { class: "bx-key", viewBox: "-14 -6 28 12", "aria-hidden": "true" },
          svg("path", { class: `bx-line bx-parameter bxr-${i}`, d: "M-14 0H14" }), runnerMark(i, 0, 0)), " ", run.name),
        h("td", {}, significant(run.lr)), h("td", {}, started ? significant(run.loss[step]) : "?"),
        h("td", {}, started && leader(step) === run ? "ahead" : "")))));
  }

  holders.forEach((holder) => fitted(holder, draw));
  draw();
  say("Two answers first, then the race.");
}
