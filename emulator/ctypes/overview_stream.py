"""Streaming of ps2000a and ps5000a: one ring per channel, a callback inside the poll."""
import threading
import time
from ctypes import c_int16, c_uint32

import numpy as np

import library
import signals
from library import expect
from overview import AGGREGATE, DECIMATE, FAST, NONE, PORT0, R2V, RISING, SERIALS, SINE, Scope

NS, US = 2, 3


class Stream:
    """A run and what its callbacks delivered, checked for what no callback may do."""

    def __init__(self, s, channels, overview, mode=NONE):
        self.s, self.channels, self.overview, self.mode = s, channels, overview, mode
        low = mode == AGGREGATE
        self.rings = {c: s.buffer(c, overview, mode=mode, low=low) for c in channels}
        self.got = {c: [] for c in channels}
        self.low = {c: [] for c in channels}
        self.count = self.next = 0
        self.stopped, self.triggered, self.overflow = False, None, 0
        self.thread = threading.current_thread()
        self.callback = s.lib.callback[s.lib.family + "StreamingReady"](self._ready)
        self.problem, self.called = None, False

    def start(self, interval, unit, pre=0, post=0, auto_stop=0, ratio=1):
        asked = c_uint32(interval)
        self.s.lib.RunStreaming(self.s.h, asked, unit, pre, post, auto_stop, ratio, self.mode, self.overview)
        return asked.value

    def _ready(self, handle, n, start, overflow, trigger_at, triggered, auto_stop, parameter):
        try:
            self.called = True
            expect("handle", handle, self.s.h)
            assert threading.current_thread() is self.thread, "the callback is on another thread"
            assert 0 <= n and start + n <= self.overview, "a piece crosses the end: %d + %d" % (start, n)
            if n:
                expect("start of the piece", start, self.next)
                self.next = (start + n) % self.overview
            for c, ring in self.rings.items():
                self.got[c].append((ring[0] if self.mode == AGGREGATE else ring)[start:start + n].copy())
                if self.mode == AGGREGATE:
                    self.low[c].append(ring[1][start:start + n].copy())
            if triggered and self.triggered is None:
                self.triggered = self.count + trigger_at
            self.count += n
            self.overflow |= overflow
            self.stopped = self.stopped or auto_stop != 0
        except Exception as problem:  # ctypes prints and forgets what a callback raises
            self.problem = problem

    def poll(self):
        self.called = False
        status = self.s.lib.status("GetStreamingLatestValues", self.s.h, self.callback, None)
        assert status in (0, library.BUSY), "poll answers 0x%X" % status
        if self.problem:
            raise self.problem
        if not self.called:
            time.sleep(0.001)

    def until(self, done, seconds=20):
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "%d values after %g s" % (self.count, seconds)
            self.poll()

    def codes(self, channel):
        return np.concatenate(self.got[channel])

    def lows(self, channel):
        return np.concatenate(self.low[channel])

    def end(self):
        self.s.lib.Stop(self.s.h)
        n = c_uint32()
        self.s.lib.NoOfStreamingValues(self.s.h, n)
        for c in self.channels:
            self.s.forget(c, mode=self.mode)
        return n.value


