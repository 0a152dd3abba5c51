// A box that scrolls is a stop for the Tab key, so that the arrow keys can move it;
// one that shows all it has is none. The theme looks at a page's code once, and at
// formulas never; a box may come to scroll when its <details> is opened.

const NAMES = [
  [".katex-display", "Formula, scrolls sideways"],
  ["pre", "Code or text, scrolls sideways"],
  [".cell_output, .cell_output > .output", "Output, scrolls sideways"],
  [".pst-scrollable-table-container", "Table, scrolls sideways"],
];

function treat(box, name) {
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
  if (scrolls && box.scrollWidth > box.clientWidth) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", name);
  } else if (box.hasAttribute("tabindex")) {
    for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
  }
}

const names = new Map();
const watch = new ResizeObserver((seen) => {
  for (const { target } of seen) treat(target, names.get(target));
});
for (const [selector, name] of NAMES) {
  for (const box of document.querySelectorAll(`article :is(${selector})`)) {
    names.set(box, name);
    watch.observe(box);
  }
}
