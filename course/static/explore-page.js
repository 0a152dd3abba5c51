// The way in without a kernel: the data are in the page.

import { mountExplorer } from "./explore.js";

document.querySelectorAll("bp-explorer").forEach((element) => {
  const script = element.querySelector('script[type="application/json"]');
  mountExplorer(element, JSON.parse(script.textContent));
});
