// A small line figure in SVG, on one scale for all of its frames.

import { h, svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 240;
const EDGE = { left: 58, right: 12, top: 12, bottom: 46 };
// The book's colours by meaning; the dashes tell them apart without colour.
const ROLES = {
  data: ["currentColor", "none"],
  activation: ["#0072B2", "6 3"],
  gradient: ["#D55E00", "2 3"],
  loss: ["#009E73", "none"],
  parameter: ["#CC79A7", "9 3 2 3"],
};

export function figure({ xlabel, ylabel, background, frames }) {
  const all = [...background, ...frames.flatMap((frame) => frame.curves)];
  const x = scale(all.flatMap((curve) => curve.x), EDGE.left, WIDTH - EDGE.right);
  const y = scale(all.flatMap((curve) => curve.y), HEIGHT - EDGE.bottom, EDGE.top);
  const moving = svg("g");
  const words = (text, attributes) => {
    const element = svg("text", { fill: "currentColor", "font-size": 14, ...attributes });
    element.textContent = text;
    return element;
  };
  const bottom = HEIGHT - EDGE.bottom;
  const axes = svg("path", { fill: "none", stroke: "currentColor", "stroke-width": 1,
    d: `M${EDGE.left} ${EDGE.top}V${bottom}H${WIDTH - EDGE.right}` });
  const ticks = [
    ...x.ticks.map((v) => words(tick(v), { x: x.at(v), y: bottom + 18, "text-anchor": "middle" })),
    ...y.ticks.map((v) => words(tick(v), { x: EDGE.left - 6, y: y.at(v) + 5, "text-anchor": "end" })),
  ];
  const names = [
    words(xlabel, { x: (EDGE.left + WIDTH) / 2, y: HEIGHT - 6, "text-anchor": "middle" }),
    words(ylabel, { x: -(EDGE.top + bottom) / 2, y: 14, "text-anchor": "middle",
      transform: "rotate(-90)" }),
  ];
  const root = svg("svg", { class: "bp-figure", viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img", "aria-label": `${ylabel} against ${xlabel}; the readings below say what is seen` },
  axes, ...ticks, ...names, ...background.map((curve) => line(curve, x, y)), moving);
  return {
    root,
    show: (curves) => moving.replaceChildren(...curves.map((curve) => line(curve, x, y))),
  };
}

/** A line, or a dot where there is one point only. */
function line({ x: xs, y: ys, role }, x, y) {
  const [stroke, dashes] = ROLES[role];
  if (xs.length === 1) {
    return svg("circle", { cx: x.at(xs[0]), cy: y.at(ys[0]), r: 6, fill: stroke });
  }
  const points = xs.map((value, i) => `${x.at(value).toFixed(1)},${y.at(ys[i]).toFixed(1)}`);
  return svg("polyline", { fill: "none", stroke, "stroke-width": 2.5,
    "stroke-dasharray": dashes, "stroke-linejoin": "round", points: points.join(" ") });
}

/** Which mark is which, in words. */
export function legend(curves) {
  return h("p", { class: "bp-legend" }, curves.filter(({ label }) => label)
    .map(({ label, role, x }) => {
      const [stroke, dashes] = ROLES[role];
      const mark = x.length === 1
        ? svg("circle", { cx: 14, cy: 6, r: 5, fill: stroke })
        : svg("path", { d: "M0 6H28", stroke, "stroke-width": 2.5, "stroke-dasharray": dashes });
      return h("span", {}, svg("svg", { width: 28, height: 12, "aria-hidden": "true" }, mark),
        ` ${label}`);
    }));
}

function scale(values, from, to) {
  // Not Math.min(...values): a list of all frames' points is too long for that.
  let low = values.reduce((a, b) => Math.min(a, b));
  let high = values.reduce((a, b) => Math.max(a, b));
  if (!(high > low)) [low, high] = [low - 1, high + 1];
  const step = niceStep(high - low);
  low = Math.floor(low / step) * step;
  high = Math.ceil(high / step) * step;
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, i) => low + i * step);
  return { ticks, at: (v) => from + ((v - low) / (high - low)) * (to - from) };
}

/** A step of 1, 2 or 5 times a power of ten that gives three to six intervals. */
function niceStep(span) {
  const power = 10 ** Math.floor(Math.log10(span / 3));
  return [5, 2, 1].map((m) => m * power).find((step) => span / step >= 3) ?? power;
}

const tick = (v) => String(Number(v.toPrecision(6))).replace("-", "−");
