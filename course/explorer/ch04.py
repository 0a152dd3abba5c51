"""Chapter 4: the reader walks the backward pass, node by node."""

from __future__ import annotations

from html import escape

import backprop as bp
from backprop.functions import SIGMOID, SOFTPLUS
from course.explorer.ch04_nodes import NODES, Node
from course.explorer.model import Data, Exploration

WIDTH, HEIGHT = 360, 520
BOX = (114, 58)


def graph() -> dict[str, bp.Value]:
    """Return image 2's path through hidden neuron 2, with all gradients.

    Returns
    -------
    dict of str to backprop.Value

    Notes
    -----
    Hidden neurons 0 and 1 cancel at the start (they are mirror images), so that
    y is the network's logit for this image, and dw, db and dv are the gradients
    of W1[0, 2], b1[2] and W2[2, 0] for this image alone.
    """
    images, _ = bp.data.digit_images()
    upper, lower = images[2, 2:5, 2].mean(), images[2, 5:7, 2:4].mean()
    u, t, w, b, v = map(bp.Value, (upper, 1.0, 2.0, -1.0, -1.0))
    z = u * w + lower + b
    a = z.tanh()
    y = a * v
    s, q = y.apply(SOFTPLUS), t * y
    L = s - q
    L.backward()
    return dict(u=u, w=w, b=b, z=z, a=a, v=v, y=y, t=t, s=s, q=q, L=L)


def _backward() -> Data:
    values = graph()
    sigma = float(SIGMOID.f(values["y"].data))
    return {
        "size": [WIDTH, HEIGHT],
        "box": list(BOX),
        "sigma": sigma,
        # What each consumer of y says of it; all other nodes have one consumer.
        "paths": {"y": {"s": sigma, "q": -values["t"].data}},
        "nodes": [
            {
                "name": node.name,
                "formula": node.formula,
                "kind": node.kind,
                "at": list(node.at),
                "parents": list(node.parents),
                "value": values[node.name].data,
                "grad": values[node.name].grad,
                "because": node.because,
                "slips": [list(slip) for slip in node.slips],
            }
            for node in NODES
        ],
    }


def _picture(data: Data) -> str:
    at = {node.name: node.at for node in NODES}
    half = BOX[1] // 2
    edges = "".join(
        f"M{at[p][0]} {at[p][1] + half}L{node.at[0]} {node.at[1] - half}"
        for node in NODES
        for p in node.parents
    )
    boxes = "".join(map(_box, NODES, [node["value"] for node in data["nodes"]]))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-size="16" text-anchor="middle" fill="currentColor">'
        f'<path d="{edges}" fill="none" stroke="currentColor"/>{boxes}</svg>'
    )


def _box(node: Node, value: float) -> str:
    (x, y), (width, height) = node.at, BOX
    known = f"{value:.4f}".replace("-", "−")
    return (
        f'<rect x="{x - width // 2}" y="{y - height // 2}" width="{width}" '
        f'height="{height}" rx="4" fill="none" stroke="currentColor"/>'
        f'<text x="{x}" y="{y - 5}">{node.name} = {escape(node.formula)}</text>'
        f'<text x="{x}" y="{y + 18}">{known}</text>'
    )


def _alt(data: Data) -> str:
    lines = (
        f"{node['name']} ({node['formula']}) is {node['value']:.4f}"
        for node in data["nodes"]
    )
    told = ", ".join(lines).replace("-", "−")
    return f"A graph from the inputs down to the loss. {told}. No gradient is known."


EXPLORATIONS = (
    Exploration(
        id="ch04.backward",
        title="Walk the backward pass",
        task=(
            "Image 2, a two, on its way through hidden neuron 2 to the loss; its "
            "target is 1. (Hidden neurons 0 and 1 cancel here, and ℓ = 0.9531 comes "
            "in with weight 1.) `dL = 1` is known. Pick a node whose gradient can be "
            "computed next, and type it, until `dw`, `db` and `dv` are known. Which "
            "node has to wait for two others, and what happens to what they say?"
        ),
        view="backward",
        data=_backward,
        picture=_picture,
        alt=_alt,
    ),
)
