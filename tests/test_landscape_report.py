"""landscape_report.py, on records that are made here: what is said of each number."""

from typing import Any

from landtheory.landscape_report import (
    volume_lines,
    volume_rows,
    volume_summary,
)


def interval(value: float, level: float = 1.0) -> dict[str, float]:
    return {"value": value, "lower": value - 1, "upper": value + 1, "level": level}


def top(k: int, value: float, **other: Any) -> dict[str, Any]:
    return {
        "k": k, "value": value, "lower": value, "upper": value, "floor": 1e-12,
        "floored": 0, "rest": 0.0, "rest_count": 0, "flat": 0, **other,
    }  # fmt: skip


def network(**other: Any) -> dict[str, Any]:
    return {
        "name": "net",
        "p": 9,
        "n": 4,
        "loss": 0.5,
        "gradient_norm": 0.001,
        "balanced": None,
        "curvature": {
            "method": "lanczos",
            "matrix": "Hessian",
            "largest": 2.0,
            "largest_error": 1e-3,
            "trace": interval(3.0, 0.95),
            "frobenius_norm": interval(2.5, 0.95),
            "counts": [{"threshold": 0.01, "least": 2, "most": 5}],
            "share_near_zero": interval(0.5, 0.95),
            "residual": None,
            "top": [top(2, 1.5, rest=None, rest_count=None, flat=None)],
            "regularised": {
                "volume": {"value": -4.0, "lower": -6.0, "upper": -4.0},
                "beta": 2.0,
                "variance": 3.0,
                "negative": 1,
            },
        },
        **other,
    }


def text(**other: Any) -> str:
    return "\n".join(volume_lines(network(**other)))


def test_what_is_unknown_is_said_to_be() -> None:
    shown = text()
    assert "what the eigenvalues behind add is unknown" in shown
    assert "above 0.01: 2 to 5" in shown
    assert "3 in [2, 4] at 95 %" in shown
    assert "1 negative eigenvalues count as 0" in shown
    assert "stationarity: near a critical point" in shown
    assert "H - G" not in shown


def test_a_point_that_is_no_minimum_is_said_to_be_none() -> None:
    assert "stationarity: not near a critical point" in text(gradient_norm=1.0)
    assert "stationarity: cannot be judged" in text(loss=0.0)


def test_the_truncation_stands_beside_every_top() -> None:
    known = network()
    known["curvature"]["top"] = [
        top(2, 1.5, rest=7.25, rest_count=3, flat=4, floored=1)
    ]
    shown = "\n".join(volume_lines(known))
    assert "the next 3 would add 7.25" in shown
    assert "4 more are flat: the sum over all is infinite" in shown
    assert "1 of them below the floor 1e-12" in shown


def sublevel(**other: Any) -> dict[str, Any]:
    return {
        "log_volume": -10.0, "laplace": -4.0, "interval": None, "regulariser": 0.1,
        "height": 0.01, "effective_sample_size": 1.5, "directions": 64,
        "half_difference": 3.0, "is_monotone": True, "broken": 0, "left": 0, "again": 0,
        "isotropic_warning": {
            "log_volume": -90.0, "bias": -86.0, "quadratic_bias": -80.0,
            "effective_sample_size": 1.0,
        },
        **other,
    }  # fmt: skip


def test_no_interval_is_printed_where_nothing_is_measured() -> None:
    shown = text(sublevel=sublevel())
    assert "log-volume -10 (no interval: not measured)" in shown
    assert "-6 nats from Laplace's -4" in shown
    assert "effective sample size 1.5 of 64, halves 3 apart" in shown
    assert "every ray rises to the level and stays above" in shown
    assert "-86 nats off, and -80 in the exact quadratic bowl" in shown
    assert "that number is no volume" in shown


def test_broken_rays_are_counted() -> None:
    shown = text(sublevel=sublevel(is_monotone=False, broken=3, left=2, again=1))
    assert (
        "3 fall on their way, 2 leave the set before their end and 1 enter it" in shown
    )
    assert "every ray rises" not in shown
    known = text(sublevel=sublevel(interval=interval(-10.0, 0.95)))
    assert "log-volume -10 in [-11, -9] at 95 %" in known


def test_a_residual_beyond_all_bounds_has_a_word() -> None:
    known = network()
    known["curvature"]["residual"] = {
        "frobenius_share": None, "worst_share": None, "trace_share": 0.25,
    }  # fmt: skip
    known["curvature"]["resolved"] = 12
    shown = "\n".join(volume_lines(known))
    assert "12 eigenvalues are above its norm" in shown
    assert "H - G: more than any multiple of G" in shown
    assert "25 % in the trace" in shown


def test_a_balanced_network_has_a_row_of_its_own() -> None:
    other = network()["curvature"] | {"largest": 7.5}
    row = network(
        test_accuracy=0.75, balanced={"curvature": other, "output_change": 1e-15}
    )
    first, second = volume_rows([row])
    assert first[:3] == ("net", "0.750", "2")
    assert second[:3] == ("  balanced", "", "7.5")


def test_a_summary_is_of_one_network_or_of_all() -> None:
    record = {"seed": 3, "networks": [network()]}
    assert volume_summary(record) == "-½ Σ log(1 + βτ²λ) = -4 with βτ² = 6, seed 3"
    two = network()
    two["curvature"]["regularised"]["volume"]["value"] = -9.0
    record["networks"].append(two)  # type: ignore[attr-defined]
    assert volume_summary(record) == (
        "-½ Σ log(1 + βτ²λ) of 2 networks from -9 to -4 with βτ² = 6, seed 3"
    )
