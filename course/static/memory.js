// What a reader has done on pages without a kernel, kept in the browser.

const KEY = "backprop-book/v1";

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && typeof kept.answers === "object" ? kept : { answers: {} };
  } catch {
    return { answers: {} }; // storage forbidden, or written by something else
  }
}

/** The memory of one exercise: the best answer so far. */
export function pageMemory(id) {
  return {
    load: () => read().answers[id] ?? null,
    save: (value, { score, max }) => {
      const kept = read(); // again: another page may have written meanwhile
      if (kept.answers[id]?.score > score) return;
      kept.answers[id] = { value, score, max };
      try {
        localStorage.setItem(KEY, JSON.stringify(kept));
        document.dispatchEvent(new Event("bp-saved")); // the table of contents listens
      } catch {
        // Forbidden or full: the exercise works, it is only not remembered.
      }
    },
  };
}
