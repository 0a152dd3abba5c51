// The valley from above with three paths, and their losses.

import { svg } from "./dom.js";
import { curve, plane, words } from "./explore-plot.js";

const RACE_HEIGHT = 260;
const VALLEY_X = [-3.9, 3.2];
const VALLEY_Y = [-2, 1.7];
const VALLEY_LEVELS = [0.1, 0.5, 1.5, 4, 10];
const RACE_LOGS = [-4.2, 1.5];
const SAMPLES = 160;
const TAIL = 12; // steps that are drawn in full; older ones are faint
const FLOOR_END = 2;

/** Circle, triangle, square: who it is, without colour. */
export function runnerMark(i, x, y) {
  const kind = { class: "bx-dot bx-parameter" };
  if (i === 0) return svg("circle", { ...kind, cx: x, cy: y, r: 5.5 });
  if (i === 1) return svg("path", { ...kind, d: `M${x} ${y - 6.5}l6.5 11h-13z` });
  return svg("rect", { ...kind, x: x - 5, y: y - 5, width: 10, height: 10 });
}

/** Points where 0.1 (x − 2)² + 10 (y − sin x)² is `level`, once around. */
export function levelRing(level) {
  const reach = Math.sqrt(10 * level);
  const half = Array.from({ length: SAMPLES + 1 }, (_, k) => Math.PI * (k / SAMPLES));
  const side = (sign) => half.map((angle) => {
    const x = FLOOR_END + reach * Math.cos(angle);
    return [x, Math.sin(x) + sign * Math.sqrt(level / 10) * Math.sin(angle)];
  });
  return [...side(1), ...side(-1).reverse()];
}

export function valleyPicture({ width, runs, step, label }) {
  const sheet = plane({ width, height: RACE_HEIGHT, x: VALLEY_X, y: VALLEY_Y, xlabel: "x", ylabel: "y", label });
  const { X, Y, marks } = sheet;
  marks.append(...VALLEY_LEVELS.map((level) => curve(sheet, levelRing(level), "loss", "bx-thin")));
  const [low, high] = [[FLOOR_END, Math.sin(FLOOR_END)], runs[0].path[0]];
  marks.append(svg("path", { class: "bx-axis",
    d: `M${X(low[0]) - 5} ${Y(low[1])}h10M${X(low[0])} ${Y(low[1]) - 5}v10` }));
  if (step < 1) marks.append(svg("circle", { class: "bx-dot bx-data", cx: X(high[0]), cy: Y(high[1]), r: 5 }),
    words("start", X(high[0]), Y(high[1]) - 10, { "text-anchor": "middle", class: "bx-text bx-halo" }));
  runs.forEach(({ path }, i) => {
    const from = Math.max(0, step - TAIL);
    if (from > 0) marks.append(curve(sheet, path.slice(0, from + 1), "parameter", `bxr-${i} bxr-old`));
    if (step > 0) marks.append(curve(sheet, path.slice(from, step + 1), "parameter", `bxr-${i} bxw-path`));
  });
  if (step > 0) runs.forEach(({ path }, i) => marks.append(runnerMark(i, X(path[step][0]), Y(path[step][1]))));
  return sheet.root;
}

export function raceLosses({ width, runs, step, label }) {
  const last = runs[0].loss.length - 1;
  const sheet = plane({ width, height: RACE_HEIGHT, x: [0, last + 3], y: RACE_LOGS,
    xlabel: "step", ylabel: "loss", label,
    yticks: [[-3, "0.001"], [-1, "0.1"], [1, "10"]] });
  if (step < 0) return sheet.root;
  const now = runs.map(({ loss }) => sheet.Y(Math.log10(loss[step])));
  const beside = step < last * 0.6;
  runs.forEach(({ loss }, i) => {
    const points = loss.slice(0, step + 1).map((value, k) => [k, Math.log10(value)]);
    if (step > 0) sheet.marks.append(curve(sheet, points, "loss", `bxr-${i} bxw-path`));
    const mark = runnerMark(i, sheet.X(step), now[i]);
    mark.setAttribute("class", "bx-dot bx-loss");
    sheet.marks.append(mark);
  });
  apart(now).forEach((y, i) => sheet.root.append(words(runs[i].name, sheet.X(step) + (beside ? 10 : -10), y + 4.5,
    { "text-anchor": beside ? "start" : "end", class: "bx-text bx-halo" })));
  return sheet.root;
}

/** Heights of labels that would overlap, moved down until they do not. */
function apart(heights) {
  const moved = [...heights];
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  order.slice(1).forEach((i, k) => { moved[i] = Math.max(moved[i], moved[order[k]] + 15); });
  return moved;
}
