// The bowl from above, its loss, and where the factors 1 − ηc lie.

import { svg } from "./dom.js";
import { curve, dot, picture, plane, words } from "./explore-plot.js";

const BOWL_HEIGHT = 250;
const BOWL_X = [-11.5, 11.5];
const BOWL_Y = [-3.6, 3.6];
const BOWL_LEVELS = [1, 5, 15, 30, 50];
const BOWL_LOGS = [-3, 3];
const FACTOR_RANGE = [-1.5, 1.2];

export function bowlPicture({ width, c, path, label }) {
  const sheet = plane({ width, height: BOWL_HEIGHT, x: BOWL_X, y: BOWL_Y,
    xlabel: "w_1, flat", ylabel: "w_2, steep", label });
  const { X, Y, marks } = sheet;
  const rings = BOWL_LEVELS.map((level) => svg("ellipse", { class: "bx-line bx-loss bx-thin",
    cx: X(0), cy: Y(0), rx: X(Math.sqrt((2 * level) / c[0])) - X(0),
    ry: Y(0) - Y(Math.sqrt((2 * level) / c[1])) }));
  const shown = path.map(([a, b]) => [Math.max(-99, Math.min(99, a)), Math.max(-99, Math.min(99, b))]);
  marks.append(...rings,
    svg("path", { class: "bx-axis", d: `M${X(0) - 5} ${Y(0)}h10M${X(0)} ${Y(0) - 5}v10` }),
    ...(path.length > 1 ? [curve(sheet, shown, "parameter", "bx-solid bxw-path")] : []),
    ...shown.slice(1).map((w) => svg("circle", { class: "bx-parameter bxw-step", cx: X(w[0]), cy: Y(w[1]), r: 3 })),
    dot(sheet, path[0], "data"),
    words("start", X(path[0][0]), Y(path[0][1]) - 10, { "text-anchor": "end", class: "bx-text bx-halo" }));
  return sheet.root;
}

/** The loss in all, and the share of each axis. */
export function lossPicture({ width, c, steps, path, label }) {
  const sheet = plane({ width, height: BOWL_HEIGHT, x: [0, steps], y: BOWL_LOGS,
    xlabel: "step", ylabel: "loss", label,
    yticks: [[-2, "0.01"], [0, "1"], [2, "100"]] });
  if (!path.length) return sheet.root;
  const shares = c.map((ci, i) => path.map((w) => 0.5 * ci * w[i] ** 2));
  const total = path.map((_, k) => shares.reduce((sum, share) => sum + share[k], 0));
  const line = (values, role, more) => curve(sheet, values.map((value, k) =>
    [k, Math.log10(Math.max(value, 1e-9))]), role, more);
  const ends = shares.map((share) => Math.log10(Math.max(share[steps], 1e-9)));
  const upper = ends[0] >= ends[1] ? 0 : 1;
  const name = (i) => {
    const at = Math.round(steps * (i === upper ? 0.62 : 0.35));
    const y = sheet.Y(Math.log10(Math.max(shares[i][at], 1e-9))) + (i === upper ? -8 : 18);
    if (y < sheet.top + 10 || y > sheet.bottom - 4) return [];
    return [words(`axis ${i + 1}`, sheet.X(at), y, { class: "bx-text bx-halo bx-parameter" })];
  };
  const first = sheet.Y(Math.log10(total[3]));
  sheet.marks.append(line(total, "loss", "bxw-total"),
    words("loss", sheet.X(3), first > 60 ? first - 10 : first + 22, { class: "bx-text bx-halo bx-loss" }),
    ...shares.map((share) => line(share, "parameter", "bx-thin bxw-share")), ...[0, 1].flatMap(name));
  return sheet.root;
}

/** The factors of both axes on a line with the three ranges that matter. */
export function factorLine({ width, factors, label }) {
  const edge = 8;
  const at = (r) => edge + ((r - FACTOR_RANGE[0]) / (FACTOR_RANGE[1] - FACTOR_RANGE[0])) * (width - 2 * edge);
  const root = picture(width, 92, label);
  const ranges = [[FACTOR_RANGE[0], -1, "runs away"], [-1, 0, "zigzags"], [0, 1, "straight"]];
  root.append(svg("path", { class: "bx-axis", d: `M${edge} 46H${width - edge}` }),
    ...[-1, 0, 1].flatMap((r) => [svg("path", { class: "bx-axis", d: `M${at(r)} 40v12` }),
      words(String(r).replace("-", "−"), at(r), 66, { "text-anchor": "middle" })]),
    ...ranges.map(([from, to, text]) => words(text, at((from + to) / 2), 86,
      { "text-anchor": "middle", class: "bx-text bxw-range" })),
    svg("path", { class: "bx-line bx-gradient bx-solid", d: `M${edge} 46H${at(-1)}` }));
  factors.forEach((r, i) => {
    const x = Math.min(Math.max(at(r), edge), width - edge);
    const anchor = x < 60 ? "start" : x > width - 60 ? "end" : "middle";
    root.append(svg(i ? "rect" : "circle", i
      ? { class: "bx-dot bx-parameter", x: x - 6, y: 40, width: 12, height: 12 }
      : { class: "bx-dot bx-parameter", cx: x, cy: 46, r: 6.5 }),
    words(`axis ${i + 1}`, x, i ? 32 : 14, { "text-anchor": anchor }));
    if (!i) root.append(svg("path", { class: "bx-axis", d: `M${x} 18V38` }));
  });
  return root;
}
