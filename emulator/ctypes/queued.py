"""One open unit of ps6000a, for the programs: 64-bit counts, buffers with an action, no callback while streaming."""
from ctypes import c_double, c_int16, c_int64, c_uint32, c_uint64

import numpy as np

import signals
from library import Library, expect, until

SERIAL, FAST = "CT68/001", "CT68/002"
R2V = 7
RAW, AGGREGATE, DECIMATE, AVERAGE = 0x80000000, 1, 2, 4
CLEAR_ALL, ADD = 1, 2
INT8, INT16 = 0, 1
RISING = 2
PORT0, PORT1 = 0x80, 0x81
SINE = dict(frequency=1003.7, amplitude=1.5)


class Scope:
    def __init__(self, serial=SERIAL, resolution=0):
        self.lib = Library("ps6000a")
        self.bits = {0: 8, 10: 10, 1: 12}[resolution]
        handle = c_int16()
        self.lib.OpenUnit(handle, serial.encode(), resolution)
        self.h, self.keep = handle.value, []
        assert self.h > 0, "no handle"
        low, high = c_int16(), c_int16()
        self.lib.GetAdcLimits(self.h, resolution, low, high)
        expect("limits", low.value, -high.value)
        self.most = high.value

    def close(self):
        self.lib.CloseUnit(self.h)

    def channels(self, *names):
        for i, name in enumerate("ABCDEFGH"):
            if name in names:
                self.lib.SetChannelOn(self.h, i, 1, R2V, 0.0, 0)
            else:
                self.lib.SetChannelOff(self.h, i)

    def volts(self, codes):
        return signals.volts(codes, R2V, self.most)

    def lsb(self):
        return signals.lsb(R2V, self.bits, self.most)

    def between(self, volts):
        """Counts next to a voltage that lie halfway between two codes: rounding cannot move such a threshold."""
        step = 1 << (16 - self.bits)
        return int((int(volts / 2 * self.most) // step + 0.5) * step)

    def interval(self, timebase, samples):
        ns, most = c_double(), c_uint64()
        self.lib.GetTimebase(self.h, timebase, samples, ns, most, 0)
        assert most.value >= samples
        return ns.value * 1e-9

    def run_block(self, pre, post, timebase, ready=None):
        busy = c_double()
        self.lib.RunBlock(self.h, pre, post, timebase, busy, 0, ready, None)

    def wait(self):
        ready = c_int16()

        def done():
            self.lib.IsReady(self.h, ready)
            return ready.value != 0

        until("end of the block", done)

    def buffer(self, channel, samples, segment=0, mode=RAW, action=ADD, low=False, kind=INT16):
        made = [np.zeros(samples, np.int8 if kind == INT8 else np.int16) for _ in range(2 if low else 1)]
        self.keep += made
        if low:
            self.lib.SetDataBuffers(self.h, channel, made[0], made[1], samples, kind, segment, mode, action)
            return made
        self.lib.SetDataBuffer(self.h, channel, made[0], samples, kind, segment, mode, action)
        return made[0]

    def forget(self):
        self.lib.SetDataBuffer(self.h, 0, None, 0, INT16, 0, RAW, CLEAR_ALL)

    def values(self, samples, ratio=1, mode=RAW, segment=0):
        n, over = c_uint64(samples), c_int16()
        self.lib.GetValues(self.h, 0, n, ratio, mode, segment, over)
        return n.value

    def late(self, segment=0):
        time, unit = c_int64(), c_uint32()
        self.lib.GetTriggerTimeOffset(self.h, time, unit, segment)
        return -time.value * (1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1)[unit.value]


def block(s, pre, post, timebase, channels):
    interval = s.interval(timebase, pre + post)
    s.forget()
    s.run_block(pre, post, timebase)
    s.wait()
    made = [s.buffer(c, pre + post) for c in channels]
    expect("number of samples", s.values(pre + post), pre + post)
    return made, interval
