// What a reader may type for a number: 0.36 − 1, or dy*v, or 1 - a^2.

const ARITHMETIC_PIECE = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([A-Za-z]+)|([-+*/^()]))/iy;

/** The value of an expression over named numbers; throws an Error that says what is wrong. */
export function arithmetic(text, names) {
  const pieces = piecesOf(text.replaceAll("−", "-").replaceAll(/[·×]/g, "*").replaceAll("²", "^2")
    .replaceAll(/σ\s*(\(\s*y\s*\))?/g, "sigma"));
  let at = 0;
  const take = (sign) => pieces[at] === sign && Boolean((at += 1));

  function sum() {
    let value = term();
    for (;;) {
      if (take("+")) value += term();
      else if (take("-")) value -= term();
      else return value;
    }
  }

  function term() {
    let value = signed();
    for (;;) {
      if (take("*")) value *= signed();
      else if (take("/")) value /= signed();
      else return value;
    }
  }

  function signed() {
    if (take("-")) return -signed();
    if (take("+")) return signed();
    const base = atom();
    return take("^") ? base ** signed() : base;
  }

  function atom() {
    if (take("(")) {
      const value = sum();
      if (!take(")")) throw new Error("A bracket is not closed.");
      return value;
    }
    const piece = pieces[at];
    if (piece === undefined) throw new Error("Something is missing at the end.");
    at += 1;
    if (/^[\d.]/.test(piece)) return Number(piece);
    if (Object.hasOwn(names, piece)) return names[piece];
    throw new Error(/^d./.test(piece) && Object.hasOwn(names, piece.slice(1))
      ? `${piece} is not known yet.`
      : `“${piece}” cannot be read here. Write 0.5, dL*2 or 1 - 0.25.`);
  }

  const value = sum();
  if (at < pieces.length) throw new Error(`A sign is missing before “${pieces[at]}”.`);
  if (!Number.isFinite(value)) throw new Error("That is not a finite number.");
  return value;
}

function piecesOf(text) {
  const pieces = [];
  const reader = new RegExp(ARITHMETIC_PIECE);
  while (reader.lastIndex < text.trimEnd().length) {
    const from = reader.lastIndex;
    const found = reader.exec(text);
    if (!found) throw new Error(`“${text.slice(from).trim()}” cannot be read here.`);
    pieces.push(found[1] ?? found[2] ?? found[3]);
  }
  return pieces;
}
