"""What a chapter must be: each rule reads a notebook and lists its problems.

A problem names its cell by number, counted from 0 as nbformat does. Exercise
cells are outside the measures of length; everything else is held to all rules.
A page of exercises alone (the concept test, the cumulative checks) has a rule of
its own in place of a chapter's length and anatomy.
"""

import ast
import re
import tokenize
from decimal import Decimal
from io import StringIO
from statistics import median

LONGEST_CELL, MEDIAN_CELL, WIDEST_LINE, LONGEST_PLOT = 20, 8, 72, 6
SHORTEST_ALT = 20
WORDS, CELLS = (1500, 3000), (25, 50)
PAGE_WORDS, PAGE_EXERCISES = 150, 6
SECTIONS = {
    "Goals": r"^#+ +Goals\b",
    "retrieval questions": r"^#+ +.*\bquestions\b",
    "Recall": r"^#+ +Recall\b",
    "Summary": r"^#+ +Summary\b|<summary>Summary",
    "References": r"^#+ +References\b",
}

DECIMAL = re.compile(r"(?<![\w.,:/-])[-+−]?(\d*\.\d+)(?!\.?\w)")
FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\([^)\s]*\)|<https?://[^>]*>|https?://\S+|\b10\.\d{4,}/\S+")
MATH = re.compile(r"\$\$.+?\$\$(\s*\([\w:-]+\))?|\$[^$\n]+?\$", re.DOTALL)
TAG = re.compile(r"<[^>]*>|\{[\w:-]+\}`[^`]*`")


def problems(notebook, rules=None):
    """All problems of a chapter, rule by rule."""
    return [found for rule in rules or OF_CHAPTERS for found in rule(notebook)]


def rules_for(path):
    """The rules of a chapter, `07_….ipynb`, or of a page without a number."""
    if re.match(r"\d\d_", path.stem):
        return OF_CHAPTERS
    return OF_PAGES if re.match(r"check_|concept_test_", path.stem) else RULES


def cells_of(notebook, kind):
    """Numbered cells of one kind."""
    return [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == kind]


def tags(cell):
    return set(cell.metadata.get("tags", ()))


def tree(cell):
    """A code cell's syntax; magics and shell lines count as empty lines."""
    lines = [("" if x[:1] in "%!" else x) for x in cell.source.splitlines()]
    return ast.parse("\n".join(lines))


def called_names(node):
    """Names of all functions called under a node: 'verify', 'plots.show'."""
    calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    return {ast.unparse(f) for f in calls if isinstance(f, ast.Name | ast.Attribute)}


# -- Stored state --------------------------------------------------------------


def was_executed_in_order(notebook):
    counts = [cell.execution_count for _, cell in cells_of(notebook, "code")]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}, expected 1 to {len(counts)}"


def has_stored_outputs(notebook):
    for i, cell in cells_of(notebook, "code"):
        shows = {
            name
            for statement in tree(cell).body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
            for name in called_names(statement) & {"print", "verify", "plots.show"}
        }
        if shows and not cell.outputs:
            yield f"cell {i} calls {', '.join(sorted(shows))}, but stores no output"


def stores_no_error(notebook):
    for i, cell in cells_of(notebook, "code"):
        for output in cell.outputs:
            expected = "raises-exception" in tags(cell)
            if output.output_type == "error" and not expected:
                yield f"cell {i} stores an error: {output.ename}"
            if output.output_type == "stream" and output.name == "stderr":
                yield f"cell {i} stores stderr: {output.text.strip()[:60]!r}"


def stores_no_widget_state(notebook):
    if "widgets" in notebook.metadata:
        yield "the notebook's metadata stores widget state"
    for i, cell in cells_of(notebook, "code"):
        for output in cell.outputs:
            kinds = set(output.get("data", ()))
            view = "application/vnd.jupyter.widget-view+json"
            if view in kinds and "text/html" not in kinds:
                yield f"cell {i} stores a widget view without its text/html"


def names_its_language(notebook):
    if not notebook.metadata.get("language_info", {}).get("name"):
        yield "metadata.language_info.name is missing: JupyterLite would ask"


# -- Code ----------------------------------------------------------------------


