// Set formulas: a JSON object a line in, one a line out, until the input ends.
const katex = require("katex");

// A ½ is good TeX to us; all else that LaTeX would refuse is a mistake.
const strict = (code) => (code === "unknownSymbol" ? "ignore" : "error");

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { tex, displayMode } = JSON.parse(line);
    let answer;
    try {
      answer = { html: katex.renderToString(tex, { displayMode, strict }) };
    } catch (error) {
      answer = { error: error.message };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  });
