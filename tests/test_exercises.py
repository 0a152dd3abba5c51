"""Every exercise of the book is fair: answerable, personal, diagnosed."""

import re
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from conftest import ROOT

import backprop as bp
from course import exercises, local
from course.checking import check
from course.ledger import read_notebook
from course.model import Code
from course.panel.data import panel_data, worth
from course.panel.html import panel_html
from course.personal import displayed, mistakes_for, right_for, rng_for, values_for

STUDENTS = [None, *(f"s{1000 + n}" for n in range(20))]
ALL = exercises.all()
CODE = [ex for ex in ALL if isinstance(ex, Code)]
OTHERS = [ex for ex in ALL if not isinstance(ex, Code)]
each = pytest.mark.parametrize("exercise", ALL, ids=lambda ex: ex.id)
each_code = pytest.mark.parametrize("exercise", CODE, ids=lambda ex: ex.id)
each_other = pytest.mark.parametrize("exercise", OTHERS, ids=lambda ex: ex.id)


@each
def test_a_right_answer_gets_all_points_for_every_student(exercise):
    for student in STUDENTS:
        result = check(exercise, right_for(exercise, student), student=student)
        assert result.passed, (student, result)
        assert (result.score, result.hint) == (exercise.points, "")


@each
def test_a_mistakes_answer_gets_its_own_hint_and_no_others(exercise):
    students = STUDENTS if not isinstance(exercise, Code) else STUDENTS[:6]
    for student in students:
        for mistake, answer in mistakes_for(exercise, student):
            result = check(exercise, answer, student=student)
            assert result.mistake == mistake.name, (student, result)
            assert result.hint == mistake.hint
            assert result.score < exercise.points


@each_code
def test_a_stub_gets_nothing(exercise):
    for student in STUDENTS:
        result = check(exercise, exercise.stub, student=student)
        assert result.score == 0, (student, result)


@each_code
def test_the_properties_make_up_the_points(exercise):
    assert sum(p.points for p in exercise.properties) == exercise.points


@each
def test_names_and_hints_are_each_once(exercise):
    names = [m.name for m in exercise.mistakes]
    hints = [m.hint for m in exercise.mistakes]
    assert len(set(names)) == len(names)
    assert len(set(hints)) == len(hints)


RUBBISH = [
    *("None", "True", "'1'", "[]", "{}", "()", "[1, 'a']", "float('nan')", "1e999"),
    *("10**5000", "object()", "np", "np.array([np.nan])", "np.zeros((2, 0))"),
    *("np.array(['a'])", "np.array([None])", "(None, None)", "1j", "lambda: 0"),
]


@each_code
@pytest.mark.parametrize("returned", RUBBISH)
def test_whatever_a_function_returns_is_a_result_and_no_fault_of_ours(
    exercise, returned
):
    source = f"def {exercise.function}(*args):\n    return {returned}\n"
    assert not check(exercise, source).passed


@each_other
@pytest.mark.parametrize(
    "answer",
    [None, True, "1", 1.5, -1, 10**6, [], [True], ["1"], [float("nan")], [10**400]]
    + [{}, {"order": [0]}, {"order": "x"}, {"w": None}, [[1]], {"order": None}],
    ids=repr,
)
def test_whatever_a_file_holds_is_a_result_and_no_fault_of_ours(exercise, answer):
    assert not check(exercise, answer).passed


# -- What each chapter has ---------------------------------------------------------

CHAPTERS = sorted(exercises.CHAPTERS)
FULL = [name for name in CHAPTERS if name[:2] == "ch" and name[2:].isdigit()]
FULL.remove("ch00")  # asks what its readers bring along
CHECKS = [name for name in CHAPTERS if name.startswith("check-")]


def of(chapter):
    return [ex for ex in ALL if ex.chapter == chapter]


@pytest.mark.parametrize("chapter", FULL)
def test_a_chapter_has_eight_exercises_of_all_kinds(chapter):
    assert len(of(chapter)) >= 8
    kinds = {ex.kind for ex in of(chapter)}
    assert kinds == {"choice", "number", "order", "tune", "code"}


@pytest.mark.parametrize("chapter", CHECKS)
def test_a_check_has_six_to_eight_exercises_of_all_kinds_two_of_them_code(chapter):
    kinds = [ex.kind for ex in of(chapter)]
    assert 6 <= len(kinds) <= 8
    assert set(kinds) == {"choice", "number", "order", "tune", "code"}
    assert kinds.count("code") >= 2


def test_ten_quick_questions_come_before_chapter_1_and_name_their_section(cells):
    (path,) = (ROOT / "chapters").glob("00_*.ipynb")
    text = "\n".join(cell.source for cell in read_notebook(path).cells)
    assert len(of("ch00")) == 10
    for ex in of("ch00"):
        assert ex.kind in ("number", "choice")
        for mistake in ex.mistakes:
            section = mistake.hint.partition(" Section: ")[2].rstrip(".?")
            assert f"\n## {section}".rstrip("?") in text, mistake.hint
        # Any other wrong answer finds it in the statement.
        assert f"(Section *{section}" in cells[ex.id][0].source


