"""One open unit of ps2000a or ps5000a: what differs between the two is here, so that the programs are the same."""
import ctypes
from ctypes import c_float, c_int16, c_int32, c_uint32

import numpy as np

import signals
from library import Library, expect, until

SERIALS = {"ps2000a": "CT24/001", "ps5000a": "CT54/001"}
FAST = {"ps2000a": "CT24/002", "ps5000a": "CT54/002"}   # unthrottled, with proof signals
MSO = {"ps2000a": "CT26/001", "ps5000a": "CT54/001"}
R2V, R20V = 7, 10
NONE, AGGREGATE, DECIMATE, AVERAGE = 0, 1, 2, 4
ABOVE, BELOW, RISING, FALLING, EITHER = range(5)
PORT0, PORT1 = 0x80, 0x81
SINE = dict(frequency=1003.7, amplitude=1.5)


class Scope:
    def __init__(self, family, serial, resolution=0):
        self.lib = Library(family)
        self.old = family == "ps2000a"
        self.bits = 8 if self.old else (8, 12, 14, 15, 16)[resolution]
        handle = c_int16()
        self.lib.OpenUnit(handle, serial.encode(), *([] if self.old else [resolution]))
        self.h = handle.value
        assert self.h > 0, "no handle"
        self.keep = []

    def close(self):
        self.lib.CloseUnit(self.h)

    def channels(self, **ranges):
        """channels(A=R2V, B=R20V): these on, DC, the other ones off."""
        for i, name in enumerate("ABCD"):
            if name in ranges:
                self.lib.SetChannel(self.h, i, 1, 1, ranges[name], 0.0)
            else:
                self.lib.status("SetChannel", self.h, i, 0, 1, R2V, 0.0)
        self.ranges = {"ABCD".index(c): r for c, r in ranges.items()}

    def max_code(self):
        value = c_int16()
        self.lib.MaximumValue(self.h, value)
        return value.value

    def volts(self, codes, channel):
        return signals.volts(codes, self.ranges[channel], self.max_code())

    def lsb(self, channel):
        return signals.lsb(self.ranges[channel], self.bits, self.max_code())

    def counts(self, volts, channel):
        return int(volts / signals.full_scale(self.ranges[channel]) * self.max_code())

    def between(self, volts, channel):
        """Counts of the threshold next to a voltage that lies halfway between two codes: rounding cannot move it."""
        step = 1 << (16 - self.bits)
        return int((self.counts(volts, channel) // step + 0.5) * step)

    def interval(self, timebase, samples, segment=0):
        """Seconds, of a timebase that the unit accepts."""
        ns, most = c_float(), c_int32()
        self.lib.GetTimebase2(self.h, timebase, samples, ns, *([0] if self.old else []), most, segment)
        assert most.value >= samples, "too few samples"
        return float(np.float32(ns.value)) * 1e-9

    def run_block(self, pre, post, timebase, ready=None, segment=0):
        busy = c_int32()
        self.lib.RunBlock(self.h, pre, post, timebase, *([0] if self.old else []), busy, segment, ready, None)
        return busy.value

    def wait(self):
        ready = c_int16()

        def done():
            self.lib.IsReady(self.h, ready)
            return ready.value != 0

        until("end of the block", done)

    def buffer(self, channel, samples, segment=0, mode=NONE, low=False):
        """A registered buffer of zeros, or two for maxima and minima."""
        made = [np.zeros(samples, np.int16) for _ in range(2 if low else 1)]
        self.keep += made
        self.lib.SetDataBuffers(self.h, channel, made[0], made[1] if low else None, samples, segment, mode)
        return made if low else made[0]

    def forget(self, channel, segment=0, mode=NONE):
        self.lib.SetDataBuffers(self.h, channel, None, None, 0, segment, mode)

    def values(self, samples, start=0, ratio=1, mode=NONE, segment=0):
        """Number of values that came, and the over-range bits."""
        n, over = c_uint32(samples), c_int16()
        self.lib.GetValues(self.h, start, n, ratio, mode, segment, over)
        return n.value, over.value

    def late(self, segment=0):
        """Seconds from the crossing of the threshold to the trigger sample; the library counts the other way."""
        time, unit = ctypes.c_int64(), c_uint32()
        self.lib.GetTriggerTimeOffset64(self.h, time, unit, segment)
        return -time.value * (1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1)[unit.value]


def block(s, pre, post, timebase, channels):
    """Runs, waits, fetches: a list of codes per channel and the interval in seconds."""
    interval = s.interval(timebase, pre + post)
    s.run_block(pre, post, timebase)
    s.wait()
    made = [s.buffer(c, pre + post) for c in channels]
    n, _ = s.values(pre + post)
    expect("number of samples", n, pre + post)
    for c in channels:
        s.forget(c)
    return made, interval
