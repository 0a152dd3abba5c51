"""The concept test: ten questions, asked before the course and after it.

One definition makes both tests. Each wrong option is a misconception that
people have of backpropagation. Before the course any answer is told which chapter
treats the question, and not whether it is right; after it, a wrong one gets a
hint. Neither test counts for a grade.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.model import Choice, Exercise, Mistake


@dataclass(frozen=True)
class Belief:
    """A misconception: what one says who holds it; after the course, a hint."""

    name: str
    option: str
    hint: str


@dataclass(frozen=True)
class Item:
    """A question of the test; its statement stands on the test's pages."""

    name: str
    title: str
    chapter: int
    right: str
    beliefs: tuple[Belief, ...]


ITEMS = (
    Item(
        "purpose",
        "What backpropagation does",
        6,
        "It finds how fast the loss moves with each weight. What to do with these "
        "numbers, another method decides.",
        (
            Belief(
                "is-gradient-descent",
                "It moves each weight a little, in the direction in which the loss "
                "falls.",
                "Adam, momentum and plain descent move the weights in three ways. What "
                "do all three ask for first?",
            ),
            Belief(
                "hidden-targets",
                "It tells each neuron in the middle which answer it should have given, "
                "and how far off it was.",
                "Is there a target for a hidden neuron anywhere in the data? What does "
                "its dA measure?",
            ),
            Belief(
                "runs-backward",
                "It sends the outputs through the network in reverse, to see which "
                "inputs would have been right.",
                "Write down what goes from layer to layer on the way back. Is it an "
                "output, or a rate?",
            ),
        ),
    ),
    Item(
        "meaning",
        "A derivative of −5",
        1,
        "If w grows by a tiny amount, the loss falls by about five times as much.",
        (
            Belief(
                "how-far-to-go",
                "To make the loss as small as possible, w must grow by 5.",
                "A slope is known at one place. Does it say where the bottom lies?",
            ),
            Belief(
                "share-of-the-loss",
                "Of the present loss, w has caused a part of size 5.",
                "Chapter 1 multiplied a weight by ten, and the ratio of the two "
                "derivatives stayed. Does a derivative ask what has happened, or what "
                "would?",
            ),
            Belief(
                "new-value",
                "The weight w is 5 too large.",
                "The derivative is negative. Which way does the loss go when w grows? "
                "And 5 of what?",
            ),
        ),
    ),
    Item(
        "error",
        "The larger loss",
        1,
        "Nothing: a large loss can go with tiny derivatives, and a small one with "
        "large ones.",
        (
            Belief(
                "gradient-is-error",
                "The derivatives are larger in the first network: they are the error, "
                "handed on to the weights.",
                "Think of the neuron that was wrong, certain and deaf. How large was "
                "its error, and how large were its derivatives?",
            ),
            Belief(
                "far-is-flat",
                "The derivatives are smaller in the first network: far from the goal "
                "every slope is gentle.",
                "Cross-entropy is steep exactly where the answer is wrong and certain. "
                "So is the slope always gentle there?",
            ),
            Belief(
                "weights-alone",
                "Nothing: the derivatives depend on the weights alone, not on how "
                "wrong the answers are.",
                "Keep the weights and change the target. Which factor of chapter 1's "
                "derivative changes with it?",
            ),
        ),
    ),
    Item(
        "blame",
        "Which weight has more say?",
        1,
        "The derivative for v: its input is larger.",
        (
            Belief(
                "large-weight",
                "The derivative for w: it is the larger weight.",
                "If w grows by a hundredth, by how much does the sum move? Does the "
                "size of w come into that?",
            ),
            Belief(
                "contribution",
                "The derivative for w: it contributes more to the neuron's sum.",
                "The products are what the weights have contributed. What would a "
                "small change of each contribute?",
            ),
            Belief(
                "same-neuron",
                "They are equal: both weights lead into the same neuron.",
                "The blame that arrives at the neuron is the same for both. What is it "
                "multiplied by?",
            ),
        ),
    ),
    Item(
        "paths",
        "Three ways forward",
        4,
        "The sum of the three rates.",
        (
            Belief(
                "mean",
                "The mean of the three rates.",
                "A small change of a goes along all three connections at once. Does it "
                "share itself out among them?",
            ),
            Belief(
                "strongest",
                "The rate along the connection with the largest weight.",
                "If the two other connections were cut, would the loss react to a just "
                "as before?",
            ),
            Belief(
                "product",
                "The product of the three rates.",
                "Rates multiply along one path. Are the three connections parts of one "
                "path?",
            ),
        ),
    ),
    Item(
        "order",
        "When to change the last layer",
        5,
        "As soon as they have been used, as they were, for the derivatives of the "
        "layer before.",
        (
            Belief(
                "at-once",
                "As soon as their own derivatives are known, so that the layers before "
                "profit from better weights.",
                "Blame goes down through the last layer's weights. At which place is "
                "the gradient then taken, if they have just been changed?",
            ),
            Belief(
                "any-order",
                "At any time: each layer's derivatives are its own affair.",
                "What stands in the formula for the blame of the layer before?",
            ),
            Belief(
                "before",
                "Before any derivative is computed: how wrong the answers are is known "
                "by then.",
                "The error at the output is not yet the derivative of a weight. What "
                "is missing?",
            ),
        ),
    ),
    Item(
        "cost",
        "A million weights",
        5,
        "About as much as computing its answer a few times.",
        (
            Belief(
                "one-pass-each",
                "About as much as computing its answer a million times: once for each "
                "weight.",
                "That is the price of wiggling. What does the way back compute once "
                "and use for all weights of a layer?",
            ),
            Belief(
                "one-pass-a-path",
                "At least one multiplication for each path that leads from a weight to "
                "the loss.",
                "Paths that end in the same neuron share the rest of the way. How "
                "often is that rest walked?",
            ),
            Belief(
                "free",
                "Next to nothing: all that is needed is known once it has answered.",
                "Count multiplications: each weight is used for one derivative, and "
                "once more to hand blame on.",
            ),
        ),
    ),
    Item(
        "zero",
        "Derivatives of zero",
        6,
        "If any weight moves a little, the loss hardly changes. More cannot be said.",
        (
            Belief(
                "no-error",
                "The loss is zero, or nearly so: nothing is left to learn.",
                "A network of dead neurons has derivatives of exactly zero. What is "
                "its loss?",
            ),
            Belief(
                "best-weights",
                "These are the best weights there are for this network and this data.",
                "The derivatives tell of the place where we stand. What do they tell "
                "of a valley elsewhere?",
            ),
            Belief(
                "a-valley",
                "The network stands in a valley: every small move makes the loss "
                "larger.",
                "A hilltop has no slope either, nor has a plain. Which of them is it?",
            ),
        ),
    ),
    Item(
        "step",
        "A step that went wrong",
        6,
        "The step was too long: derivatives hold for small moves.",
        (
            Belief(
                "cannot-be",
                "It cannot be: if the derivatives are right, the loss falls.",
                "Chapter 1 made a giant step with the right gradient. What became of "
                "its promise?",
            ),
            Belief(
                "one-at-a-time",
                "The weights were moved all at once: each derivative is true only "
                "while the others stand still.",
                "For small moves the changes of all weights simply add. What is it "
                "that must be small?",
            ),
            Belief(
                "left-a-minimum",
                "The loss was at its lowest before, so every step had to raise it.",
                "At the lowest point, what would the derivatives have been?",
            ),
        ),
    ),
    Item(
        "proof",
        "Is the program right?",
        5,
        "Not whether they are right. To know that, compare them with measured slopes.",
        (
            Belief(
                "loss-falls",
                "They are right: with wrong derivatives the loss would not fall.",
                "Halve every derivative, or forget one layer's. Does the loss still "
                "fall?",
            ),
            Belief(
                "shapes",
                "They are right: only one formula gives numbers that fit these rows "
                "and columns.",
                "Make a layer with as many outputs as inputs. How many formulas fit "
                "its shape then?",
            ),
            Belief(
                "up-to-a-factor",
                "They are right but perhaps for a common factor, which the step size "
                "makes up for.",
                "A missing slope of the bend is another factor for each neuron and "
                "each example. Can one step size undo that?",
            ),
        ),
    ),
)

WAIT = "Say what you believe now. The course will come back to it."


def _choice(item: Item, test: str) -> Choice:
    before = test == "concept-before"
    where = f"Chapter {item.chapter} treats it."
    return Choice(
        id=f"{test}.{item.name}",
        title=item.title,
        points=1,
        minutes=2,
        options=lambda v: (item.right, *(b.option for b in item.beliefs)),
        answer=lambda v: 0,
        noted=f"Noted. {where}" if before else "",
        hints=(WAIT if before else where,),
        mistakes=tuple(
            Mistake(belief.name, belief.hint, lambda v, k=k: k)
            for k, belief in enumerate(item.beliefs, start=1)
        ),
    )


def test_of(name: str) -> tuple[Exercise, ...]:
    """Return the ten questions as one of the two tests.

    Parameters
    ----------
    name : str
        "concept-before" or "concept-after": what the ids begin with.

    Returns
    -------
    tuple of Exercise
    """
    return tuple(_choice(item, name) for item in ITEMS)
