// The picture and the table of the secant.

import { h, svg } from "./dom.js";
import { meters, scrollBox } from "./explore-parts.js";
import { curve, dot, plane, shortest, significant, words } from "./explore-plot.js";

/** The loss against w_u, its tangent, and the secant once it may be seen. */
export function secantPicture(width, state) {
  const { w0, rate, before, lossAt, widest, near, shown, step, predicted, actual } = state;
  const reach = near ? 1.5 * Math.abs(step) : widest + 0.25;
  const x = [w0 - reach, w0 + reach];
  const fall = Math.abs(rate) * reach;
  const y = near ? [before - 1.15 * fall, before + 1.15 * fall] : [-0.3, 0.85];
  const at = plane({ width, height: Math.round(Math.min(340, 150 + width / 3)), x, y,
    xlabel: "weight w_u", ylabel: "loss", label: told(state) });
  const place = Array.from({ length: 81 }, (_, i) => x[0] + (i / 80) * (x[1] - x[0]));
  const straight = (slope) => x.map((w) => [w, before + slope * (w - w0)]);
  const end = [w0 + step, before + actual];
  const foot = y[0];

  at.marks.append(
    curve(at, [[w0, foot], [w0, before]], "parameter", "bx-thin"),
    curve(at, [[w0 + step, foot], [w0 + step, Math.max(before + predicted, end[1])]], "parameter", "bx-thin"),
    curve(at, place.map((w) => [w, lossAt(w)]), "loss"),
    curve(at, straight(rate), "gradient"),
    ...(shown ? [curve(at, straight(actual / step), "data", "bx-dotted")] : []),
    ...changes(at, state),
    dot(at, [w0, before], "data"),
    ...(shown ? [dot(at, end, "data")] : []));
  at.root.append(...names(at, state));
  return { parts: [at.root, readings(state)], scale: [[at.left, at.right], x] };
}

/** Two bars from the old loss: as predicted, and as it went. */
function changes(at, { w0, step, before, predicted, actual, shown }) {
  const bar = (value, role, by) => svg("path", { class: `bx-bar bx-${role}`,
    d: `M${at.X(w0 + step) + by} ${at.Y(before)}V${at.Y(before + value)}` });
  const side = step > 0 ? 1 : -1;
  return [
    curve(at, [[w0, before], [w0 + step, before]], "data", "bx-thin bx-faint"),
    ...(shown ? [bar(predicted, "gradient", 5 * side), bar(actual, "loss", 11 * side)] : []),
  ];
}

function names(at, { w0, step, lossAt }) {
  const [first, second] = [at.X(w0), at.X(w0 + step)];
  const low = at.bottom - 6;
  const anchor = step > 0 ? ["end", "start", -4, 4] : ["start", "end", 4, -4];
  const name = (text, x, y, role, side) => words(text, x, y,
    { class: `bx-text bx-halo bx-${role}`, "text-anchor": side });
  const fits = second > at.left + 60 && second < at.right - 52;
  const near = at.left + 26;
  return [
    name("w_u", first + anchor[2], low, "parameter", anchor[0]),
    ...(Math.abs(second - first) > 12 ? [name("w_u + h",
      second + (fits ? anchor[3] : -anchor[3]), low, "parameter", anchor[fits ? 1 : 0])] : []),
    name("loss", near, at.Y(lossAt(at.value(near))) - 9, "loss", "start"),
  ];
}

/** Lines and bars by name, with what they measure. */
function readings({ rate, step, predicted, actual, share, shown }) {
  const mark = (kind, d) => svg("svg", { class: "bx-key", viewBox: "0 0 18 12",
    "aria-hidden": "true" }, svg("path", { class: kind, d }));
  const stroke = (more) => mark(`bx-line ${more}`, "M0 7H18");
  const block = () => mark("bx-bar", "M9 0V12");
  const seen = (text) => (shown ? text : "?");
  return meters([
    ["tangent", significant(rate, 4), "gradient", stroke("")],
    ["secant", seen(significant(actual / step, 4)), "data", stroke("bx-dotted")],
    ["predicted", seen(significant(predicted)), "gradient", block()],
    ["actual", seen(significant(actual)), "loss", block()],
    ["off by", seen(percent(share)), null, null],
  ]);
}

export const percent = (part) => `${significant(100 * part, 2)}\u00a0%`;

function told({ w0, step, rate, predicted, actual, shown, near }) {
  const way = actual < 0 ? "falls" : "rises";
  const seen = shown
    ? `The loss ${way} by ${significant(Math.abs(actual))}; the tangent, of slope ${significant(rate, 4)}, predicts ${significant(predicted)}. The secant has slope ${significant(actual / step, 4)}.`
    : `The tangent at ${w0} has slope ${significant(rate, 4)}. What the loss does is not marked yet.`;
  const frame = near ? `The picture spans three times the step; the loss looks ${Math.abs(step) < 0.3 ? "almost straight" : "bent"}. ` : "";
  return `Loss of image 6 against w u, from ${w0} by a step of ${shortest(step)}. ${frame}${seen}`;
}

/** The last six steps, the newest below. */
export function tryTable() {
  const rows = [];
  const body = h("tbody");
  const head = ["h", "predicted", "actual", "gap", "off by"];
  const table = h("table", { class: "bx-table" },
    h("caption", {}, "Your steps"),
    h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))), body);
  const root = scrollBox("Your steps", table);
  root.hidden = true;
  return {
    root,
    has: (step) => rows.some((row) => row.step === step),
    /** Add a step; returns the one before. */
    add: (row) => {
      const last = rows.at(-1);
      if (last?.step === row.step) return rows.at(-2);
      rows.push(row);
      const cells = [shortest(row.step), significant(row.predicted), significant(row.actual),
        significant(Math.abs(row.gap), 2), percent(row.share)];
      body.append(h("tr", {}, cells.map((text, i) => h(i ? "td" : "th",
        i ? {} : { scope: "row" }, text))));
      while (body.children.length > 6) body.firstChild.remove();
      root.hidden = false;
      return last;
    },
  };
}
