// The picture and the table of the secant.

import { h, svg } from "./dom.js";
import { curve, dot, plane, significant, words } from "./explore-plot.js";

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
  return [at.root, keys(state)];
}

/** Two bars from the old loss: as predicted, and as it went. */
function changes(at, { w0, step, before, predicted, actual, shown }) {
  const bar = (value, role, by) => svg("path", { class: `bx-bar bx-${role}`,
    d: `M${at.X(w0 + step) + by} ${at.Y(before)}V${at.Y(before + value)}` });
  const side = step > 0 ? 1 : -1;
  return [
    curve(at, [[w0, before], [w0 + step, before]], "data", "bx-thin bx-faint"),
    bar(predicted, "gradient", 5 * side),
    ...(shown ? [bar(actual, "loss", 11 * side)] : []),
  ];
}

function names(at, { w0, step, before, predicted, near }) {
  const gap = at.X(w0 + step) - at.X(w0);
  const low = at.bottom - 6;
  const side = gap > 0 ? ["end", "start", -4, 4] : ["start", "end", 4, -4];
  const halo = (text, x, y, role, anchor) => words(text, x, y,
    { class: `bx-text bx-halo bx-${role}`, "text-anchor": anchor });
  const beside = step > 0 ? "start" : "end";
  return [
    halo("w_u", at.X(w0) + side[2], low, "parameter", side[0]),
    ...(Math.abs(gap) > 12 ? [halo("w_u + h", at.X(w0 + step) + side[3], low, "parameter", side[1])] : []),
    ...(near || Math.abs(predicted) > 0.05 ? [halo("predicted", at.X(w0 + step) + (step > 0 ? 18 : -18),
      at.Y(before + predicted / 2) + 4, "gradient", beside)] : []),
  ];
}

/** The lines, named, with their slopes: what a legend says and a meter shows. */
function keys({ rate, actual, step, shown }) {
  const key = (role, more, name, slope) => h("span", { class: `bx-${role}` },
    svg("svg", { class: "bx-key", viewBox: "0 0 28 12", "aria-hidden": "true" },
      svg("path", { class: `bx-line ${more}`, d: "M0 8H28" })),
    h("span", { class: "bx-ink" }, ` ${name}`), slope ? ` ${slope}` : "");
  return h("p", { class: "bx-keys" },
    key("loss", "", "loss", ""),
    key("gradient", "", "tangent, slope", significant(rate, 4)),
    key("data", "bx-dotted", "secant, slope", shown ? significant(actual / step, 4) : "?"));
}

function told({ w0, step, rate, predicted, actual, shown, near }) {
  const way = actual < 0 ? "falls" : "rises";
  const seen = shown
    ? `The loss ${way} by ${significant(Math.abs(actual))}; the tangent, of slope ${significant(rate, 4)}, predicts ${significant(predicted)}. The secant has slope ${significant(actual / step, 4)}.`
    : `The tangent at ${w0} has slope ${significant(rate, 4)}. What the loss does is not marked yet.`;
  const frame = near ? `The picture spans three times the step; the loss looks ${Math.abs(step) < 0.3 ? "almost straight" : "bent"}. ` : "";
  return `Loss of image 6 against w u, from ${w0} by a step of ${significant(step)}. ${frame}${seen}`;
}

/** The last six steps, the newest below. */
export function tryTable() {
  const rows = [];
  const body = h("tbody");
  const head = ["h", "predicted", "actual", "gap", "gap / actual"];
  const root = h("table", { class: "bx-table", hidden: true },
    h("caption", {}, "Your steps"),
    h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col" }, name)))), body);
  return {
    root: h("div", { class: "bx-scroll" }, root),
    has: (step) => rows.some((row) => row.step === step),
    /** Add a step; returns the one before. */
    add: (row) => {
      const last = rows.at(-1);
      if (last?.step === row.step) return rows.at(-2);
      rows.push(row);
      const cells = [significant(row.step), significant(row.predicted), significant(row.actual),
        significant(Math.abs(row.gap)), `${significant(100 * row.share, 2)} %`];
      body.append(h("tr", {}, cells.map((text, i) => h(i ? "td" : "th",
        i ? {} : { scope: "row" }, text))));
      while (body.children.length > 6) body.firstChild.remove();
      root.hidden = false;
      return last;
    },
  };
}
