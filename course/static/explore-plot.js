// A plane with axes, drawn anew for the room there is: text keeps its size.

import { svg } from "./dom.js";

const WIDEST = 620;
const ROOM = { left: 52, right: 12, top: 12, bottom: 42 };

/** Call `draw(width)` once the element has a width, and whenever it changes. */
export function fitted(element, draw) {
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const now = Math.min(Math.floor(contentRect.width), WIDEST);
    if (now <= 0 || now === width) return;
    width = now;
    draw(width);
  }).observe(element);
}

/** An empty picture; `label` says in words what is seen. */
export function picture(width, height, label) {
  return svg("svg", { class: "bx-figure", viewBox: `0 0 ${width} ${height}`,
    width, height, role: "img", "aria-label": label });
}

/** Words in a picture; u of w_u is an index. */
export function words(text, x, y, attributes = {}) {
  const element = svg("text", { class: "bx-text", x, y, ...attributes });
  const parts = text.split(/_([A-Za-z0-9ℓ]{1,2})/);
  parts.forEach((part, i) => {
    if (!part) return;
    const down = i % 2 ? { dy: 4, "font-size": "0.8em" } : i ? { dy: -4 } : {};
    element.append(svg("tspan", down, part));
  });
  return element;
}

/**
 * Axes over the ranges x and y. Marks are put into `marks`, which is clipped to
 * the plane; `X` and `Y` turn values into places, `value` a place into its x. Ticks
 * of your own are pairs of a value and its text.
 */
export function plane({ width, height, x, y, xticks, yticks, xlabel, ylabel, label }) {
  const right = width - ROOM.right;
  const bottom = height - ROOM.bottom;
  const X = (v) => ROOM.left + ((v - x[0]) / (x[1] - x[0])) * (right - ROOM.left);
  const Y = (v) => bottom - ((v - y[0]) / (y[1] - y[0])) * (bottom - ROOM.top);
  const box = [ROOM.left, ROOM.top, right - ROOM.left, bottom - ROOM.top];
  const marks = svg("svg", { x: box[0], y: box[1], width: box[2], height: box[3],
    viewBox: box.join(" ") });
  const root = picture(width, height, label);
  root.append(
    svg("path", { class: "bx-axis", d: `M${ROOM.left} ${ROOM.top}V${bottom}H${right}` }),
    ...(xticks ?? ticksOf(x, width / 75)).map(([v, text]) =>
      words(text, X(v), bottom + 17, { "text-anchor": "middle" })),
    ...(yticks ?? ticksOf(y, height / 50)).map(([v, text]) =>
      words(text, ROOM.left - 6, Y(v) + 4.5, { "text-anchor": "end" })),
    words(xlabel, (ROOM.left + right) / 2, height - 6, { "text-anchor": "middle" }),
    words(ylabel, -(ROOM.top + bottom) / 2, 12,
      { "text-anchor": "middle", transform: "rotate(-90)" }),
    marks);
  const value = (place) => x[0] + ((place - ROOM.left) / (right - ROOM.left)) * (x[1] - x[0]);
  return { root, marks, X, Y, value, right, bottom, left: ROOM.left, top: ROOM.top };
}

/** A line through points [x, y] of a plane. */
export function curve({ X, Y }, points, role, more = "") {
  const places = points.map(([x, y]) => `${X(x).toFixed(1)} ${Y(y).toFixed(1)}`);
  return svg("path", { class: `bx-line bx-${role} ${more}`, d: `M${places.join("L")}` });
}

export function dot({ X, Y }, [x, y], role, more = "") {
  return svg("circle", { class: `bx-dot bx-${role} ${more}`, cx: X(x), cy: Y(y), r: 5 });
}

/** Round values inside a range with their texts, about `count` of them. */
function ticksOf([low, high], count) {
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => (high - low) / s <= count);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
    .map((v) => [v, fixed(v, digits)]);
}

/** A number with so many decimals and a real minus sign. */
export function fixed(x, digits) {
  const text = x.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A number with so many significant digits; tiny ones as 4.9e−10. */
export function significant(x, digits = 3) {
  if (!Number.isFinite(x)) return String(x).replace("-", "−").replace("Infinity", "inf");
  const size = Math.abs(x);
  const text = size && size < 1e-5 ? x.toExponential(digits - 1) : size
    ? x.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))) : "0";
  return text.replaceAll("-", "−");
}

/** A number without needless zeros: 1, 0.042. */
export const shortest = (x) => String(Number(x.toPrecision(6))).replace("-", "−");

/**
 * Let a value be dragged in the picture that `holder` has: `scale()` gives its
 * [from, to] in pixels and in values, kept while the drag lasts.
 */
export function dragged(holder, scale, changed) {
  let held = null;
  const told = (event, settled) => {
    const { left } = holder.getBoundingClientRect();
    const [[a, b], [low, high]] = held;
    changed(low + ((event.clientX - left - a) / (b - a)) * (high - low), settled);
  };
  holder.classList.add("bx-drag");
  holder.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    held = scale();
    holder.setPointerCapture(event.pointerId);
    event.preventDefault();
    told(event, false);
  });
  holder.addEventListener("pointermove", (event) => held && told(event, false));
  holder.addEventListener("pointerup", (event) => {
    if (held) told(event, true);
    held = null;
  });
  holder.addEventListener("pointercancel", () => { held = null; });
}
