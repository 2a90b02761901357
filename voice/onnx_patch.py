"""Mend the fp16 Kokoro graph in memory: its phase is imaginary / real, and in half precision that is 0 / 0 at times.

One NaN in the source spectrum spreads over the whole utterance; about one in ten was lost. The file in the store keeps
its published hash. A protobuf message may be followed by another that is merged into it, so nodes can be added by
appending bytes, and the division is turned to the new denominator by a name of the same length.
"""

from __future__ import annotations

_HERE = b"/decoder/decoder/generator/"
_REAL, _IMAGINARY, _SAFE = _HERE + b"Gather_4_output_0", _HERE + b"Gather_5_output_0", _HERE + b"Nonzero__output_0"
_ZERO, _ONE, _IS_ZERO = _HERE + b"patch_zero", _HERE + b"patch_one", _HERE + b"patch_is_zero"
_FLOAT16 = 10
_INPUT, _OUTPUT, _NAME, _TYPE = 1, 2, 3, 4  # fields of NodeProto


class NotThisGraph(ValueError):
    """The bytes are not the graph that this patch is for."""


def mend(model: bytes) -> bytes:
    """Return the model with every zero denominator of its phase replaced by one."""
    division = _field(_INPUT, _IMAGINARY) + _field(_INPUT, _REAL) + _field(_OUTPUT, _HERE + b"Div_output_0")
    if model.count(division) != 1:
        raise NotThisGraph("the division of the phase is not where it was")
    mended = model.replace(division, division.replace(_REAL, _SAFE))
    nodes = [
        _node(b"Equal", [_REAL, _ZERO], _IS_ZERO),
        _node(b"Where", [_IS_ZERO, _ONE, _REAL], _SAFE),
    ]
    graph = b"".join(_field(1, node) for node in nodes)
    graph += _field(5, _half(_ZERO, b"\x00\x00")) + _field(5, _half(_ONE, b"\x00\x3c"))
    return mended + _field(7, graph)


def _field(number: int, content: bytes) -> bytes:
    """Return a length-delimited protobuf field."""
    length, size = bytearray(), len(content)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return bytes([number << 3 | 2]) + bytes(length) + content


def _node(kind: bytes, inputs: list[bytes], output: bytes) -> bytes:
    fields = [_field(_INPUT, name) for name in inputs] + [_field(_OUTPUT, output), _field(_NAME, output + b"_node")]
    return b"".join(fields) + _field(_TYPE, kind)


def _half(name: bytes, value: bytes) -> bytes:
    """Return a TensorProto of one float16 without dimensions."""
    return bytes([2 << 3, _FLOAT16]) + _field(8, name) + _field(9, value)
