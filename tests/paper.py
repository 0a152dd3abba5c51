"""What is the same for a page on paper and for the whole book on paper."""

# A4 less the margins of print.css, in CSS pixels: 162 mm.
PAPER = 612
# Named by their text, since most of a page's elements have no name.
CLIPPED = """() => {
  const cut = (e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
  const outside = (e) => e.getBoundingClientRect().right > innerWidth + 1;
  return [...document.querySelectorAll(
    ".bd-article :is(pre, table, .katex-display, img, svg, dl, .bp-panel, p)")]
    .filter((e) => e.checkVisibility() && (cut(e) || outside(e)))
    .map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 80)}`);
}"""
