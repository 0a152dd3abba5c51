// The graph of the backward pass: nodes are buttons, over edges in SVG.

import { h, rich, svg } from "./dom.js";
import { freshId, onEnter, pushButton } from "./explore-parts.js";
import { fixed, words } from "./explore-plot.js";

/** Four decimals at most: 0.3591, −1. */
export const four = (x) => fixed(x, 4).replace(/\.?0+$/, "");

/**
 * Edges from parents down to their consumers. Where a consumer knows its gradient,
 * blame can come back along the edge: it is drawn in the gradient's colour and
 * dashes. Where blame comes along two edges, each says how much.
 */
export function drawEdges(edges, nodes, { size, box, known, paths }) {
  const width = edges.parentNode.clientWidth;
  if (!width) return; // not on the screen yet
  const X = (x) => (x * width) / size[0];
  const centre = new Map(nodes.map(({ name, at }) => [name, at]));
  edges.setAttribute("viewBox", `0 0 ${width} ${size[1]}`);
  const labels = [];
  const lines = nodes.flatMap(({ name, at, parents }) => parents.map((parent) => {
    const [px, py] = centre.get(parent);
    const [from, to] = [[X(px), py + box[1] / 2], [X(at[0]), at[1] - box[1] / 2]];
    const spoken = known.has(name);
    const line = svg("path", { class: spoken ? "bx-line bx-gradient" : "bx-axis",
      d: `M${to.join(" ")}L${from.join(" ")}` });
    if (spoken && paths[parent]) {
      const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 + 5];
      labels.push(words(four(paths[parent][name]), x, y,
        { "text-anchor": "middle", class: "bx-text bx-halo bx-gradient" }));
    }
    return line;
  }));
  edges.replaceChildren(...lines, ...labels);
}

/** What is known around a node, and a field for its gradient. */
export function nodeQuestion({ name, value }, { users, known, sigma, nodes }, check) {
  const id = freshId();
  const field = h("input", { id, type: "text", size: "12", autocomplete: "off", spellcheck: "false" });
  onEnter(field, () => check(field));
  const facts = users.flatMap((user) => [
    [`${user.name} = ${user.formula}`, `d${user.name} = ${four(known.get(user.name))}`],
    ...nodes.filter((node) => user.parents.includes(node.name) && node.name !== name && node.value !== undefined)
      .map((node) => ["", `${node.name} = ${four(node.value)}`])]);
  const own = [["", `${name} = ${four(value)}`],
    ...(name === "y" ? [["", `σ(y) = ${four(sigma)}`]] : []),
    ...(name === "z" ? [["", `a = ${four(nodes.find((node) => node.name === "a").value)}`]] : [])];
  return [
    h("p", {}, `${name} goes into ${users.map((user) => user.name).join(" and ")}:`),
    h("ul", { class: "bxb-facts" }, [...facts, ...own].map(([left, right]) =>
      h("li", {}, left && h("span", {}, left), h("span", {}, right)))),
    h("p", { class: "bx-question" }, h("label", { for: id }, `d${name} =`), field,
      pushButton("Check", () => check(field))),
    h("p", { class: "bp-note" }, ...rich("A number, or a calculation with the names above: `2*dL - 0.5`")),
  ];
}

export function nodeButton({ name, formula, kind, at, parents, value }, [width, height], size, onclick) {
  const grad = h("span", { class: "bxb-grad bx-gradient" });
  const across = (x) => `${(100 * x) / size[0]}%`;
  const style = `left:${across(at[0] - width / 2)};width:${across(width)};` +
    `top:${at[1] - height / 2}px;height:${height}px`;
  const root = h("button", { type: "button", class: `bxb-node bxb-${kind}`, onclick, style },
  h("span", {}, h("strong", {}, name), parents.length ? ` = ${formula}` : ` ${formula}`),
  h("span", { class: "bxb-value" }, h("span", { class: "bx-hidden" }, ", value "), four(value)),
  h("span", { class: "bx-hidden" }, ", "), grad);
  return {
    root,
    set: (found, chosen) => {
      root.classList.toggle("bxb-found", found !== undefined);
      root.setAttribute("aria-pressed", String(chosen));
      grad.textContent = kind === "given" ? "data" : `d${name} ${found === undefined ? "?" : four(found)}`;
    },
  };
}
