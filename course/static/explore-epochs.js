// What a small network learns, epoch by epoch: two questions, then move.

import { h, parseNumber, svg } from "./dom.js";
import { answerPlane, classMark, costPicture } from "./explore-epochs-picture.js";
import { freshId, onEnter, pickOne, pushButton } from "./explore-parts.js";
import { fitted, significant } from "./explore-plot.js";

const WHEN = ["at the start, when the loss is highest", "in between, when the loss falls fastest", "at the end"];

export function epochsView(place, { names, counts, points, classes, epochs, layers, loss, norms, right }, say) {
  const guesses = [0, 0];
  let frame = 0;
  let reached = 0; // the curves end at the last epoch seen
  let started = false;
  let followed = null;
  const half = names.map((_, k) => right.findIndex((row) => row[k] > counts[k] / 2));
  const slowest = half.indexOf(Math.max(...half));
  const steepest = norms.reduce((best, [norm], e) => (norm > norms[best][0] ? e : best), 0);
  const open = new Map([[half[slowest], tellSlowest], [epochs.at(-1), tellNorm]]);

  const picks = [
    pickOne("Which digit is the last of which it reads more than half?", ["choose", ...names],
      (i) => { guesses[0] = i; }),
    pickOne("When is the gradient of W_1 largest?", ["choose", ...WHEN], (i) => { guesses[1] = i; })];
  const asked = h("div", {}, picks.map(({ root }) => root),
    h("p", { class: "bx-buttons" }, pushButton("Start training", begin)));
  const slider = epochRow(epochs, (to, settled) => { frame = to; draw(); if (settled) answer(); });
  slider.root.hidden = true;
  const follow = pickOne("Follow", ["all four", ...names], (i) => { followed = i ? i - 1 : null; draw(); });
  const holders = [0, 1, 2, 3].map(() => h("div", {}));
  const table = h("div", {});
  place.replaceChildren(asked, slider.root, say.line, h("div", { class: "bxw-two" }, holders.slice(0, 2)),
    follow.root, table, h("div", { class: "bxw-two" }, holders.slice(2)));

  function begin() {
    const missing = guesses.indexOf(0);
    if (missing >= 0) {
      say("Answer both questions first; a guess will do.", "wrong");
      picks[missing].root.querySelector("select").focus();
      return;
    }
    started = true;
    asked.hidden = true;
    slider.root.hidden = false;
    say(`You said: ${names[guesses[0] - 1]} last, and the largest gradient ${
      WHEN[guesses[1] - 1]}. Move through the epochs.`);
    draw();
    slider.root.querySelector("input").focus();
  }

  function answer() {
    const due = [...open.keys()].filter((e) => epochs[frame] >= e);
    if (!due.length) {
      const read = names.map((name, k) => `${right[epochs[frame]][k]} of ${counts[k]} ${name}`);
      say(`After ${epochs[frame]} epochs: loss ${significant(loss[epochs[frame]])}, read ${read.join(", ")}.`);
      return;
    }
    const told = due.map((e) => open.get(e)());
    due.forEach((e) => open.delete(e));
    say(told.map(([text]) => text).join(" "), told.every(([, good]) => good) ? "right" : "wrong");
  }

  function tellSlowest() {
    const good = guesses[0] - 1 === slowest;
    const order = names.map((name, k) => [half[k], name]).sort(([a], [b]) => a - b);
    return [`${good ? "As you said, the" : "The"} ${names[slowest]} are last: more than half since epoch ${
      half[slowest]}. Before: ${order.slice(0, -1).map(([e, name]) => `${name} since ${e}`).join(", ")}.`, good];
  }

  const sizeAt = (epoch) => Math.hypot(...layers[epochs.indexOf(epoch)][1].W.flat());

  function tellNorm() {
    const good = guesses[1] === 2;
    const [start, peak, end] = [0, steepest, norms.length - 1].map((e) => significant(norms[e][0]));
    const grown = significant(sizeAt(steepest) / sizeAt(0), 2);
    return [`${good ? "As you said, the" : "The"} gradient of W_1 is largest in between: ${peak} after ` +
      `epoch ${steepest}, ${start} at the start, ${end} at the end. At the start it is small although ` +
      "the loss is highest: blame comes back through W_2, which is small then and " +
      `${grown} times as large after epoch ${steepest}. At the end the images' pulls nearly cancel. ` +
      "A small gradient alone does not tell which.", good];
  }

  function draw() {
    const epoch = epochs[frame];
    reached = Math.max(reached, epoch);
    slider.set(frame);
    follow.set(followed === null ? 0 : followed + 1);
    table.replaceChildren(readTable(names, counts, right[epoch]));
    if (!holders[0].clientWidth) return;
    const width = holders[0].clientWidth;
    const read = right[epoch].map((count, k) => `${count} of ${counts[k]} ${names[k]}`).join(", ");
    const seen = `After ${epoch} epochs, ${read} lie where the network gives their name.`;
    const shared = { width, layers: layers[frame], points, classes, names, followed };
    holders[0].replaceChildren(answerPlane({ ...shared, hidden: false,
      label: `The plane of the two inks with 435 images and the borders of the network's answers. ${seen}` }));
    holders[1].replaceChildren(answerPlane({ ...shared, hidden: true,
      label: "The plane of the two hidden activations, parted by straight lines, with the images " +
        `where the hidden layer puts them. ${seen}` }));
    holders[2].replaceChildren(costPicture({ width, epoch, reached, y: [0, 1.5], ylabel: "loss",
      curves: [{ values: loss, role: "loss", name: "loss", at: 14 }],
      label: `Loss against epoch; now ${significant(loss[epoch])} after ${epoch} epochs.` }));
    const [first, second] = norms[epoch].map((norm) => significant(norm));
    holders[3].replaceChildren(costPicture({ width, epoch, reached, y: [0, 0.2],
      ylabel: "size of the gradient",
      curves: [{ values: norms.map(([a]) => a), role: "gradient", more: "bx-solid", name: "dW_1", at: 2 },
        { values: norms.map(([, b]) => b), role: "gradient", name: "dW_2", at: 14 }],
      label: `Size of both gradients against epoch; now dW1 ${first} and dW2 ${second}.` }));
  }

  holders.forEach((holder) => fitted(holder, draw));
  draw();
  say("Two answers first, then the training. A guess will do.");
}

