"""Simple triggers of all kinds on sines and squares: the edge is at the trigger point whatever was asked for."""
import random

import library
import overview
import queued

CASES = 60
RISING, FALLING, EITHER = 2, 3, 4


def is_edge(before, at, threshold, direction):
    rises, falls = before < threshold <= at, before > threshold >= at
    return rises if direction == RISING else falls if direction == FALLING else rises or falls


def opened(family):
    """A unit with a sine of 1.5 V at A and a square of 1 V at B, what captures from it and what makes volts a threshold."""
    if family == "ps6000a":
        s = queued.Scope()
        s.channels("A", "B")
        return s, queued.block, s.between
    s = overview.Scope(family, overview.SERIALS[family])
    s.channels(A=overview.R2V, B=overview.R2V)
    return s, overview.block, lambda volts: s.between(volts, 0)


def edges(family):
    s, block, between = opened(family)
    choose = random.Random(1)
    wrong, seen = [], 0
    for _ in range(CASES):
        channel = choose.choice([0, 1])
        pre, post, delay = choose.choice([0, 1, 5, 100, 1777]), choose.choice([1, 2, 300, 2500]), choose.choice([0, 0, 0, 10, 500])
        threshold = between(choose.uniform(-1.3, 1.3) * (1 if channel == 0 else 0.6))
        timebase, direction = choose.choice([100, 333, 1000]), choose.choice([RISING, FALLING, EITHER])
        s.lib.SetSimpleTrigger(s.h, 1, channel, threshold, direction, delay, 0)
        v = block(s, pre, post, timebase, [0, 1])[0][channel].astype(int)
        at = pre - delay
        if 1 <= at < pre + post:
            seen += 1
            if not is_edge(v[at - 1], v[at], threshold, direction):
                wrong.append((channel, pre, post, delay, threshold, timebase, direction, list(v[max(0, at - 3):at + 3])))
    assert not wrong, wrong
    assert seen > CASES // 3
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (edges, )})
