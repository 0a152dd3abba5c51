// Where a network gives which answer: borders as lines, and a place for each name.

const CELLS = 56; // a side of the grid on which the network is asked
const NAMED = 0.02; // share of the grid below which a region is too small for a name

/**
 * Regions of the largest score over a rectangle. `scores` takes rows [x, y] and gives
 * rows of K numbers. Returns `borders`, segments [[x, y], [x, y]], and `centres`, one
 * [x, y] for each class that has a region.
 */
export function regionsOf(scores, [x0, x1], [y0, y1]) {
  const along = Array.from({ length: CELLS + 1 }, (_, i) => i / CELLS);
  const spots = along.flatMap((v) => along.map((u) => [x0 + u * (x1 - x0), y0 + v * (y1 - y0)]));
  const rows = scores(spots);
  const classes = rows[0].map((_, k) => k);
  const leads = classes.map((k) => rows.map((row) =>
    row[k] - Math.max(...row.filter((_, j) => j !== k))));
  return { borders: leads.flatMap((lead) => zeroLines(lead, spots)),
    centres: leads.map((lead) => centreOf(spots.filter((_, n) => lead[n] > 0))) };
}

/** Segments along which a function, known on the grid, is 0: marching squares. */
function zeroLines(values, spots) {
  const segments = [];
  for (let row = 0; row < CELLS; row += 1) {
    for (let column = 0; column < CELLS; column += 1) {
      const a = row * (CELLS + 1) + column;
      const corners = [a, a + 1, a + CELLS + 2, a + CELLS + 1];
      const met = corners.flatMap((from, i) => {
        const to = corners[(i + 1) % 4];
        if (values[from] > 0 === values[to] > 0) return [];
        const share = values[from] / (values[from] - values[to]);
        return [spots[from].map((v, axis) => v + share * (spots[to][axis] - v))];
      });
      if (met.length > 1) segments.push(met.slice(0, 2));
      if (met.length > 3) segments.push(met.slice(2, 4));
    }
  }
  return segments;
}

/** The spot of a region nearest to the mean of all its spots; null if it is too small. */
function centreOf(spots) {
  if (spots.length < NAMED * CELLS ** 2) return null;
  const mean = [0, 1].map((axis) => spots.reduce((sum, spot) => sum + spot[axis], 0) / spots.length);
  const apart = ([x, y]) => (x - mean[0]) ** 2 + (y - mean[1]) ** 2;
  return spots.reduce((best, spot) => (apart(spot) < apart(best) ? spot : best));
}