/** A slider over the epochs that are kept, with a field for the epoch itself. */
function epochRow(epochs, changed) {
  const id = freshId();
  const range = h("input", { type: "range", min: 0, max: epochs.length - 1, step: 1, "aria-label": "epoch, slider",
    oninput: () => changed(Number(range.value), false), onchange: () => changed(Number(range.value), true) });
  const field = h("input", { id, type: "text", size: "5", autocomplete: "off", spellcheck: "false",
    inputmode: "numeric", onchange: typed });

  function typed() {
    const wanted = parseNumber(field.value);
    field.toggleAttribute("aria-invalid", wanted === null);
    if (wanted === null) return;
    const apart = epochs.map((epoch) => Math.abs(epoch - wanted));
    changed(apart.indexOf(Math.min(...apart)), true);
  }

  onEnter(field, typed);
  return {
    root: h("p", { class: "bx-slider" }, h("label", { for: id }, "epoch"), range, field),
    set: (frame) => {
      range.value = frame;
      range.setAttribute("aria-valuetext", `epoch ${epochs[frame]}`);
      field.value = String(epochs[frame]);
      field.removeAttribute("aria-invalid");
    },
  };
}

/** How many of each digit are read, with the mark that the digit has in the planes. */
function readTable(names, counts, right) {
  return h("table", { class: "bx-table bxp-read" }, h("caption", {}, "Read rightly"),
    h("thead", {}, h("tr", {}, names.map((name, k) => h("th", { scope: "col" },
      svg("svg", { class: "bxp-key", viewBox: "-6 -6 12 12", width: 14, height: 14, "aria-hidden": "true" },
        svg("path", { class: `bxp-class${k % 2 ? " bxp-full" : ""}`, d: classMark(k, 0, 0) })), " ", name)))),
    h("tbody", {}, h("tr", {}, right.map((count, k) => h("td", {}, `${count} of ${counts[k]}`)))));
}
