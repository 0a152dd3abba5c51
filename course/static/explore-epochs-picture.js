// The plane of the inks, the plane of the hidden layer, and what they cost.

import { svg } from "./dom.js";
import { curve, plane, words } from "./explore-plot.js";
import { regionsOf } from "./explore-regions.js";
import { forward } from "./network.js";

const PLANE_HEIGHT = 300;
const COST_HEIGHT = 190;
const INK_RANGE = [-0.04, 1.04];
const HIDDEN_RANGE = [-1.08, 1.08];
const MESH = Array.from({ length: 6 }, (_, i) => i / 5);
const FINE = Array.from({ length: 26 }, (_, i) => i / 25);
const EPOCH_TICKS = [0, 1, 3, 10, 30, 100, 200];

/** A point as circle, triangle, square or diamond; every other class is hollow. */
export function classMark(k, x, y, size = 3.4) {
  const [s, t] = [size, size * 1.25];
  return [`M${x - s} ${y}a${s} ${s} 0 1 0 ${2 * s} 0a${s} ${s} 0 1 0 ${-2 * s} 0`,
    `M${x} ${y - t}l${t} ${2 * t - 0.5}h${-2 * t}z`,
    `M${x - s} ${y - s}h${2 * s}v${2 * s}h${-2 * s}z`,
    `M${x} ${y - t - 0.8}l${t} ${t + 0.8}l${-t} ${t + 0.8}l${-t} ${-t - 0.8}z`][k];
}

/** Images as points, borders of the answers, and the mesh of the inks; `hidden` says which plane. */
export function answerPlane({ width, hidden, layers, points, classes, names, followed, label }) {
  const range = hidden ? HIDDEN_RANGE : INK_RANGE;
  const sheet = plane({ width, height: PLANE_HEIGHT, x: range, y: range, label,
    xlabel: hidden ? "A_1, neuron 0" : "ink u, upper box", ylabel: hidden ? "A_1, neuron 1" : "ink ℓ, lower box" });
  const { X, Y, marks } = sheet;
  const placed = (spots) => (hidden ? forward({ layers }, spots).A[0] : spots);
  const net = { layers: hidden ? layers.slice(1) : layers };
  const { borders, centres } = regionsOf((spots) => forward(net, spots).A.at(-1), range, range);
  const mesh = MESH.flatMap((v) => [FINE.map((u) => [u, v]), FINE.map((u) => [v, u])]);
  marks.append(
    ...mesh.map((line) => curve(sheet, placed(line), "mesh", "bx-thin")),
    svg("path", { class: "bx-line bx-activation bx-solid bxp-border", d: borders.map(([[a, b], [c, d]]) =>
      `M${X(a).toFixed(1)} ${Y(b).toFixed(1)}L${X(c).toFixed(1)} ${Y(d).toFixed(1)}`).join("") }));
  const spots = placed(points);
  names.forEach((_, k) => marks.append(svg("path", {
    class: `bxp-class${k % 2 ? " bxp-full" : ""}${followed !== null && followed !== k ? " bxp-faint" : ""}`,
    d: spots.filter((_spot, n) => classes[n] === k).map(([x, y]) =>
      classMark(k, Number(X(x).toFixed(1)), Number(Y(y).toFixed(1)))).join("") })));
  centres.forEach((spot, k) => spot && marks.append(words(names[k], X(spot[0]), Y(spot[1]) + 5,
    { "text-anchor": "middle", class: "bx-text bx-halo bx-activation bxp-name" })));
  return sheet.root;
}

/** Curves over the epochs, which stand on a logarithmic axis, and where we are. */
export function costPicture({ width, curves, epoch, reached, y, ylabel, label }) {
  const place = (e) => Math.log10(1 + e);
  const last = curves[0].values.length - 1;
  const sheet = plane({ width, height: COST_HEIGHT, x: [0, place(last) + 0.05], y, label, xlabel: "epoch", ylabel,
    xticks: EPOCH_TICKS.filter((e) => e !== 100 || width > 280).map((e) => [place(e), String(e)]) });
  const { X, Y, marks } = sheet;
  marks.append(svg("path", { class: "bx-axis bxp-now", d: `M${X(place(epoch))} ${sheet.top}V${sheet.bottom}` }));
  curves.forEach(({ values, role, more = "", name, at }) => {
    const seen = values.slice(0, reached + 1).map((v, e) => [place(e), v]);
    if (reached) marks.append(curve(sheet, seen, role, more));
    if (at <= reached) {
      marks.append(words(name, X(place(at)), Y(values[at]) - 9, { class: `bx-text bx-halo bx-${role}` }));
    }
    marks.append(svg("circle", { class: `bx-dot bx-${role}`, cx: X(place(epoch)), cy: Y(values[epoch]), r: 5 }));
  });
  return sheet.root;
}
