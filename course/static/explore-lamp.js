// Plant a bug, say what the gradient check will do, and look at its lamp.

import { h, rich, svg } from "./dom.js";
import { GREEN, buggyGradients, gradientCheck } from "./explore-bugs.js";
import { freshId, pickOne, pushButton } from "./explore-parts.js";
import { significant } from "./explore-plot.js";

const LAMP_OUTCOMES = ["green", "red", "stopped"];
const LAMP_GUESSES = ["It stays green", "It goes red", "The program stops"];

export function lampSection(bugs, cases) {
  let bug = 0;
  let where = 0;
  const seen = new Map(); // "bug,case" -> whether it was predicted
  const id = freshId();
  const status = h("p", { class: "bx-status", role: "status" });
  const lamp = h("div", { class: "bxe-lamp" });
  const tally = h("p", { class: "bp-note" });
  const planted = pickOne("Planted", bugs.map(([, line]) => line), (i) => { bug = i; ask(); });
  const checked = pickOne("Checked on", cases.map(({ name }) => name), (i) => { where = i; ask(); });
  const asked = h("p", { class: "bx-question" }, h("span", {}, "What does the lamp do?"),
    LAMP_GUESSES.map((text, i) => pushButton(text, () => answer(LAMP_OUTCOMES[i]))));

  function ask() {
    lamp.replaceChildren(lampLight("off"), h("p", {}, h("strong", {}, "The lamp is off. "),
      "Say first what it will do."));
    tell("What will the check say? Nothing has been run yet.");
  }

  function tell(text, verdict = "") {
    status.className = `bx-status${verdict && ` bx-${verdict}`}`;
    const sign = { right: "✓ ", wrong: "✗ " }[verdict];
    status.replaceChildren(...(sign ? [h("span", { "aria-hidden": "true" }, sign)] : []), ...rich(text));
  }

  function answer(guess) {
    const [name, , lesson] = bugs[bug];
    const { outcome, errors, message } = checkRun(name, cases[where]);
    const key = `${bug},${where}`;
    if (!seen.has(key)) seen.set(key, guess === outcome);
    const worst = Math.max(...errors.map(([, error]) => error));
    const words = {
      green: ["Green. ", `The largest relative error is ${significant(worst, 1)}: nothing but rounding.`],
      red: ["Red. ", `The largest relative error is ${significant(worst, 2)}: the gradient is wrong.`],
      stopped: ["No light. ", `NumPy refuses ${message}: these shapes do not fit.`],
    }[outcome];
    lamp.replaceChildren(lampLight(outcome), h("p", {}, h("strong", {}, words[0]), words[1]), errorTable(errors));
    const first = guess === outcome ? "As you said. "
      : `Not as you said: ${words[0].toLowerCase()}`;
    const hidden = outcome === "green" && name !== "none"
      ? "The bug is there all the same, and this check cannot see it. " : "";
    tell(`${first}${hidden}${lesson}`,
      guess === outcome ? "right" : "wrong");
    const right = [...seen.values()].filter(Boolean).length;
    tally.textContent = `${right} of ${seen.size} predicted at the first try; ` +
      `there are ${bugs.length * cases.length} to try.`;
  }

  ask();
  tally.textContent = "";
  return h("section", { class: "bxe-check", "aria-labelledby": id },
    h("p", {}, h("strong", { id }, "What the gradient check says")),
    planted.root, checked.root, asked, lamp, status, tally);
}

function checkRun(name, { layers, X, T }) {
  try {
    const errors = gradientCheck({ layers }, X, T, buggyGradients({ layers }, X, T, name));
    return { errors, outcome: errors.every(([, error]) => error < GREEN) ? "green" : "red" };
  } catch (error) {
    return { errors: [], outcome: "stopped", message: error.message };
  }
}

/** Colour, and a sign in it that says the same. */
function lampLight(outcome) {
  const sign = { off: "", green: "M9 16l5 5 9-10", red: "M10 10l12 12M22 10L10 22", stopped: "M9 16h14" }[outcome];
  return svg("svg", { class: `bxe-light bxe-${outcome}`, viewBox: "0 0 32 32", width: 32,
    height: 32, "aria-hidden": "true" },
    svg("circle", { cx: 16, cy: 16, r: 14 }), svg("path", { d: sign || "M0 0" }));
}

function errorTable(errors) {
  if (!errors.length) return "";
  return h("table", { class: "bx-table" },
    h("caption", {}, "Relative error of each gradient"),
    h("thead", {}, h("tr", {}, errors.map(([name]) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, h("tr", {}, errors.map(([, error]) =>
      h("td", {}, `${error < GREEN ? "✓ <1e−6" : `✗ ${significant(error, 2)}`}`)))));
}
