// Paper: while a page is printed it has the light theme, and its exercises have the
// form that reads without scripts. Neither the reader's choice of theme nor an
// answer is touched.

const root = document.documentElement;
const screenTheme = { value: null };

// Taken before the scripts of the exercises, which stand later in the page,
// replace it by controls.
const statements = [...document.querySelectorAll("bp-exercise")].map((exercise) => {
  const statement = exercise.querySelector(".bp-panel").cloneNode(true);
  return { exercise, statement };
});

function toPaper() {
  if (screenTheme.value !== null) return; // two events tell of one print
  screenTheme.value = root.dataset.theme;
  root.dataset.theme = "light";
  for (const { exercise, statement } of statements) {
    exercise.hidden = true;
    exercise.after(statement);
  }
}

function toScreen() {
  if (screenTheme.value === null) return;
  root.dataset.theme = screenTheme.value;
  screenTheme.value = null;
  for (const { exercise, statement } of statements) {
    exercise.hidden = false;
    statement.remove();
  }
}

// Not every browser has both; beforeprint alone misses a preview by a test's hand.
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", toScreen);
const paper = matchMedia("print");
paper.addEventListener("change", () => (paper.matches ? toPaper() : toScreen()));
if (paper.matches) toPaper();
