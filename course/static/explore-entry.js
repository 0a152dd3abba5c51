// One entry of dW: a column of the input, a column of dZ, N products and their sum.

import { h, rich } from "./dom.js";
import { buggyGradients } from "./explore-bugs.js";
import { lampSection } from "./explore-lamp.js";
import { numberTable, productTable } from "./explore-tables.js";
import { pickOne, pushButton } from "./explore-parts.js";
import { significant } from "./explore-plot.js";
import { backward, bce, forward } from "./network.js";

const TWIN_NEAR = 1e-9; // below rounding of what is shown, above that of arithmetic

export function entryView(place, { images, bugs, cases }, say) {
  const { layers, X, T } = cases[0];
  const cache = forward({ layers }, X);
  const { dZ } = backward({ layers }, cache, bce(cache.A[1], T).dY);
  const { dW } = buggyGradients({ layers }, X, T, "none");
  const views = [{ input: X, name: "X", letter: "X" }, { input: cache.A[0], name: "A_1", letter: "A1" }];
  const known = [new Set(), new Set()]; // "i,j" of the entries whose sum is out
  let layer = 0;
  let at = [0, 2];

  const choose = pickOne("Entry of", ["dW1 = Xᵀ dZ1", "dW2 = A1ᵀ dZ2"], (k) => {
    layer = k;
    at = [0, 0];
    draw();
    say("Pick an entry of dW2.");
  });
  const tables = h("div", { class: "bxe-tables" });
  const sums = h("div", { class: "bxe-sums" });
  place.replaceChildren(choose.root, tables, sums, say.line, lampSection(bugs, cases));

  const key = ([i, j]) => `${i},${j}`;
  const title = ([i, j]) => `dW${layer + 1}[${i},\u00a0${j}]`;
  const products = ([i, j]) => views[layer].input.map((row, n) => row[i] * dZ[layer][n][j]);

  function pick(entry) {
    at = entry;
    draw();
    tables.querySelector("[aria-pressed=true]").focus({ preventScroll: true });
    const [i, j] = entry;
    say(`${title(entry)}: column ${i} of ${views[layer].letter}, times column ${j} of dZ${layer + 1}.`);
  }

  function answer(n) {
    const sizes = products(at).map(Math.abs);
    const most = sizes.indexOf(Math.max(...sizes));
    known[layer].add(key(at));
    draw();
    const [i, j] = at;
    const why = `There the input ${significant(views[layer].input[most][i])} and the blame ${
      significant(dZ[layer][most][j])} make ${significant(products(at)[most])}.`;
    say(n === most ? `Right, image ${images[most]}. ${why}${mirror()}`
      : `It is image ${images[most]}. ${why} A large input weighs little where the blame is small, ` +
        `and the other way round.${mirror()}`,
    n === most ? "right" : "wrong");
    tables.querySelector("[aria-pressed=true]").focus({ preventScroll: true });
  }

  /** What to say when a second entry of the same size is known. */
  function mirror() {
    const [i, j] = at;
    const value = dW[layer][i][j];
    const twin = [...known[layer]].map((text) => text.split(",").map(Number)).find(([k, m]) =>
      (k !== i || m !== j) && Math.abs(Math.abs(dW[layer][k][m]) - Math.abs(value)) < TWIN_NEAR);
    if (!twin) return "";
    const equal = dW[layer][twin[0]][twin[1]] * value > 0;
    return ` It ${equal ? "equals" : "is the opposite of"} ${title(twin)}: neurons 0 and 1 are ` +
      `mirror images, with opposite weights and opposite answers${layer ? "." : ", and the same blame."}`;
  }

  function draw() {
    const { input, name } = views[layer];
    const [i, j] = at;
    choose.set(layer);
    tables.replaceChildren(
      numberTable({ name, rows: images, corner: "image", numbers: input, lit: (n, k) => k === i,
        role: layer ? "activation" : "data" }),
      numberTable({ name: `dZ_${layer + 1}`, rows: images, corner: "image", numbers: dZ[layer],
        lit: (n, k) => k === j, role: "gradient" }),
      numberTable({ name: `dW_${layer + 1}`, rows: dW[layer].map((_, k) => `${k}`), numbers: dW[layer],
        lit: (k, m) => k === i && m === j, role: "gradient",
        cell: (text, k, m) => h("button", { type: "button", class: "bxe-entry",
          "aria-pressed": String(k === i && m === j), onclick: () => pick([k, m]) },
        h("span", { class: "bx-hidden" }, `${title([k, m])}: `),
        known[layer].has(`${k},${m}`) ? text : "?") }));
    const columns = { inputs: input.map((row) => row[i]), blames: dZ[layer].map((row) => row[j]) };
    sums.replaceChildren(...(known[layer].has(key(at))
      ? [productTable({ title: title(at), rows: images, corner: "image", ...columns })]
      : [h("p", { class: "bx-question" }, h("span", {}, ...rich(`Which image weighs most in \`${title(at)}\`?`)),
        ...images.map((image, n) => pushButton(`image ${image}`, () => answer(n))))]));
  }

  draw();
  say("Start with dW1[0,\u00a02], or pick another entry.");
}