def has_short_cells(notebook):
    lengths = []
    for i, cell in cells_of(notebook, "code"):
        lines = cell.source.splitlines()
        # The median is of lines of code: not blank, and no alt text, which is prose.
        prose = sum(alt.end_lineno - alt.lineno + 1 for alt in alts(tree(cell)))
        lengths.append(sum(map(bool, map(str.strip, lines))) - prose)
        if not 0 < len(lines) <= LONGEST_CELL:
            yield f"cell {i} has {len(lines)} lines, expected 1 to {LONGEST_CELL}"
        for line in lines:
            if len(line) > WIDEST_LINE:
                yield f"cell {i} has a line of {len(line)} columns: {line.strip()!r}"
    if lengths and median(lengths) > MEDIAN_CELL:
        yield f"median code cell has {median(lengths)} lines, above {MEDIAN_CELL}"


def keeps_plotting_code_out(notebook):
    for i, cell in cells_of(notebook, "code"):
        syntax = tree(cell)
        for module in imported_modules(syntax):
            if module.split(".")[0] in {"matplotlib", "pylab", "seaborn"}:
                yield f"cell {i} imports {module}; figures come from course.plots"
        plotting = set()
        for node in ast.walk(syntax):
            if isinstance(node, ast.Call) and ast.unparse(node.func)[:6] == "plots.":
                plotting |= set(range(node.lineno, node.end_lineno + 1))
        for alt in alts(syntax):
            plotting -= set(range(alt.lineno, alt.end_lineno + 1))
        if len(plotting) > LONGEST_PLOT:
            count = len(plotting)
            yield f"cell {i} has {count} lines of plotting, above {LONGEST_PLOT}"


def imported_modules(syntax):
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


# -- Figures -------------------------------------------------------------------


def alts(syntax):
    """The expressions given as `alt` to `plots.show`."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "plots.show":
            yield from (k.value for k in node.keywords if k.arg == "alt")


def describes_its_figures(notebook):
    for i, cell in cells_of(notebook, "code"):
        for output in cell.outputs:
            for kind in output.get("data", ()):
                alt = output.metadata.get(kind, {}).get("alt", "")
                if kind.startswith("image/") and len(alt) < SHORTEST_ALT:
                    yield f"cell {i} has a figure with alt text {alt!r}"
        for alt in alts(tree(cell)):
            if not isinstance(alt, ast.JoinedStr | ast.Constant):
                yield f"cell {i} computes its alt text elsewhere; write it in the call"
    for i, cell in cells_of(notebook, "markdown"):
        for found in re.finditer(r"!\[([^\]]*)\]\(|<img\b[^>]*>", cell.source):
            if len(found[1] or "") < SHORTEST_ALT and 'alt="' not in found[0]:
                yield f"cell {i} has a picture without alt text: {found[0]!r}"


# -- Numbers -------------------------------------------------------------------


def decimals(text):
    """Decimals of three digits or more, by value: .0625 and −0.0625 are one.

    A leading 0 counts whether written or not, so .25 has three digits.
    """
    for found in DECIMAL.finditer(text):
        digits = found[1] if found[1][0] != "." else "0" + found[1]
        if len(digits) > 3:  # three digits and the point
            yield Decimal(digits)


def typed_in_code(notebook):
    """Values of all number literals in the chapter's code."""
    values = set()
    for _, cell in cells_of(notebook, "code"):
        source = re.sub(r"(?m)^[%!].*$", "", cell.source)
        for token in tokenize.generate_tokens(StringIO(source).readline):
            if token.type == tokenize.NUMBER and re.match(r"[\d.]", token.string):
                text = token.string.replace("_", "")
                if re.fullmatch(r"[\d.]+(e[-+]?\d+)?", text, re.IGNORECASE):
                    values.add(Decimal(text))
    return values


def printed(notebook):
    """Values of all decimals in stored outputs, captions of figures apart."""
    values = set()
    for _, cell in cells_of(notebook, "code"):
        for output in cell.outputs:
            data = output.get("data", {})
            texts = [output.get("text", ""), data.get("text/html", "")]
            if not data.get("text/plain", "").startswith("Figure: "):
                texts.append(data.get("text/plain", ""))
            values |= {Decimal(f[1]) for f in DECIMAL.finditer("\n".join(texts))}
    return values