def test_the_concept_test_asks_the_same_before_and_after(cells):
    before, after = of("concept-before"), of("concept-after")
    assert 8 <= len(before) <= 10
    shuffled = 0
    for one, other in zip(before, after, strict=True):
        name = one.id.partition(".")[2]
        assert other.id == f"concept-after.{name}"
        assert one.options({}) == other.options({})
        assert cells[one.id][0].source == cells[other.id][0].source
        shuffled += displayed(one, None) != displayed(other, None)
    assert shuffled >= 8


def test_before_the_course_an_answer_is_told_its_chapter_and_no_more():
    for ex in of("concept-before"):
        noted = panel_data(ex)["noted"]
        assert re.fullmatch(r"Noted\. Chapter [1-7] treats it\.", noted)
    assert not any("noted" in panel_data(ex) for ex in of("concept-after"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_an_exercise_has_three_mistakes_or_more_and_a_hint(chapter):
    assert all(len(ex.mistakes) >= 3 for ex in of(chapter))
    assert all(ex.hints for ex in of(chapter))


def test_ids_are_each_there_once():
    assert len({ex.id for ex in ALL}) == len(ALL)


@each
def test_a_choice_gives_few_points_and_time_is_for_points(exercise):
    assert 1 <= exercise.points <= (1 if exercise.kind == "choice" else 5)
    assert exercise.minutes >= 2 * exercise.points


@each
def test_every_wrong_option_has_its_hint(exercise):
    if exercise.kind == "choice":
        options = exercise.options(values_for(exercise))
        answers = {m.answer(values_for(exercise)) for m in exercise.mistakes}
        right = exercise.answer(values_for(exercise))
        assert answers | {right} == set(range(len(options)))


@each
def test_lines_have_all_a_reason_or_none(exercise):
    if exercise.kind == "order":
        assert len({bool(line.reason) for line in exercise.lines}) == 1


@each_code
def test_stub_and_solution_fit_into_a_cell_of_a_chapter(exercise):
    for source in (exercise.stub, exercise.solution):
        lines = source.splitlines()
        assert len(lines) <= 19  # and the magic
        assert max(map(len, lines)) <= 72


@each_code
def test_stub_and_solution_are_clean_but_for_what_a_stub_leaves_out(exercise):
    for source, left_out in (
        (exercise.stub, "F841,F821,B007"),
        (exercise.solution, "D"),
    ):
        ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--select=E,F,W,B"]
        ruff += [f"--ignore={left_out}", "--isolated", "-"]
        head = "import numpy as np\n\n\n"
        for given in ("output_blame(Z, t)", "mean_loss(X, t, W, b)"):
            head += f"def {given}:\n    return np\n\n\n"
        told = subprocess.run(
            ruff, input=head + source, capture_output=True, text=True, timeout=60
        )
        assert told.returncode == 0, told.stdout


# -- Right answers, held to something independent of their formulas ------------------


def neuron_loss(v):
    a = 1 / (1 + np.exp(-(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"])))
    return (a - v["t"]) ** 2


@pytest.fixture(params=STUDENTS[:8])
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def test_slope_is_what_a_wiggle_measures(student):
    v, (dw_u,) = drawn("ch01.slope", student)
    h = 1e-5
    up, down = (neuron_loss({**v, "w_u": v["w_u"] + d}) for d in (h, -h))
    assert dw_u == pytest.approx((up - down) / (2 * h), rel=1e-7)


def test_deaf_is_the_ratio_of_two_measured_slopes(student):
    v, (times,) = drawn("ch01.deaf", student)
    h, dz = 1e-5, []
    for a in (0.5, v["a"]):
        z = np.log(a / (1 - a))
        up, down = ((1 / (1 + np.exp(-x)) - 1) ** 2 for x in (z + h, z - h))
        dz.append((up - down) / (2 * h))
    assert times == pytest.approx(dz[0] / dz[1], rel=1e-6)


def test_cost_is_twice_the_parameters_of_such_a_network(student):
    v, (evaluations,) = drawn("ch01.cost", student)
    layers = bp.Dense(v["inputs"], v["hidden"]), bp.Dense(v["hidden"], v["outputs"])
    assert evaluations == 2 * bp.Sequential(*layers, rng=0).params.size


def test_flat_is_the_lowest_place_of_the_slider(student):
    v, settings = drawn("ch01.flat", student)
    (slider,) = exercises.get("ch01.flat").sliders
    places = [slider.at(k) for k in range(slider.count)]
    losses = [
        sum((w * x - t) ** 2 for x, t in zip(v["x"], v["t"], strict=True))
        for w in places
    ]
    assert settings["w"] == places[int(np.argmin(losses))]


def test_one_silent_layer_is_counted_by_a_backward_pass(student):
    v, (dW, db) = drawn("ch07.silent", student)
    rng, M = np.random.default_rng(0), v["M"]
    layers = [bp.Dense(6, 6) for _ in range(M)]
    bends = [bp.ReLU() for _ in range(M - 1)]
    chain = [x for pair in zip(layers, bends, strict=False) for x in pair]
    net = bp.Sequential(*chain, layers[-1], rng=0)
    for k, layer in enumerate(layers, start=1):
        layer.W = rng.uniform(0.1, 1, (6, 6)) * rng.choice([-1, 1], (1, 6))
        layer.b = np.where(layer.W[0] > 0, 0.3, -0.3)
        if k == v["k"]:
            layer.b = np.full(6, -1e6)
    loss = bp.SoftmaxCrossEntropy()
    loss.forward(net(rng.uniform(0.1, 1, (1, 6))), np.array([2]))
    net.backward(loss.backward())
    shares = [[bool(np.any(g != 0)) for g in (a.dW, a.db)] for a in layers]
    assert np.sum(shares, axis=0).tolist() == [dW, db]


def test_spread_is_what_random_layers_do(student):
    v, (factor, _) = drawn("ch07.spread", student)
    rng = np.random.default_rng(0)
    A = np.maximum(rng.normal(size=(4000, v["D"])), 0)
    W = rng.normal(0, v["s"], (v["D"], 4000))
    after = np.maximum(A[:50] @ W, 0)
    assert factor == pytest.approx(np.mean(after**2) / np.mean(A[:50] ** 2), rel=0.05)


def test_updates_are_as_many_as_a_loop_makes(student):
    v, (updates,) = drawn("ch07.updates", student)
    count = 0
    for _ in range(v["E"]):
        for _ in range(0, v["N"], v["B"]):
            count += 1
    assert updates == count


def test_epoch_loss_is_a_mean_over_images(student):
    v, (loss,) = drawn("ch07.epoch-loss", student)
    images = np.repeat(v["losses"], v["sizes"])
    assert loss == pytest.approx(images.mean(), rel=1e-12)


def test_noise_falls_as_it_does_when_batches_are_drawn():
    # All numbers of ten images' "gradients"; every batch of 1 and of 4.
    g = np.random.default_rng(0).normal(size=10)
    away = [
        np.sqrt(np.mean([(np.mean(b) - g.mean()) ** 2 for b in combinations(g, B)]))
        for B in (1, 4)
    ]
    v = {"N": 10, "r": away[0], "q": away[1] * (1 + 1e-9)}
    assert exercises.get("ch07.batch").accept(v, {"B": 4})
    assert not exercises.get("ch07.batch").accept(v, {"B": 3})


def test_early_stopping_stops_where_the_package_does(student):
    ex = exercises.get("ch07.stop-early")
    stop_early = local.caller(ex)(ex.solution)
    losses, patience = ex.case(rng_for("any", student))[0]

    class Scripted(bp.MeanSquaredError):
        def compute(self, Y, T):
            return super().compute(Y, T) if T[0, 0] == 0 else next(self.script)

    loss = Scripted()
    loss.script = iter(losses)
    X, T = np.zeros((1, 1)), np.zeros((1, 1))
    history = bp.fit(
        bp.Sequential(bp.Dense(1, 1), rng=0), loss, bp.SGD(0.1), X, T,
        epochs=len(losses), validation=(X, T + 1), stop=bp.EarlyStopping(patience),
    )  # fmt: skip
    assert stop_early(losses, patience) == (len(history.loss) - 1, history.best_epoch)


NEARLY_STOPS = {
    "ties reset the count and the later epoch is kept": """
    for epoch, loss in enumerate(val_losses):
        if loss <= lowest:
            best, lowest, waited = epoch, loss, 0
        else:
            waited += 1
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
    "ties reset the count, the first epoch is kept": """
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss <= lowest:
            waited = 0
        if loss < lowest:
            best, lowest = epoch, loss
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
    "the last of the lowest epochs is kept": """
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            waited = 0
        if loss <= lowest:
            best, lowest = epoch, loss
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
    "a run that is not stopped keeps its last epoch": """
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, len(val_losses) - 1
""",
    "the lowest loss begins at 9": """
    lowest = 9
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
    "the lowest loss begins at a million": """
    lowest = 1e6
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
    "the first epoch is no improvement": """
    lowest = val_losses[0]
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
""",
}


@pytest.mark.parametrize("body", NEARLY_STOPS.values(), ids=NEARLY_STOPS)
def test_stopping_nearly_right_is_not_full_and_has_a_hint(body, student):
    head = "def stop_early(val_losses, patience):\n"
    start = "    best, lowest, waited = 0, np.inf, 0"
    ex = exercises.get("ch07.stop-early")
    result = check(ex, head + start + body, student=student)
    assert result.score < ex.points
    assert result.hint


@pytest.mark.parametrize(
    ("losses", "patience", "stop_and_keep"),
    [
        ([1, 1, 1], 1, (1, 0)),
        ([1.0, 0.5, 0.5, 0.5, 0.4], 2, (3, 1)),
        ([0.9, 0.5, 0.7, 0.5], 5, (3, 1)),
        ([1.0, 0.5, 0.8], 5, (2, 1)),
        ([12, 11, 13], 1, (2, 1)),
    ],
)
def test_the_solution_stops_where_the_statement_says(losses, patience, stop_and_keep):
    ex = exercises.get("ch07.stop-early")
    assert local.caller(ex)(ex.solution)(losses, patience) == stop_and_keep


def test_repair_tells_the_step_from_what_is_measured_and_what_is_kept():
    ex = exercises.get("ch07.repair-run")
    got = {m.name: [p.got for p in check(ex, m.answer).properties] for m in ex.mistakes}
    assert got["three-left"] == got["labels-and-name"] == [0, 0, 0]
    assert got["training-and-name"] == got["training-decides"] == [1, 0, 0]
    assert got["kept-by-name"] == [1, 1, 0]


@pytest.mark.parametrize("first", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_run_may_make_its_three_things_ready_in_any_order(first):
    ex = exercises.get("ch07.run")
    order = right_for(ex)["order"]
    assert check(ex, {"order": [*(order[k] for k in first), *order[3:]]}).passed


@pytest.mark.parametrize("name", ["W", "b"])
def test_one_array_changed_in_place_has_the_hint_as_well(name):
    ex = exercises.get("ch07.fit")
    source = ex.solution.replace(f"{name} = {name} - ", f"{name} -= ")
    assert check(ex, source).mistake == "in-place"


@pytest.mark.parametrize(
    "exercise", [ex for ex in CODE if ex.after], ids=lambda ex: ex.id
)
def test_a_function_that_is_right_can_be_seen_at_work(exercise, monkeypatch):
    shown = []
    monkeypatch.setattr("course.plots.show", lambda fig, alt: shown.append((fig, alt)))
    exercise.after(local.caller(exercise)(exercise.solution))
    ((figure, alt),) = shown
    assert figure.axes
    assert len(alt) > 60


# -- In the chapters -------------------------------------------------------------


@pytest.fixture(scope="module")
def cells():
    """Cells of all chapters that belong to an exercise, by its id."""
    found = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in read_notebook(path).cells:
            if "exercise" in cell.metadata:
                found.setdefault(cell.metadata.exercise, []).append(cell)
    return found


def test_the_chapters_hold_these_exercises_and_no_others(cells):
    assert set(cells) == {ex.id for ex in ALL}


def is_solved(exercise):
    """Before the course, the concept test keeps its answers to itself."""
    return exercise.chapter != "concept-before"


each_solved = pytest.mark.parametrize(
    "exercise", [*filter(is_solved, ALL)], ids=lambda ex: ex.id
)


@each
def test_an_exercise_is_a_statement_a_panel_and_a_solution(cells, exercise):
    kinds = [(cell.cell_type, set(cell.metadata.tags)) for cell in cells[exercise.id]]
    count = 3 if is_solved(exercise) else 2
    assert [kind for kind, _ in kinds] == ["markdown", "code", "code"][:count]
    tags = [tags & {"exercise", "solution"} for _, tags in kinds]
    assert tags == [{"exercise"}, {"exercise"}, {"solution"}][:count]


@each
def test_a_statement_names_title_points_and_minutes(cells, exercise):
    statement = cells[exercise.id][0].source
    assert statement.startswith(f"### Exercise: {exercise.title}\n")
    assert f"*{worth(exercise)}.*" in statement


@each_solved
def test_a_solution_ends_in_full_points(cells, exercise):
    (output,) = cells[exercise.id][2].outputs
    points = exercise.points
    assert output.text == f"{exercise.id}: {points} of {points}\n"


@each_code
def test_the_cells_of_a_chapter_are_stub_and_solution(cells, exercise):
    _, stub, solution = (cell.source for cell in cells[exercise.id])
    assert stub == f"%%exercise {exercise.id}\n{exercise.stub.rstrip()}"
    assert solution == f"%%solution {exercise.id}\n{exercise.solution.rstrip()}"


@each
def test_the_stored_panel_is_the_one_of_today(cells, exercise):
    (output,) = cells[exercise.id][1].outputs
    assert output.data["text/html"] == panel_html(panel_data(exercise))
