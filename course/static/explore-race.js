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
    say(`You said: ${RACE_ASKED.map((k, i) => `${names[guesses[i] - 1]} after ${k} steps`).join(", ")}. Move the step forward.`);
    slider.root.querySelector("input").focus();
  }

  /** The first time that a step asked about is passed, say who was ahead there. */
  function answer() {
    const passed = RACE_ASKED.filter((k) => open.has(k) && step >= k);
    if (!passed.length) {
      say(`Step ${step}: ${runs.map(({ name, loss }) => `${name} ${significant(loss[step])}`).join(", ")}. Ahead: ${leader(step).name}.`);
      return;
    }
    passed.forEach((k) => open.delete(k));
    const right = passed.map((k) => names[guesses[RACE_ASKED.indexOf(k)] - 1] === leader(k).name);
    const told = passed.map((k, i) => `After ${k} steps ${leader(k).name} is ahead, with ${significant(leader(k).loss[k])}${right[i] ? ", as you said." : `; you said ${names[guesses[RACE_ASKED.indexOf(k)] - 1]}.`}`);
    say(`${told.join(" ")}${passed.includes(last) ? ` ${lesson()}` : ""}`, right.every(Boolean) ? "right" : "wrong");
  }

  function lesson() {
    const early = leader(RACE_ASKED[0]);
    const order = [...runs].sort((a, b) => a.loss[last] - b.loss[last]).map(({ name }) => name);
    return `In the end the order is ${order.join(", ")}. ${early.name === order.at(-1)
      ? `The early leader, ${early.name}, is last: it is down the steep wall first, for nothing carries it past, and slow along the floor, where memory pays.`
      : ""} On another valley the order is another.`;
  }

  function draw() {
    slider.set(step);
    const widths = holders.map(({ clientWidth }) => clientWidth);
    const at = runs.map(({ name, loss, path }) => `${name} is at ${path[step].map((v) => significant(v)).join(", ")} with loss ${significant(loss[step])}`);
    table.replaceChildren(standings());
    if (!widths[0]) return;
    holders[0].replaceChildren(valleyPicture({ width: widths[0], runs, step: started ? step : -1,
      label: started ? `The valley from above after ${step} steps: ${at.join("; ")}.`
        : "A valley from above: from the start at the left its floor bends down, then up to the lowest point at the right. No path is drawn yet." }));
    holders[1].replaceChildren(raceLosses({ width: widths[1], runs, step: started ? step : -1,
      label: started ? `Loss against step, logarithmic, up to step ${step}: ${at.join("; ")}.` : "Axes for the losses; nothing is drawn yet." }));
  }

  function standings() {
    return h("table", { class: "bx-table bxw-standings" },
      h("thead", {}, h("tr", {}, ["", "best η", "loss now", ""].map((text) => h("th", { scope: "col" }, text)))),
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
