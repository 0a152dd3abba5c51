// The way in with a kernel: the data come with the widget.

import { mountExplorer } from "./explore.js";

function render({ model, el }) {
  mountExplorer(el, model.get("data"));
}

export default { render };
