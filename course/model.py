"""What an exercise is: plain data, from which panel, check and grader work.

A statement stands in its chapter, in a Markdown cell tagged ``exercise``. All
the rest stands here once: what is drawn for a student, the right answer, the
mistakes people make as code that makes them, and the hint for each.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

Generator = np.random.Generator
Values = dict[str, Any]
Settings = Mapping[str, float]


class Failed(Exception):
    """A property does not hold; the message says so with the numbers to see it."""


class StudentError(Exception):
    """A student's code did not give a usable result.

    Parameters
    ----------
    kind : str
        'exception', 'forbidden' (an import or a kind of result), 'missing'
        (no such function), 'timeout', 'memory' or 'interrupted'.
    text : str
        For the student: what happened, cut to their own lines.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind, self.text = kind, text


@dataclass(frozen=True)
class Given:
    """An argument that is a function: ``name(*params)`` of the `given` source.

    A function cannot cross into a sandbox. Its maker's name and plain
    parameters can.
    """

    name: str
    params: tuple[Any, ...] = ()


class Call(Protocol):
    """A student's function, wherever it runs.

    Takes and returns plain data: numbers, bool, str, None, lists, tuples and
    dicts of these, arrays of float64, int64 and bool. Raises `StudentError` if
    there is no such result, `Failed` if an argument was changed.
    """

    def __call__(self, *args: Any) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and the hint that leads on from it.

    Attributes
    ----------
    name : str
        Unique in its exercise: "no-factor-2".
    hint : str
        Plain text.
    answer : callable or str
        From the personal values, the answer that this mistake gives; for
        `Code`, the source of a wrong solution.
    """

    name: str
    hint: str
    answer: Any


@dataclass(frozen=True)
class Property:
    """One claim about a student's function, worth points.

    `check` gets the function and a generator for its inputs. It raises
    `Failed` if the claim does not hold.
    """

    name: str
    points: int
    check: Callable[[Call, Generator], None]


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What all kinds share.

    Attributes
    ----------
    id : str
        "ch05.dense-backward".
    title : str
    points, minutes : int
    hints : tuple of str
        On demand, in order.
    mistakes : tuple of Mistake
        The first that fits an answer counts.
    """

    kind: ClassVar[str] = ""
    id: str
    title: str
    points: int
    minutes: int
    hints: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def chapter(self) -> str:
        """'ch05'."""
        return self.id.split(".")[0]


def nothing(rng: Generator) -> Values:
    """Draw nothing: for an exercise that is the same for everybody.

    Parameters
    ----------
    rng : numpy.random.Generator
        Not used.

    Returns
    -------
    dict
        Empty.
    """
    return {}


