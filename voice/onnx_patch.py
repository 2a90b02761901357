"""Mend the fp16 Kokoro graph in memory: its phase is imaginary / real, and in half precision that is 0 / 0 at times.

One NaN in the source spectrum spreads over the whole utterance; about one in ten was lost. The file in the store keeps
its published hash. A protobuf message may be followed by another that is merged into it, so nodes can be added by
appending bytes, and the division is turned to the new denominator by a name of the same length.
"""

from __future__ import annotations

from voice.onnx_bytes import INPUT, OUTPUT, NotThisGraph, field, graph, half, node

_HERE = b"/decoder/decoder/generator/"
_REAL, _IMAGINARY, _SAFE = _HERE + b"Gather_4_output_0", _HERE + b"Gather_5_output_0", _HERE + b"Nonzero__output_0"
_ZERO, _ONE, _IS_ZERO = _HERE + b"patch_zero", _HERE + b"patch_one", _HERE + b"patch_is_zero"


def mend(model: bytes) -> bytes:
    """Return the model with every zero denominator of its phase replaced by one.

    Raises:
        NotThisGraph: if the division is not where it was.
    """
    division = field(INPUT, _IMAGINARY) + field(INPUT, _REAL) + field(OUTPUT, _HERE + b"Div_output_0")
    if model.count(division) != 1:
        raise NotThisGraph("the division of the phase is not where it was")
    mended = model.replace(division, division.replace(_REAL, _SAFE))
    nodes = [
        node(b"Equal", [_REAL, _ZERO], _IS_ZERO),
        node(b"Where", [_IS_ZERO, _ONE, _REAL], _SAFE),
    ]
    return mended + graph(nodes, [half(_ZERO, b"\x00\x00"), half(_ONE, b"\x00\x3c")])