def literals(node):
    """Typed parts of a string or f-string; computed parts are left out."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return " ".join(literals(part) for part in node.values)
    return ""


def other_strings(syntax):
    """All typed strings but alt texts and format specifications."""
    apart = [*alts(syntax)]
    for node in ast.walk(syntax):
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            apart.append(node.format_spec)
    skipped = {id(n) for root in apart for n in ast.walk(root)}
    for node in ast.walk(syntax):
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            yield literals(node)


def computes_its_numbers(notebook):
    typed = typed_in_code(notebook)
    known = typed | printed(notebook)
    for i, cell in cells_of(notebook, "markdown"):
        text = TAG.sub(" ", LINK.sub(" ", cell.source))
        for number in decimals(text):
            if number not in known:
                yield f"cell {i} says {number}: in no code, in no stored output"
    for i, cell in cells_of(notebook, "code"):
        syntax = tree(cell)
        for alt in alts(syntax):
            for number in decimals(literals(alt)):
                if number not in known:
                    yield f"cell {i}: alt says {number}: in no code or stored output"
        for number in decimals(" ".join(other_strings(syntax))):
            if number not in typed:
                yield f"cell {i} has {number} typed into a string"


# -- Prose and anatomy ---------------------------------------------------------


def neighbours(cells, outside):
    """Pairs of neighbours among the chapter's own cells; what stands between them."""
    before, between = None, False
    for cell in cells:
        if tags(cell) & outside:
            between = True
            continue
        if before is not None:
            yield before, between, cell
        before, between = cell, False


def words_of(cells):
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    for noise in (FENCE, MATH, LINK, TAG):
        prose = noise.sub(" ", prose)
    return len(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", prose))


def is_of_a_chapters_length(notebook):
    outside = {"exercise", "solution"}
    own = [c for c in notebook.cells if not tags(c) & outside]
    # A text that exercises interrupt counts once.
    interrupted = sum(
        before.cell_type == after.cell_type == "markdown" and between
        for before, between, after in neighbours(notebook.cells, outside)
    )
    count = len(own) - interrupted
    if not CELLS[0] <= count <= CELLS[1]:
        yield f"{count} cells, expected {CELLS[0]} to {CELLS[1]}"
    words = words_of(own)
    if not WORDS[0] <= words <= WORDS[1]:
        yield f"{words} words of prose, expected {WORDS[0]} to {WORDS[1]}"


def has_the_anatomy_of_a_chapter(notebook):
    prose = "\n\n".join(
        c.source for _, c in cells_of(notebook, "markdown") if "exercise" not in tags(c)
    )
    if not re.match(r"# \S", prose):
        yield "the notebook does not begin with its title, '# …'"
    for name, pattern in SECTIONS.items():
        if not re.search(pattern, prose, re.IGNORECASE | re.MULTILINE):
            yield f"no {name}"
    code = cells_of(notebook, "code")
    reveals = sum("reveal" in tags(c) and "solution" not in tags(c) for _, c in code)
    boxes = prose.count("<details")
    if boxes != prose.count("</details>"):
        yield "a <details> is not closed"
    if boxes + reveals < 2:
        yield f"{boxes + reveals} answers to commit to before opening, expected 2"


def is_exercises_and_hardly_a_word(notebook):
    """A page without a number: what it asks is all that it has to say."""
    own = [c for c in notebook.cells if not tags(c) & {"exercise", "solution"}]
    if not own or not re.match(r"# \S", own[0].source):
        yield "the notebook does not begin with its title, '# …'"
    if (words := words_of(own)) > PAGE_WORDS:
        yield f"{words} words of its own, expected {PAGE_WORDS} at most"
    asked = {c.metadata.exercise for c in notebook.cells if "exercise" in c.metadata}
    if len(asked) < PAGE_EXERCISES:
        yield f"{len(asked)} exercises, expected {PAGE_EXERCISES} or more"
    for i, cell in cells_of(notebook, "markdown"):
        if re.search(r"\$\$.*?\$\$ *\(eq-", cell.source, re.DOTALL):
            yield f"cell {i} claims an equation; that is a chapter's business"


RULES = (
    was_executed_in_order,
    has_stored_outputs,
    stores_no_error,
    stores_no_widget_state,
    names_its_language,
    has_short_cells,
    keeps_plotting_code_out,
    describes_its_figures,
    computes_its_numbers,
)
OF_CHAPTERS = (*RULES, is_of_a_chapters_length, has_the_anatomy_of_a_chapter)
OF_PAGES = (*RULES, is_exercises_and_hardly_a_word)
