// The backward pass by hand: which node is next, and what is its gradient?

import { h, svg } from "./dom.js";
import { arithmetic } from "./explore-arithmetic.js";
import { drawEdges, four, nodeButton, nodeQuestion } from "./explore-graph.js";
import { pushButton } from "./explore-parts.js";
import { fitted } from "./explore-plot.js";

const GRADIENT_NEAR = 1e-3;
const BACKWARD_START = "Only dL = 1 is known. Which node is next?";

export function backwardView(place, { nodes, size, box, sigma, paths }, write) {
  const known = new Map(nodes.filter(({ kind }) => kind === "loss").map(({ name }) => [name, 1]));
  const asked = nodes.filter(({ kind }) => kind === "inner" || kind === "parameter");
  const consumers = (name) => nodes.filter(({ parents }) => parents.includes(name));
  const missing = (name) => consumers(name).filter((user) => !known.has(user.name));
  const next = () => asked.filter(({ name }) => !known.has(name) && !missing(name).length);
  let picked = null;
  let shown = 0;

  const edges = svg("svg", { class: "bxb-edges", role: "presentation", "aria-hidden": "true" });
  const graph = h("div", { class: "bxb-graph", role: "group", style: `height:${size[1]}px` }, edges);
  const boxes = new Map(nodes.map((node) => [node.name, nodeButton(node, box, size, () => pick(node))]));
  graph.append(...[...boxes.values()].map(({ root }) => root));
  const ask = h("div", { class: "bxb-ask" });
  place.replaceChildren(h("div", { class: "bxb-both" }, graph, h("div", { class: "bxb-side" },
    write.line, ask, h("p", { class: "bx-buttons" },
      pushButton("Show me this step", reveal), pushButton("Start over", restart)))));
  place.classList.add("bxb-frame");
  fitted(graph, show);
  write(BACKWARD_START);

  /** Answer, and where the graph fills a small screen, bring the answer into it. */
  function say(text, verdict) {
    write(text, verdict);
    write.line.scrollIntoView({ block: "nearest" });
  }

  /** The numbers that an expression may name: all values, and the gradients so far. */
  const names = () => Object.fromEntries([...nodes.map(({ name, value }) => [name, value]),
    ...[...known].map(([name, grad]) => [`d${name}`, grad]), ["sigma", sigma]]);

  function pick(node) {
    const { name, kind, because } = node;
    if (kind === "given") {
      say(`${name} comes from the data, which no update moves. Its gradient is not asked for.`);
      return;
    }
    if (known.has(name)) {
      say(because || "dL = 1: the loss moves exactly as much as itself.");
      return;
    }
    const waiting = missing(name);
    if (waiting.length) {
      const users = consumers(name).map((user) => user.name);
      say(`Too early. ${name} goes into ${users.join(" and ")}, and ${waiting.map((user) =>
        `d${user.name}`).join(" and ")} ${waiting.length > 1 ? "are" : "is"} not known yet.`, "wrong");
      return;
    }
    picked = node;
    show();
    say(`${name} can be computed now. What is d${name}?`);
    ask.querySelector("input").focus();
  }

  function check(field) {
    const { name, grad, because, slips } = picked;
    let value;
    try {
      value = arithmetic(field.value, names());
    } catch (error) {
      say(field.value.trim() ? error.message : `Type d${name} first.`, "wrong");
      return;
    }
    if (Math.abs(value - grad) <= GRADIENT_NEAR) {
      found(`d${name} = ${four(grad)}. ${because}`, "right");
      return;
    }
    const slip = slips.find(([wrong]) => Math.abs(arithmetic(wrong, names()) - value) <= GRADIENT_NEAR);
    const hint = slip?.[1] ?? (Math.abs(value + grad) <= GRADIENT_NEAR ? "The size is right. Look at the sign."
      : "For each consumer: its gradient times how fast it moves when this node does.");
    say(`Not ${four(value)}. ${hint}`, "wrong");
    field.select();
  }

  function reveal() {
    picked ??= next()[0] ?? null;
    if (!picked) return;
    shown += 1;
    found(`Shown: d${picked.name} = ${four(picked.grad)}. ${picked.because}`);
  }

  function found(text, verdict = "") {
    const { name, grad } = picked;
    known.set(name, grad);
    picked = null;
    const left = next().length;
    show();
    say(left ? text : `${text} That was the last. ${closing()}`, verdict);
    boxes.get(name).root.focus({ preventScroll: true });
  }

  function closing() {
    const own = asked.length - shown;
    return `${own} of ${asked.length} were your own. You went along each edge once, and no ` +
      "node spoke before all its consumers had.";
  }

  function restart() {
    [...known.keys()].filter((name) => name !== "L").forEach((name) => known.delete(name));
    picked = null;
    shown = 0;
    show();
    say(BACKWARD_START);
  }

  function show() {
    graph.setAttribute("aria-label", `Graph from the inputs, above, to the loss. Gradients known: ${
      [...known.keys()].map((name) => `d${name}`).join(", ")}`);
    boxes.forEach(({ set }, name) => set(known.get(name), picked?.name === name));
    drawEdges(edges, nodes, { size, box, known, paths });
    ask.replaceChildren(...(picked
      ? nodeQuestion(picked, { users: consumers(picked.name), known, sigma, nodes }, check)
      : [h("p", {}, next().length ? "Pick a node in the graph." : "All gradients are known.")]));
  }

  show();
}
