"""The nodes of chapter 4's explorer: where they stand, and what slips mean.

A slip is a wrong gradient, as an expression that a reader could have typed
(`sigma` is σ(y)), with the words that lead on from it.
"""

from __future__ import annotations

from dataclasses import dataclass

ALONE = "That is the local derivative alone. Which blame arrives from {}?"
OWN = (
    "You took the factor's own value. When it moves a little, how fast does the "
    "product move?"
)


@dataclass(frozen=True)
class Node:
    """A node: name, formula, kind, centre, parents by name, reason, slips."""

    name: str
    formula: str
    kind: str  # "given", "parameter", "inner" or "loss"
    at: tuple[int, int]
    parents: str = ""
    because: str = ""
    slips: tuple[tuple[str, str], ...] = ()


NODES = (
    Node("u", "ink", "given", (58, 38)),
    Node(
        "w",
        "weight",
        "parameter",
        (180, 38),
        because="dw = dz · u. A product hands each factor the blame times the other "
        "factor: blame times input, as in chapter 1.",
        slips=(
            ("u", ALONE.format("z")),
            ("dz*w", OWN),
            ("dz", "When w moves by 1, z moves by u, not by 1."),
        ),
    ),
    Node(
        "b",
        "bias",
        "parameter",
        (302, 38),
        because="db = dz · 1. A sum copies the blame to everything that is added.",
        slips=(
            ("1", ALONE.format("z")),
            ("dz*b", "When b moves by 1, how far does the sum z move?"),
        ),
    ),
    Node(
        "z",
        "uw+ℓ+b",
        "inner",
        (180, 132),
        "uwb",
        because="dz = da · (1 − a²). The slope of tanh dampens what passes.",
        slips=(
            ("1-a*a", ALONE.format("a")),
            ("da*a", "You took tanh's output for its slope. The slope is 1 − a²."),
            ("da*(1-z*z)", "In 1 − a² stands tanh's output a, not its input z."),
            ("da*a*(1-a)", "a(1 − a) is the sigmoid's slope. This neuron uses tanh."),
            ("da", "The blame at a has still to pass tanh, whose slope is not 1."),
        ),
    ),
    Node(
        "a",
        "tanh z",
        "inner",
        (116, 220),
        "z",
        because="da = dy · v. A product hands a the blame times the other factor, v.",
        slips=(
            ("v", ALONE.format("y")),
            ("dy*a", OWN),
            ("dy", "y = av, and v is not 1: when a moves by 1, how far does y?"),
        ),
    ),
    Node(
        "v",
        "weight",
        "parameter",
        (278, 220),
        because="dv = dy · a. Blame times input again; here the input is a.",
        slips=(
            ("a", ALONE.format("y")),
            ("dy*v", OWN),
            ("dy+a", "Along a path, blame and local derivative are multiplied."),
        ),
    ),
    Node(
        "y",
        "av",
        "inner",
        (180, 308),
        "av",
        because="dy = ds · σ(y) + dq · t = σ(y) − t. Two consumers, two paths, and "
        "the blames add. It is the blame at a logit that chapter 3 found.",
        slips=(
            ("sigma", "That is what comes through s alone; y is used twice."),
            ("-1", "That is what comes through q alone; y is used twice."),
            ("sigma+1", "Both paths are there. Look at the sign of dq again."),
            ("-sigma", "Along a path, factors multiply. What do two paths do?"),
            (
                "sigma*(1-sigma)-1",
                "σ(1 − σ) is the slope of the sigmoid. That of ln(1 + eʸ) is σ(y).",
            ),
        ),
    ),
    Node("t", "target", "given", (302, 308)),
    Node(
        "s",
        "ln(1 + eʸ)",
        "inner",
        (84, 404),
        "y",
        because="ds = dL · 1. A sum copies the blame.",
        slips=(
            ("-1", "L = s − q. Does L grow or fall when s grows?"),
            ("sigma", "That is how s moves with y. Asked is how L moves with s."),
        ),
    ),
    Node(
        "q",
        "ty",
        "inner",
        (276, 404),
        "ty",
        because="dq = dL · (−1). q is subtracted: when it grows, the loss falls.",
        slips=(("1", "L = s − q. Does L grow or fall when q grows?"),),
    ),
    Node("L", "s − q", "loss", (180, 486), "sq"),
)
