"""Pieces of an ONNX file as protobuf bytes. A message may be followed by another that is merged into it, so a graph can
be added to by appending bytes, without a library that rewrites the whole file."""

from __future__ import annotations

INPUT, OUTPUT, NAME, TYPE = 1, 2, 3, 4  # fields of NodeProto
FLOAT16, INT64 = 10, 7


class NotThisGraph(ValueError):
    """The bytes are not the graph that a patch is for."""


def field(number: int, content: bytes) -> bytes:
    """Return a length-delimited protobuf field."""
    length, size = bytearray(), len(content)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    return bytes([number << 3 | 2]) + bytes(length) + content


def node(kind: bytes, inputs: list[bytes], output: bytes) -> bytes:
    """Return a NodeProto without attributes."""
    fields = [field(INPUT, name) for name in inputs] + [field(OUTPUT, output), field(NAME, output + b"_node")]
    return b"".join(fields) + field(TYPE, kind)


def half(name: bytes, value: bytes) -> bytes:
    """Return a TensorProto of one float16 without dimensions."""
    return bytes([2 << 3, FLOAT16]) + field(8, name) + field(9, value)


def integer(name: bytes, value: int) -> bytes:
    """Return a TensorProto of one int64 in one dimension."""
    return bytes([1 << 3, 1, 2 << 3, INT64]) + field(8, name) + field(9, value.to_bytes(8, "little"))


def graph(nodes: list[bytes], tensors: list[bytes]) -> bytes:
    """Return what adds nodes and initial values to the graph of the model before it."""
    return field(7, b"".join(field(1, each) for each in nodes) + b"".join(field(5, each) for each in tensors))
