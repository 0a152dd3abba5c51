"""`verify` holds what it prints, and refuses what could not fail."""

import subprocess
import sys

import numpy as np
import pytest

import backprop as bp
from course import VerificationError, verify
from course.verify import tolerance_text

A = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


def test_agreement_prints_one_stable_line(capsys):
    verify("eq-dense-dW", A, A * (1 + 1e-9), rtol=1e-7)
    verify("eq-dense-dW", A, A * (1 - 3e-9), rtol=1e-7)
    assert capsys.readouterr().out == "eq-dense-dW holds (tolerance 1e-7)\n" * 2


def test_scalars_lists_and_small_integers_are_accepted(capsys):
    verify("eq-a", 0.5, 1 - 0.5000000001, rtol=1e-6)
    verify("eq-b", [1, 2], (1.0, 2.0), rtol=1e-6)
    verify("eq-c", 13, 3 * 3 + 4, rtol=1e-6)  # CPython makes these one object
    verify("eq-d", np.float32(2), np.float64(2), rtol=1e-6)
    assert capsys.readouterr().out.count("holds") == 4


def test_disagreement_names_label_entry_both_values_error_and_tolerance(capsys):
    wrong = A.copy()
    wrong[1, 2] = -6.6
    # The worst entry differs by 0.6; the largest number on either side is 6.6.
    with pytest.raises(VerificationError) as caught:
        verify("eq-dense-dW", A, wrong, rtol=1e-7)
    assert str(caught.value) == (
        "eq-dense-dW fails: at (1, 2) derived is -6, measured is -6.6; "
        "relative error 0.0909, tolerance 1e-7"
    )
    assert capsys.readouterr().out == ""


def test_disagreement_of_scalars_names_no_index():
    with pytest.raises(VerificationError, match="eq-x fails: derived is 1, measured"):
        verify("eq-x", 1.0, 1.1, rtol=1e-3)


def test_error_is_relative_to_the_larger_infinity_norm():
    # 1e-5 off in an entry of 1e-3: small against the array's 1, so it holds.
    verify("eq-x", [1.0, 1.0e-3], [1.0, 1.01e-3], rtol=1.1e-5)
    with pytest.raises(VerificationError):
        verify("eq-x", [1.0, 1.0e-3], [1.0, 1.01e-3], rtol=0.9e-5)


def test_error_has_a_floor_of_1e_8_and_is_not_blind_above_it():
    verify("eq-x", 1.01e-9, 1e-9, rtol=1.1e-3)  # 1e-11 / 1e-8 = 1e-3
    with pytest.raises(VerificationError):
        verify("eq-x", 1.01e-9, 1e-9, rtol=0.9e-3)


def test_zero_against_something_fails_rather_than_being_refused():
    with pytest.raises(VerificationError):
        verify("eq-x", np.zeros(3), [0.0, 0.1, 0.0], rtol=1e-2)


@pytest.mark.parametrize(
    ("derived", "measured", "message"),
    [
        (A, A, "the same object"),
        (1.5, 1.5, "the same object"),
        (A, A.T.T, "share memory"),
        (A[:, 1:], A[:, :2], "share memory"),
        ([], [], "derived is empty"),
        (A, np.empty((0, 3)), r"measured is empty \(shape \(0, 3\)\)"),
        (np.zeros(3), np.zeros(3), "0 everywhere"),
        ([1e-11], [-2e-11], "0 everywhere"),  # cannot reach 1e-2 of the floor 1e-8
        (A, A + [0, np.nan, 0], r"measured is nan at \(0, 1\)"),
        ([np.inf], [1.0], r"derived is inf at \(0,\)"),
        (A, A.T.copy(), r"derived has shape \(2, 3\), measured \(3, 2\)"),
        (A, 1.0, r"shape \(2, 3\), measured \(\)"),
        ([1.0], [[1.0]], "nothing is broadcast"),
        ([[1.0], [1.0, 2.0]], A, "derived is ragged"),
    ],
)
def test_a_comparison_that_proves_nothing_is_refused(derived, measured, message):
    with pytest.raises(ValueError, match=message):
        verify("eq-x", derived, measured, rtol=1e-2)


@pytest.mark.parametrize(
    "wrong", ["1.0", None, True, 1j, bp.Value(1.0), bp.values([1.0]), {"W": A}]
)
def test_only_real_numbers_are_compared(wrong):
    with pytest.raises(TypeError, match="verify eq-x: measured is .* real numbers"):
        verify("eq-x", 1.0, wrong, rtol=1e-7)


@pytest.mark.parametrize("label", ["dense-dW", "def-loss", "eq-", "", None])
def test_a_label_that_names_no_equation_is_refused(label):
    with pytest.raises(ValueError, match="expected the label of an equation"):
        verify(label, 1.0, 2.0 / 2, rtol=1e-7)


@pytest.mark.parametrize("rtol", [0, -1e-7, 0.011, 1.0, float("nan"), float("inf")])
def test_a_tolerance_that_checks_nothing_is_refused(rtol):
    with pytest.raises(ValueError, match="expected 0 < rtol <= 1e-2"):
        verify("eq-x", 1.0, 2.0 / 2, rtol=rtol)


def test_inputs_are_left_as_they_were():
    d, m = A.astype(np.float32), A.copy()
    verify("eq-x", d, m, rtol=1e-7)
    assert d.dtype == np.float32
    assert (m == A).all()


@pytest.mark.parametrize(
    ("rtol", "text"),
    [(1e-7, "1e-7"), (1e-12, "1e-12"), (0.01, "1e-2"), (2.5e-4, "2.5e-4")],
)
def test_a_tolerance_is_written_in_one_way_and_reads_back(rtol, text):
    assert tolerance_text(rtol) == text
    assert float(text) == rtol


def test_importing_course_does_not_load_matplotlib():
    code = "import course, sys; assert 'matplotlib' not in sys.modules; course.plots"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
