// Sliders over a live figure. Each slider has a number field for the same value,
// and each picture its readings in words, so nobody needs to see the figure.

import { h, rich } from "./dom.js";
import { figure, legend } from "./figure.js";

export const at = ({ low, step }, place) =>
  Number((low + place * step).toPrecision(10));
export const placeOf = ({ low, step }, value) =>
  Math.floor((value - low) / step + 0.5);

/** Index of the frame for a place of each slider; the last varies fastest. */
export const frameAt = (sliders, places) =>
  sliders.reduce((index, { count }, i) => index * count + places[i], 0);

export function tune(id, { sliders, goal, xlabel, ylabel }, { background, frames }) {
  const places = sliders.map((slider) => placeOf(slider, slider.start));
  const draw = figure({ xlabel, ylabel, background, frames });
  const readings = h("output", { class: "bp-given" });
  const rows = sliders.map((slider, i) => row(`${id}-${i}`, slider, (place) => {
    places[i] = Math.min(Math.max(place, 0), slider.count - 1);
    update();
  }));

  function update() {
    rows.forEach(({ set }, i) => set(places[i]));
    const frame = frames[frameAt(sliders, places)];
    draw.show(frame.curves);
    readings.replaceChildren(...frame.readings.map(([name, value]) =>
      h("span", {}, `${name}: ${value}`)));
  }

  update();
  return {
    root: h("div", {}, h("p", {}, h("strong", {}, "Goal: "), ...rich(goal)),
      draw.root, legend([...background, ...frames[0].curves]), readings,
      rows.map(({ root }) => root)),
    value: () => Object.fromEntries(sliders.map((slider, i) =>
      [slider.name, at(slider, places[i])])),
    show: (value) => {
      sliders.forEach((slider, i) => { places[i] = placeOf(slider, value[slider.name]); });
      update();
    },
  };
}

function row(id, slider, changed) {
  const { label, low, high, step, count } = slider;
  const range = h("input", { type: "range", min: 0, max: count - 1, step: 1,
    "aria-label": `${label}, slider`,
    oninput: () => changed(Number(range.value)) });
  const number = h("input", { id, type: "number", min: low, max: high, step,
    onchange: () => changed(Number.isFinite(number.valueAsNumber)
      ? placeOf(slider, number.valueAsNumber) : Number(range.value)) });
  return {
    root: h("p", { class: "bp-slider" },
      h("label", { for: id }, ...rich(label)), range, number),
    set: (place) => {
      range.value = place;
      range.setAttribute("aria-valuetext", String(at(slider, place)));
      number.value = at(slider, place);
    },
  };
}
