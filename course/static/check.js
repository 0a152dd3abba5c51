// The check of course/checking.py, on the page's data. A test holds the two equal.

import { frameAt, placeOf } from "./tune.js";

/** Check a well-formed answer to an exercise's `round`. */
export function check(data, round, value) {
  return checks[data.kind](data, data.rounds[round], value);
}

const checks = { number: checkNumber, choice: checkChoice, order: checkOrder,
  tune: checkTune };

function result(data, score, message, mistake = -1, properties = []) {
  const { name = null, hint = "" } = data.mistakes[mistake] ?? {};
  return { id: data.id, score, max: data.points, passed: score === data.points,
    message, hint, mistake: name, properties };
}

/** Python's str.format, for the messages that it shares with us. */
function filled(message, words) {
  return message.replace(/\{(\w+)\}/g, (_, name) => words[name]);
}

function checkNumber(data, { right, wrong }, value) {
  const { fields, messages, points, rtol, nearly, tiny } = data;
  const fits = (wanted, relative) => value.map((x, i) =>
    Math.abs(x - wanted[i]) <= relative * Math.abs(wanted[i]) + tiny);
  const every = (good) => good.every(Boolean);
  const good = fits(right, rtol);
  const share = points / fields.length;
  const parts = fields.map((name, i) => ({ name, points: share, got: good[i] ? share : 0 }));
  if (every(good)) return result(data, points, messages.right, -1, parts);
  const count = good.filter(Boolean).length;
  const score = (points * count) / fields.length;
  const mistake = wrong.findIndex((answer) => every(fits(answer, rtol)));
  if (mistake >= 0) return result(data, score, messages.wrong, mistake, parts);
  let message = messages.wrong;
  if (every(fits(right, nearly))) message = rtol ? messages.close : messages.count;
  else if (count) {
    message = filled(messages.fields, {
      right: fields.filter((_, i) => good[i]).join(", "),
      wrong: fields.filter((_, i) => !good[i]).join(", "),
    });
  }
  return result(data, score, message, -1, parts);
}

function checkChoice(data, { right, wrong }, value) {
  const { messages, points } = data;
  if (value === right) return result(data, points, messages.right);
  return result(data, 0, messages.wrong, wrong.indexOf(value));
}

/** What an order breaks: "o 1 3", line 1 before line 3; "r 2 0", a wrong reason. */
function brokenRules({ rules, because }, { order, reasons = [] }) {
  const place = new Map(order.map((line, k) => [line, k]));
  const late = rules.filter(([i, j]) => place.get(i) > place.get(j));
  const misread = order.map((line, k) => [line, reasons[k]])
    .filter(([line, reason]) => reason !== undefined && reason !== because[line]);
  return new Set([...late.map((pair) => `o ${pair.join(" ")}`),
    ...misread.map((pair) => `r ${pair.join(" ")}`)]);
}

function checkOrder(data, round, value) {
  const { messages, points } = data;
  const broken = brokenRules(round, value);
  if (!broken.size) return result(data, points, messages.right);
  const mistake = round.wrong.findIndex((answer) =>
    [...brokenRules(round, answer)].every((rule) => broken.has(rule)));
  if (mistake >= 0) return result(data, 0, messages.wrong, mistake);
  if ([...broken].some((rule) => rule.startsWith("o"))) {
    return result(data, 0, messages.order);
  }
  return result(data, points / 2, filled(messages.reasons, { count: broken.size }));
}

function checkTune(data, { accepted, wrong }, value) {
  const { messages, points, sliders } = data;
  const frame = (setting) => frameAt(sliders,
    sliders.map((slider) => placeOf(slider, setting[slider.name])));
  const here = frame(value);
  if (accepted[here] === "1") return result(data, points, messages.right);
  const mistake = wrong.findIndex((setting) => frame(setting) === here);
  return mistake >= 0 ? result(data, 0, messages.wrong, mistake)
    : result(data, 0, messages.goal);
}
