"""The concept test: ten questions, asked before the course and after it.

One definition makes both tests. Each wrong option is a misconception that
people have of backpropagation. Before the course an answer is told which idea
is at stake and which chapter treats it, and no more; after it, a wrong one gets
a hint. Neither test counts for a grade.
"""

from __future__ import annotations

from dataclasses import dataclass

from course.model import Choice, Exercise, Mistake


@dataclass(frozen=True)
class Belief:
    """A misconception: what one says who holds it, and what to tell them.

    `idea` stands before the course in "What is at stake here is …"; `hint`
    leads on after it.
    """

    name: str
    option: str
    idea: str
    chapter: int
    hint: str


@dataclass(frozen=True)
class Item:
    """A question of the test; its statement stands on the test's pages."""

    name: str
    title: str
    right: str
    beliefs: tuple[Belief, ...]


ITEMS = (
    Item(
        "purpose",
        "What backpropagation does",
        "It finds how fast the loss moves with each weight. What to do with these "
        "numbers, another method decides.",
        (
            Belief(
                "is-gradient-descent",
                "It moves each weight a little, in the direction in which the loss "
                "falls.",
                "the difference between knowing a slope and taking a step",
                6,
                "Adam, momentum and plain descent move the weights in three ways. What "
                "do all three ask for first?",
            ),
            Belief(
                "hidden-targets",
                "It tells each neuron in the middle which answer it should have given, "
                "and how far off it was.",
                "what a neuron in the middle of a network is told",
                5,
                "Is there a target for a hidden neuron anywhere in the data? What does "
                "its dA measure?",
            ),
            Belief(
                "runs-backward",
                "It sends the outputs through the network in reverse, to see which "
                "inputs would have been right.",
                "what it is that travels backwards",
                5,
                "Write down what goes from layer to layer on the way back. Is it an "
                "output, or a rate?",
            ),
        ),
    ),
    Item(
        "meaning",
        "A derivative of −5",
        "If w grows by a tiny amount, the loss falls by about five times as much.",
        (
            Belief(
                "how-far-to-go",
                "To make the loss as small as possible, w must grow by 5.",
                "how far away from here a derivative can see",
                1,
                "A slope is known at one place. Does it say where the bottom lies?",
            ),
            Belief(
                "share-of-the-loss",
                "Of the present loss, w has caused a part of size 5.",
                "whether a derivative looks back, or ahead",
                1,
                "Chapter 1 multiplied a weight by ten, and the ratio of the two "
                "derivatives stayed. Does a derivative ask what has happened, or what "
                "would?",
            ),
            Belief(
                "new-value",
                "The weight w is 5 too large.",
                "what the sign and the unit of a derivative mean",
                1,
                "The derivative is negative. Which way does the loss go when w grows? "
                "And 5 of what?",
            ),
        ),
    ),
    Item(
        "error",
        "The larger loss",
        "Nothing: a large loss can go with tiny derivatives, and a small one with "
        "large ones.",
        (
            Belief(
                "gradient-is-error",
                "The derivatives are larger in the first network: they are the error, "
                "handed on to the weights.",
                "whether a derivative is an error",
                1,
                "Think of the neuron that was wrong, certain and deaf. How large was "
                "its error, and how large were its derivatives?",
            ),
            Belief(
                "far-is-flat",
                "The derivatives are smaller in the first network: far from the goal "
                "every slope is gentle.",
                "what distance from the goal has to do with the slope",
                1,
                "Cross-entropy is steep exactly where the answer is wrong and certain. "
                "So is the slope always gentle there?",
            ),
            Belief(
                "proportional",
                "The derivatives are larger in the first network, in proportion to the "
                "two losses.",
                "which factors a derivative is made of",
                1,
                "Which factors does the derivative of one weight have besides the "
                "error? Do they grow with the loss?",
            ),
        ),
    ),
    Item(
        "blame",
        "Which weight has more say?",
        "The derivative for v: its input is larger.",
        (
            Belief(
                "large-weight",
                "The derivative for w: it is the larger weight.",
                "whether a weight's size makes it more to blame",
                1,
                "If w grows by a hundredth, by how much does the sum move? Does the "
                "size of w come into that?",
            ),
            Belief(
                "contribution",
                "The derivative for w: it contributes more to the neuron's sum.",
                "the difference between what a weight adds and what a change would",
                1,
                "The products are what the weights have contributed. What would a "
                "small change of each contribute?",
            ),
            Belief(
                "same-neuron",
                "They are equal: both weights lead into the same neuron.",
                "which part of its derivative a weight shares with its neighbours",
                1,
                "The blame that arrives at the neuron is the same for both. What is it "
                "multiplied by?",
            ),
        ),
    ),
    Item(
        "paths",
        "Three ways forward",
        "The sum of what comes back along the three connections.",
        (
            Belief(
                "mean",
                "The mean of what comes back along the three connections.",
                "what happens where several paths meet",
                4,
                "A small change of a goes along all three connections at once. Does it "
                "share itself out among them?",
            ),
            Belief(
                "strongest",
                "What comes back along the connection with the largest weight.",
                "whether one connection can stand for all",
                4,
                "If the two other connections were cut, would the loss react to a just "
                "as before?",
            ),
            Belief(
                "product",
                "The product of what comes back along the three connections.",
                "where rates multiply",
                4,
                "Rates multiply along one path. Are the three connections parts of one "
                "path?",
            ),
        ),
    ),
    Item(
        "order",
        "When to change the last layer",
        "When the way back is through: the layers below need these weights as they "
        "were.",
        (
            Belief(
                "at-once",
                "As soon as its own derivatives are known, so that the layers below "
                "profit from better weights.",
                "which weights the way back goes through",
                5,
                "Blame goes down through the last layer's weights. At which place is "
                "the gradient then taken, if they have just been changed?",
            ),
            Belief(
                "any-order",
                "At any time: each layer's derivatives are its own affair.",
                "what the layers need from each other on the way back",
                5,
                "What stands in the formula for the blame of the layer below?",
            ),
            Belief(
                "before",
                "Before the way back begins: the error at the output is known by then.",
                "what has to be known before a weight can be changed",
                5,
                "The error at the output is not yet the derivative of a weight. What "
                "is missing?",
            ),
        ),
    ),
    Item(
        "cost",
        "A million weights",
        "About as much as a few passes forward.",
        (
            Belief(
                "one-pass-each",
                "About as much as a million passes forward: one for each weight.",
                "what all the weights' derivatives have in common",
                5,
                "That is the price of wiggling. What does the way back compute once "
                "and use for all weights of a layer?",
            ),
            Belief(
                "one-pass-a-path",
                "About as much as there are paths from the weights to the loss.",
                "how paths can be added up without being listed",
                4,
                "Paths that end in the same neuron share the rest of the way. How "
                "often is that rest walked?",
            ),
            Belief(
                "free",
                "Next to nothing: all that is needed is known after the way forward.",
                "what is still to be done when the answers are known",
                5,
                "Count multiplications: each weight is used for one derivative, and "
                "once more to hand blame on.",
            ),
        ),
    ),
    Item(
        "zero",
        "Derivatives of zero",
        "If any weight moves a little, the loss hardly changes. More cannot be said.",
        (
            Belief(
                "no-error",
                "The loss is zero, or nearly so: nothing is left to learn.",
                "what a derivative of zero says about the loss itself",
                1,
                "A network of dead neurons has derivatives of exactly zero. What is "
                "its loss?",
            ),
            Belief(
                "best-weights",
                "These are the best weights there are for this network and this data.",
                "how far around itself a derivative can see",
                6,
                "The derivatives tell of the place where we stand. What do they tell "
                "of a valley elsewhere?",
            ),
            Belief(
                "a-valley",
                "The network stands in a valley: every small move makes the loss "
                "larger.",
                "which places have no slope",
                6,
                "A hilltop has no slope either, nor has a plain. Which of them is it?",
            ),
        ),
    ),
    Item(
        "step",
        "A step that went wrong",
        "The step was too long: derivatives hold for small moves.",
        (
            Belief(
                "cannot-be",
                "It cannot be: against right derivatives, the loss always falls.",
                "what a derivative promises, and for which moves",
                6,
                "Chapter 1 made a giant step with the right gradient. What became of "
                "its promise?",
            ),
            Belief(
                "one-at-a-time",
                "The weights were moved all at once: each derivative is true only "
                "while the others stand still.",
                "what happens when all weights make a small move together",
                1,
                "For small moves the changes of all weights simply add. What is it "
                "that must be small?",
            ),
            Belief(
                "left-a-minimum",
                "The loss was at its lowest before, so every step had to raise it.",
                "what derivatives that are not zero say about the place",
                6,
                "At the lowest point, what would the derivatives have been?",
            ),
        ),
    ),
    Item(
        "proof",
        "Is the program right?",
        "Not that they are right: they have to agree with measured slopes.",
        (
            Belief(
                "loss-falls",
                "They are right: with wrong derivatives the loss would not fall.",
                "what a falling loss proves",
                5,
                "Halve every derivative, or forget one layer's. Does the loss still "
                "fall?",
            ),
            Belief(
                "shapes",
                "They are right: each has the shape of its weights, which leaves only "
                "one formula.",
                "what a matching shape proves",
                5,
                "Make a layer with as many outputs as inputs. How many formulas fit "
                "its shape then?",
            ),
            Belief(
                "up-to-a-factor",
                "They are right but perhaps for a common factor, which the step size "
                "makes up for.",
                "which faults a step size can make up for",
                5,
                "A missing slope of the bend is another factor for each neuron and "
                "each example. Can one step size undo that?",
            ),
        ),
    ),
)

WAIT = "Say what you believe now. The course will come back to it."


def _choice(item: Item, test: str) -> Choice:
    before = test == "concept-before"
    return Choice(
        id=f"{test}.{item.name}",
        title=item.title,
        points=1,
        minutes=2,
        options=lambda v: (item.right, *(b.option for b in item.beliefs)),
        answer=lambda v: 0,
        hints=(WAIT,) if before else (f"Chapter {item.beliefs[0].chapter} has it.",),
        mistakes=tuple(
            Mistake(
                belief.name,
                f"What is at stake here is {belief.idea}. Chapter {belief.chapter} "
                "treats it."
                if before
                else belief.hint,
                lambda v, k=k: k,
            )
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
