// Set formulas: a JSON object a line in, one a line out, until the input ends.
const katex = require("katex");

// What LaTeX would refuse is a mistake; a ½ is good TeX to us.
const options = { strict: "error", macros: { "½": "\\tfrac{1}{2}" } };

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { tex, displayMode } = JSON.parse(line);
    let answer;
    try {
      answer = { html: katex.renderToString(tex, { displayMode, ...options }) };
    } catch (error) {
      answer = { error: error.message };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  });
