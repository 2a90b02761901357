"""A recogniser that begins to repeat itself: known of Whisper, most of all with little silence after the speech."""

from __future__ import annotations

from collections.abc import Sequence

LONG = 4  # so many tokens said twice are a loop
TIMES = 4  # so many times are one, however short: 8888 is a number, 的的的的的的的的 is not speech


def is_loop(tokens: Sequence[int]) -> int | None:
    """Return how many tokens at the end only repeat what is before them; None if there is no loop.

    >>> is_loop([1, 2, 3, 4, 1, 2, 3, 4])
    4
    """
    count = len(tokens)
    for size in range(LONG, count // 2 + 1):
        if tokens[count - size :] == tokens[count - 2 * size : count - size]:
            return size
    for size in range(2, LONG):
        if count < size * TIMES:
            break
        piece = tokens[count - size :]
        if len(set(piece)) > 1 and all(
            tokens[count - size * (n + 1) : count - size * n] == piece for n in range(1, TIMES)
        ):
            return size * (TIMES - 1)
    return None
