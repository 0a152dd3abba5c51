"""Data: what the generators promise, the digits, and the split."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

import backprop as bp
from backprop import data


def test_xor_is_its_truth_table():
    X, T = data.xor()
    np.testing.assert_array_equal(X, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(T, [[0], [1], [1], [0]])
    assert X.dtype == T.dtype == np.float64


def test_parity_has_every_pattern_once_and_counts_its_ones():
    X, T = data.parity(4)
    assert {tuple(row) for row in X} == {
        (a, b, c, d) for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)
    }
    assert X.shape == (16, 4)
    np.testing.assert_array_equal(T[:, 0], [row.sum() % 2 for row in X])
    np.testing.assert_array_equal(data.parity(1)[1], [[0], [1]])


def test_spirals_without_noise_lie_where_they_should():
    X, T = data.spirals(5, 3, noise=0, turns=0.5)
    np.testing.assert_array_equal(T, np.repeat([0, 1, 2], 5))
    # radius from .05 to 1; at radius 1 half a turn from the start, and class k
    # a k-th third of a turn further: angles 180°, 300°, 60°.
    radius = np.hypot(*X.T).reshape(3, 5)
    np.testing.assert_allclose(radius, [np.linspace(0.05, 1, 5)] * 3, rtol=1e-14)
    ends = X[[4, 9, 14]]
    expected = [[-1, 0], [0.5, -np.sqrt(0.75)], [0.5, np.sqrt(0.75)]]
    np.testing.assert_allclose(ends, expected, atol=1e-14)  # cos of rounded angles


def test_noise_moves_spirals_on_their_circles_only():
    clean, _ = data.spirals(50, noise=0)
    noisy, _ = data.spirals(50, noise=0.3, rng=0)
    np.testing.assert_allclose(np.hypot(*noisy.T), np.hypot(*clean.T), rtol=1e-14)
    angle = np.angle((noisy @ [1, 1j]) / (clean @ [1, 1j]))
    # 100 draws of σ = .3: the sample's σ lies within 4·.3/√200 of it.
    assert angle.std() == pytest.approx(0.3, abs=0.085)


@pytest.mark.parametrize(
    ("kind", "at_half"),
    [("line", 0.25), ("sine", 1.0), ("step", 1.0), ("bump", np.exp(-2))],
)
def test_curves_without_noise_are_their_formulas(kind, at_half):
    X, T = data.curve(5, kind, noise=0)
    np.testing.assert_array_equal(X, [[-1], [-0.5], [0], [0.5], [1]])
    assert T.shape == (5, 1)
    assert T[3, 0] == pytest.approx(at_half, rel=1e-15)
    # All but the bump are odd functions, the bump is even (step: but at 0).
    sign = 1 if kind == "bump" else -1
    assert T[1, 0] == pytest.approx(sign * at_half, rel=1e-15)


def test_noise_of_a_curve_has_the_given_size():
    noise = data.curve(400, noise=0.2, rng=0)[1] - data.curve(400, noise=0)[1]
    assert noise.std() == pytest.approx(0.2, abs=4 * 0.2 / np.sqrt(800))


@pytest.mark.parametrize("make", [data.spirals, data.curve])
def test_same_seed_same_data_and_global_state_is_untouched(make):
    before = np.random.get_state()[1].copy()
    for first, again in zip(make(rng=1), make(rng=1), strict=True):
        np.testing.assert_array_equal(first, again)
    assert any((a != b).any() for a, b in zip(make(rng=1), make(rng=2), strict=True))
    after = np.random.get_state()[1]
    np.testing.assert_array_equal(after, before)


def test_digits_are_scikit_learns_exactly():
    images, labels = data.digit_images()
    published = load_digits()
    np.testing.assert_array_equal(images * 16, published.images)
    np.testing.assert_array_equal(labels, published.target)
    assert (images.dtype, labels.dtype.kind) == (np.float64, "i")


@pytest.mark.parametrize(
    ("image", "label", "u", "lower"),
    [
        (3, 3, 0.0625, 0.1875),
        (6, 6, 0.875, 0.8125),
        (5, 5, 0.5, 0.140625),
        (2, 2, 17 / 48, 0.953125),
    ],
)
def test_the_running_examples_strokes(image, label, u, lower):
    images, labels = data.digit_images()
    pixels = images[image]
    assert labels[image] == label
    if image == 2:  # a mean of thirds: .3541667 to the digits the book gives
        assert pixels[2:5, 2].mean() == pytest.approx(0.3541667, abs=5e-8)
    else:
        assert pixels[2:5, 2].mean() == u
    assert pixels[5:7, 2:4].mean() == lower


def test_digits_have_the_promised_parts():
    parts = data.digits()
    assert [len(part) for part in parts] == [1079, 1079, 359, 359, 359, 359]
    assert parts.X_train.shape == (1079, 64)
    for first, again in zip(parts, data.digits(), strict=True):
        np.testing.assert_array_equal(first, again)
    # Every image in exactly one part, with its own label.
    images, labels = data.digit_images()

    def rows(X, T):
        return sorted(map(bytes, np.column_stack([X, T])))

    X = np.concatenate([parts.X_train, parts.X_val, parts.X_test])
    T = np.concatenate([parts.T_train, parts.T_val, parts.T_test])
    assert rows(X, T) == rows(images.reshape(-1, 64), labels)


def test_split_is_disjoint_complete_and_stratified():
    labels = np.repeat([0, 1, 2, 5], [100, 37, 61, 2])
    ids = np.arange(200)
    parts = data.split(ids, labels, validation=0.25, test=0.1, rng=3)
    together = np.concatenate([parts.X_train, parts.X_val, parts.X_test])
    np.testing.assert_array_equal(np.sort(together), ids)
    shares = (0.65, 0.25, 0.1)
    for X, T, share in zip(parts[::2], parts[1::2], shares, strict=True):
        np.testing.assert_array_equal(T, labels[X])  # rows kept their labels
        for label in np.unique(labels):
            expected = share * (labels == label).sum()
            assert abs((label == T).sum() - expected) <= 1


def test_split_mixes_the_classes_and_follows_its_seed():
    labels = np.repeat([0, 1], 50)
    one, same, other = (data.split(np.arange(100), labels, rng=s) for s in (1, 1, 2))
    for a, b in zip(one, same, strict=True):
        np.testing.assert_array_equal(a, b)
    assert set(one.X_test) != set(other.X_test)
    assert (np.diff(one.T_train) != 0).sum() > 10  # in order there would be one


def test_split_returns_copies():
    X, T = np.zeros((10, 2)), np.repeat([0, 1], 5)
    parts = data.split(X, T, rng=0)
    assert not any(np.shares_memory(part, whole) for part in parts for whole in (X, T))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.parity(0), "parity: bits is 0, expected an integer from 1"),
        (lambda: data.parity(17), "parity: bits is 17"),
        (lambda: data.parity(2.0), "parity: bits is 2.0"),
        (lambda: data.spirals(0), "spirals: n is 0, expected an integer >= 1"),
        (lambda: data.spirals(classes=1), "spirals: classes is 1, expected.* >= 2"),
        (lambda: data.spirals(noise=-1), "spirals: noise is -1, expected 0 or more"),
        (lambda: data.curve(0), "curve: n is 0"),
        (lambda: data.curve(noise=np.nan), "curve: noise is nan"),
        (lambda: data.curve(kind="cosine"), "curve: kind is 'cosine', expected one of"),
    ],
)
def test_generators_refuse_impossible_requests(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("X", "T", "settings", "message"),
    [
        (np.zeros(3), np.zeros(3), {}, r"T \(3,\) of float64; expected class indices"),
        (np.zeros(3), np.zeros(2, int), {}, r"X has shape \(3,\), T \(2,\)"),
        (np.zeros(3), np.zeros((3, 1), int), {}, r"T \(3, 1\) of int64"),
        (np.zeros(0), np.zeros(0, int), {}, r"X has shape \(0,\), T \(0,\)"),
        (np.zeros(3), np.zeros(3, int), {"test": 0}, "test is 0; expected positive"),
        (np.zeros(3), np.zeros(3, int), {"validation": 0.8}, "a sum below 1"),
    ],
)
def test_split_refuses_what_it_cannot_split(X, T, settings, message):
    with pytest.raises(ValueError, match=message):
        bp.data.split(X, T, rng=0, **settings)
