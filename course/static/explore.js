// An explorer on the screen: title, task, its view, and a line that answers.

import { h, rich } from "./dom.js";
import { backwardView } from "./explore-backward.js";
import { bowlView } from "./explore-bowl.js";
import { entryView } from "./explore-entry.js";
import { epochsView } from "./explore-epochs.js";
import { freshId } from "./explore-parts.js";
import { predictView } from "./explore-predict.js";
import { raceView } from "./explore-race.js";
import { secantView } from "./explore-secant.js";
import { softmaxView } from "./explore-softmax.js";

const VIEWS = {
  backward: backwardView,
  bowl: bowlView,
  entry: entryView,
  epochs: epochsView,
  predict: predictView,
  race: raceView,
  secant: secantView,
  softmax: softmaxView,
};

/** Fill `root` with a working explorer. */
export function mountExplorer(root, { view, title, task, data }) {
  const id = freshId();
  const line = h("p", { class: "bx-status", role: "status" });
  const place = h("div", { class: "bx-view" });

  /** Answer the reader; `verdict` is "right", "wrong" or nothing. */
  function say(text, verdict = "") {
    const sign = { right: "✓ ", wrong: "✗ " }[verdict];
    line.className = `bx-status${verdict && ` bx-${verdict}`}`;
    line.replaceChildren(
      ...(sign ? [h("span", { "aria-hidden": "true" }, sign)] : []), ...rich(text));
  }
  say.line = line; // a view may put it where its controls are

  root.replaceChildren(h("div", { class: "bp-panel bx-panel", role: "group",
    "aria-labelledby": id },
  h("p", { class: "bp-title" }, h("span", { class: "bx-kind" }, "Explorer"), " ",
    h("strong", { id }, ...rich(title))),
  h("p", {}, ...rich(task)), place, line));
  VIEWS[view](place, data, say);
}
