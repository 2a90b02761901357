"""The patch of the Kokoro graph, on a small graph with the same names that onnxruntime really runs."""

from __future__ import annotations

import numpy as np
import pytest

from voice.onnx_bytes import NotThisGraph
from voice.onnx_bytes import field as FIELD
from voice.onnx_patch import mend

HERE = b"/decoder/decoder/generator/"


def varint(number: int, value: int) -> bytes:
    return bytes([number << 3, value])


def tensor(name: bytes) -> bytes:
    """Return a ValueInfoProto of float16 with one dimension."""
    shape = FIELD(1, FIELD(1, b"")[:0] + varint(1, 8))
    return FIELD(1, name) + FIELD(2, FIELD(1, varint(1, 10) + FIELD(2, shape)))


def division() -> bytes:
    """Return a model that divides the imaginary part by the real one, as Kokoro's does."""
    node = FIELD(1, HERE + b"Gather_5_output_0") + FIELD(1, HERE + b"Gather_4_output_0")
    node += FIELD(2, HERE + b"Div_output_0") + FIELD(4, b"Div")
    graph = FIELD(1, node) + FIELD(2, b"phase")
    graph += FIELD(11, tensor(HERE + b"Gather_4_output_0")) + FIELD(11, tensor(HERE + b"Gather_5_output_0"))
    graph += FIELD(12, tensor(HERE + b"Div_output_0"))
    return varint(1, 9) + FIELD(7, graph) + FIELD(8, varint(2, 20))


def run(model: bytes, imaginary: list[float], real: list[float]) -> list[float]:
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {
        (HERE + b"Gather_5_output_0").decode(): np.array(imaginary, dtype=np.float16),
        (HERE + b"Gather_4_output_0").decode(): np.array(real, dtype=np.float16),
    }
    return [float(value) for value in session.run(None, feed)[0]]


def test_nought_by_nought_is_nought() -> None:
    imaginary, real = [0, 1, 3, 0, -1, 2, 0, 4], [0, 2, -1, 5, 4, 1, 0, 8]
    assert np.isnan(run(division(), imaginary, real)[0])
    assert run(mend(division()), imaginary, real) == [0, 0.5, -3, 0, -0.25, 2, 0, 0.5]


def test_another_graph_is_refused() -> None:
    with pytest.raises(NotThisGraph):
        mend(b"another model")
