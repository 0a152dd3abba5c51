// Drop from style sheets the rules of classes and elements that occur nowhere.
// In: {"content": [paths of pages and scripts], "sheets": [text]}; out: [text].
const { readFileSync } = require("node:fs");
const { PurgeCSS } = require("purgecss");

const { content, sheets } = JSON.parse(readFileSync(0, "utf8"));

new PurgeCSS()
  .purge({ content, css: sheets.map((raw) => ({ raw })) })
  .then((kept) => {
    process.stdout.write(JSON.stringify(kept.map(({ css }) => css)));
  });