def none_shown(values: Values) -> dict[str, str]:
    """Show no personal values.

    Parameters
    ----------
    values : dict
        Not used.

    Returns
    -------
    dict
        Empty.
    """
    return {}


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """Numbers to predict; an answer is a list of floats, one a field.

    Attributes
    ----------
    draw : callable
        Generator -> values, with as many digits as `shown` shows.
    shown : callable
        Values -> label and text of each personal input.
    fields : tuple of str
        Labels of the answer's fields; the points are divided among them.
    answer : callable
        Values -> the right numbers.
    rtol : float
        Relative tolerance; 0 for counts.
    """

    kind: ClassVar[str] = "number"
    draw: Callable[[Generator], Values]
    shown: Callable[[Values], dict[str, str]]
    fields: tuple[str, ...]
    answer: Callable[[Values], tuple[float, ...]]
    rtol: float = 1e-3


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One of several options; an answer is the index of a *displayed* option.

    Attributes
    ----------
    draw, shown : callable
        As for `Number`.
    options : callable
        Values -> the options, unshuffled; what is displayed is shuffled.
    answer : callable
        Values -> index of the right one, unshuffled. Each other option is
        what one mistake answers.
    noted : str
        If not empty, all that a panel says to any answer: not whether it is
        right.
    """

    kind: ClassVar[str] = "choice"
    draw: Callable[[Generator], Values] = nothing
    shown: Callable[[Values], dict[str, str]] = none_shown
    options: Callable[[Values], tuple[str, ...]]
    answer: Callable[[Values], int]
    noted: str = ""


@dataclass(frozen=True)
class Line:
    """A line to put in its place, and its reason ("" where none is asked)."""

    text: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Order(Exercise):
    """Lines to put in order, each with its reason.

    An answer is ``{"order": [...], "reasons": [...]}``: indices of *displayed*
    lines from first to last, and for each of them the index of its reason in
    `reasons`. Exercises whose lines have no reasons leave "reasons" out.
    A mistake's answer is in terms of `lines` as they stand here: "order", or
    "reasons" as a dict of line and text, or both. It fits every answer that
    breaks all the rules which it breaks.

    Attributes
    ----------
    lines : tuple of Line
        In a right order.
    other_reasons : tuple of str
        Reasons that are no line's.
    before : tuple of (int, int), optional
        ``(i, j)``: line i comes before line j. Each line before the next one
        if not given.
    """

    kind: ClassVar[str] = "order"
    lines: tuple[Line, ...]
    other_reasons: tuple[str, ...] = ()
    before: tuple[tuple[int, int], ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """All reasons to choose among, sorted, so that order tells nothing."""
        named = {line.reason for line in self.lines if line.reason}
        return tuple(sorted(named | set(self.other_reasons)))

    @property
    def rules(self) -> tuple[tuple[int, int], ...]:
        """Pairs (i, j) of lines of which i must come first."""
        chain = tuple((i, i + 1) for i in range(len(self.lines) - 1))
        return self.before or chain


@dataclass(frozen=True)
class Slider:
    """A number to set: from `low` to `high` in steps, first at `start`."""

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float

    @property
    def count(self) -> int:
        """How many places it has."""
        return round((self.high - self.low) / self.step) + 1

    def place(self, value: float) -> int:
        """Return the index of the nearest place; halves go up.

        Parameters
        ----------
        value : float

        Returns
        -------
        int
            May lie outside ``range(count)``.
        """
        return int(np.floor((value - self.low) / self.step + 0.5))

    def at(self, place: int) -> float:
        """Return the value of a place.

        Parameters
        ----------
        place : int

        Returns
        -------
        float
            Free of rounding noise: 0.3, not 0.30000000000000004.
        """
        return round(self.low + place * self.step, 10)


@dataclass(frozen=True)
class Curve:
    """A curve of a figure; a single point is a curve of one point.

    `role` is a colour's meaning: data, activation, gradient, loss, parameter.
    """

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    role: str


@dataclass(frozen=True)
class Frame:
    """What a setting shows: readings in words and numbers, and curves."""

    readings: dict[str, float]
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tune(Exercise):
    """Sliders over a live figure, until a goal is met.

    An answer is a dict of slider names and values; the same numbers can be
    typed, and the readings stand in words, so no sight of the figure is needed.

    Attributes
    ----------
    draw, shown : callable
        As for `Number`.
    sliders : tuple of Slider
        Their grid is small enough to compute a frame for each of its points.
    goal : str
        What is to be reached, in terms of the readings.
    background : callable
        Values -> curves that no slider moves.
    frame : callable
        Values and settings -> `Frame`.
    accept : callable
        Values and settings -> whether the goal is met.
    answer : callable
        Values -> settings that meet it.
    xlabel, ylabel : str
        Of the figure.
    """

    kind: ClassVar[str] = "tune"
    draw: Callable[[Generator], Values]
    shown: Callable[[Values], dict[str, str]]
    sliders: tuple[Slider, ...]
    goal: str
    background: Callable[[Values], tuple[Curve, ...]]
    frame: Callable[[Values, Settings], Frame]
    accept: Callable[[Values, Settings], bool]
    answer: Callable[[Values], Settings]
    xlabel: str = ""
    ylabel: str = ""


@dataclass(frozen=True, kw_only=True)
class Code(Exercise):
    """A function to write; an answer is the source of its cell.

    Attributes
    ----------
    function : str
        Its name.
    stub : str
        What the student starts from; it runs, and is worth nothing.
    solution : str
    given : str
        Source that runs before the student's in the same namespace.
    imports : frozenset of str
        Of "np" and "bp": what is there without an import.
    properties : tuple of Property
        Their points add up to `points`.
    case : callable
        Generator -> argument tuples on which the mistakes are told apart.
    after : callable, optional
        Shows a figure, by `plots.show`, of the student's own function at work.
    """

    kind: ClassVar[str] = "code"
    function: str
    stub: str
    solution: str
    given: str = ""
    imports: frozenset[str] = frozenset({"np"})
    properties: tuple[Property, ...]
    case: Callable[[Generator], tuple[tuple[Any, ...], ...]]
    after: Callable[[Call], None] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the function's arguments, read off the stub."""
        for node in ast.parse(self.stub).body:
            if isinstance(node, ast.FunctionDef) and node.name == self.function:
                return tuple(arg.arg for arg in node.args.args)
        raise ValueError(f"{self.id}: the stub defines no function {self.function}")


@dataclass(frozen=True)
class PropertyResult:
    """What became of one property, or of one field of a `Number`."""

    name: str
    points: float
    got: float
    message: str = ""


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes
    ----------
    id : str
    score : float
    max : int
    passed : bool
        Full score.
    message : str
        In words: what is right, or the first thing that is not, with the
        numbers to see it.
    hint : str
        Of the mistake; "" where none fits.
    mistake : str or None
        Its name.
    properties : tuple of PropertyResult
    """

    id: str
    score: float
    max: int
    passed: bool
    message: str
    hint: str = ""
    mistake: str | None = None
    properties: tuple[PropertyResult, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.id}: {self.score:g} of {self.max}"