def plain(family):
    """Two channels in real time, buffers of 500, exactly 5000 samples, then the run ends by itself."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V, B=R2V)
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    r = Stream(s, [0, 1], 500)
    interval = r.start(20, US, 0, 5000, 1)
    expect("interval", interval, 20)
    began = time.monotonic()
    r.until(lambda: r.stopped)
    took = time.monotonic() - began
    expect("samples", r.count, 5000)
    expect("over-range", r.overflow, 0)
    assert took > 0.07, "100 ms of data within %g s" % took
    expect("raw samples", r.end(), 5000)
    assert signals.sine_error(s.volts(r.codes(0), 0), interval * 1e-6, **SINE) <= s.lsb(0)
    v = np.abs(s.volts(r.codes(1), 1))
    assert np.abs(v - 1).max() <= s.lsb(1)
    s.close()


def proof(family):
    """Every sample of two channels by its index, over many turns of the ring."""
    s = Scope(family, FAST[family])
    s.channels(A=R2V, B=R2V)
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    r = Stream(s, [0, 1], 4099)
    r.start(128, NS)
    r.until(lambda: r.count >= 200000)
    most = s.max_code()
    delivered = r.end()
    assert delivered >= r.count, "%d raw samples, %d delivered" % (delivered, r.count)
    for c in (0, 1):
        got = r.codes(c)
        want = signals.proof(FAST[family], c, 0, len(got), s.bits, most)
        assert (got == want).all(), "channel %d is wrong from sample %d on" % (c, np.flatnonzero(got != want)[0])
    s.close()


def downsampled(family):
    """Aggregated and decimated streams are those of the raw samples."""
    s = Scope(family, FAST[family])
    s.channels(A=R2V)
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    ratio, n = 20, 100000
    raw = signals.proof(FAST[family], 0, 0, n, s.bits, s.max_code())
    high, low, first, _ = signals.groups(raw, ratio)
    for mode in (AGGREGATE, DECIMATE):
        r = Stream(s, [0], 777, mode)
        r.start(1, US, 0, n, 1, ratio)
        r.until(lambda: r.stopped)
        expect("groups", r.count, n // ratio)
        expect("raw samples", r.end(), n)
        if mode == AGGREGATE:
            assert (r.codes(0) == high).all() and (r.lows(0) == low).all(), "aggregate"
        else:
            assert (r.codes(0) == first).all(), "decimate"
    s.close()


def trigger(family):
    """Pre and post samples around the edge, then the run ends by itself."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5, 0), RISING, 0, 0)
    pre, post = 300, 700
    r = Stream(s, [0], 400)
    interval = r.start(20, US, pre, post, 1)
    r.until(lambda: r.stopped)
    r.end()
    assert r.triggered is not None, "not triggered"
    v, at = s.volts(r.codes(0), 0), r.triggered
    threshold = s.volts(s.between(0.5, 0), 0)
    assert v[at - 1] < threshold <= v[at], "the edge is not at the trigger: %r" % v[at - 2:at + 2]
    assert at >= pre, "%d samples before the trigger" % at
    assert len(v) - at == post, "%d samples from the trigger on" % (len(v) - at)
    assert signals.sine_error(v, interval * 1e-6, **SINE) <= s.lsb(0)
    s.close()


def mixed(family):
    """A channel and a port together; an input over its range says so and is no loss."""
    if family == "ps2000a":
        s, ports = Scope(family, FAST[family]), []
    else:
        s, ports = Scope(family, FAST[family]), [PORT0]
    s.channels(C=5)  # 0.7 V at 500 mV
    for p in ports:
        s.lib.SetDigitalPort(s.h, p, 1, 9830)
    r = Stream(s, [2] + ports, 1000)
    r.start(1, US)
    r.until(lambda: r.count >= 20000)
    most = s.max_code()
    r.end()
    expect("over-range", r.overflow & 4, 4)
    assert (r.codes(2) == most).all()
    for p in ports:
        got = r.codes(p)
        assert (got == signals.proof_pins(FAST[family], 8 + p - PORT0, 0, len(got))).all(), "port"
    s.close()


def refusals(family):
    """What a run is refused with."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V, B=R2V)
    r = Stream(s, [0, 1], 1000)
    run = lambda *a: s.lib.status("RunStreaming", s.h, *a)  # noqa: E731
    expect("no interval", run(None, US, 0, 1000, 1, 1, NONE, 1000), library.NULL_PARAMETER)
    expect("unit 6", run(c_uint32(1), 6, 0, 1000, 1, 1, NONE, 1000), library.INVALID_PARAMETER)
    expect("interval 0", run(c_uint32(0), US, 0, 1000, 1, 1, NONE, 1000), library.INVALID_SAMPLE_INTERVAL)
    expect("two channels at 1 ns", run(c_uint32(1), NS, 0, 1000, 1, 1, NONE, 1000), library.INVALID_SAMPLE_INTERVAL)
    expect("mode 8", run(c_uint32(1), US, 0, 1000, 1, 1, 8, 1000), library.RATIO_MODE_NOT_SUPPORTED)
    s.channels(A=R2V)
    s.forget(0)
    assert run(c_uint32(1), US, 0, 1000, 1, 1, NONE, 1000) in (0x37, library.BUFFERS_NOT_SET), "without buffers"
    r = Stream(s, [0], 1000)
    expect("another unit", r.start(1000, NS), 1000)
    expect("a channel during a run", s.lib.status("SetChannel", s.h, 0, 1, 1, R2V, 0.0), library.BUSY)
    expect("block during a run", s.lib.status("RunBlock", s.h, 0, 100, 8, *([0] if s.old else []), None, 0, None, None), library.BUSY)
    expect("no callback", s.lib.status("GetStreamingLatestValues", s.h, None, None), library.NULL_PARAMETER)
    r.end()
    ready = c_int16()
    s.lib.status("IsReady", s.h, ready)
    expect("stop again", s.lib.status("Stop", s.h), 0)
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (plain, proof, downsampled, trigger, mixed, refusals)})
