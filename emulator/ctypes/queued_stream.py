"""Streaming of ps6000a: buffers are lent, filled and handed back, each channel by itself."""
import time
from ctypes import c_double, c_uint64

import numpy as np

import library
import signals
from library import expect
from queued import ADD, AGGREGATE, CLEAR_ALL, FAST, INT16, PORT0, RAW, RISING, SERIAL, SINE, Scope

WAITING = 0x197
NS, US = 2, 3


class Stream:
    """Two buffers per channel, lent again when their index has gone by."""

    def __init__(self, s, channels, samples, mode=RAW):
        self.s, self.channels, self.samples, self.mode = s, channels, samples, mode
        self.low = mode == AGGREGATE
        self.lent = {c: [] for c in channels}  # by running index
        self.got = {c: [] for c in channels}
        self.got_low = {c: [] for c in channels}
        self.where = {c: (0, 0) for c in channels}
        self.stopped, self.triggered, self.waits, self.uneven = False, None, 0, 0
        for i, c in enumerate(channels):
            self.lend(c, CLEAR_ALL | ADD if i == 0 else ADD)
        for c in channels:
            self.lend(c)

    def lend(self, c, action=ADD):
        self.lent[c].append(self.s.buffer(c, self.samples, mode=self.mode, action=action, low=self.low))

    def start(self, interval, unit, pre=0, post=0, auto_stop=0, ratio=1):
        asked = c_double(interval)
        self.s.lib.RunStreaming(self.s.h, asked, unit, pre, post, auto_stop, ratio, self.mode)
        return asked.value

    def take(self, c, info):
        index, start, n = info.bufferIndex_, info.startIndex_, info.noOfSamples_
        assert start + n <= self.samples, "a piece crosses the end: %d + %d" % (start, n)
        was_index, was_end = self.where[c]
        if index == was_index:
            expect("start of the piece", start, was_end)
        else:
            expect("next buffer", (index, start, was_end), (was_index + 1, 0, self.samples))
        self.where[c] = (index, start + n)
        buffer = self.lent[c][index]
        self.got[c].append((buffer[0] if self.low else buffer)[start:start + n].copy())
        if self.low:
            self.got_low[c].append(buffer[1][start:start + n].copy())

    def poll(self):
        infos = (self.s.lib.struct["PICO_STREAMING_DATA_INFO"] * len(self.channels))()
        trigger = self.s.lib.struct["PICO_STREAMING_DATA_TRIGGER_INFO"]()
        for info, c in zip(infos, self.channels):
            info.channel_, info.mode_, info.type_ = c, self.mode, INT16
        status = self.s.lib.status("GetStreamingLatestValues", self.s.h, infos, len(infos), trigger)
        assert status in (0, library.BUSY, WAITING), "poll answers 0x%X" % status
        before = self.count()
        for info, c in zip(infos, self.channels):
            if info.noOfSamples_ > 0:
                self.take(c, info)
        self.uneven += len({info.noOfSamples_ for info in infos}) > 1
        self.waits += status == WAITING
        for c in self.channels:  # one filled, one in front of it: lend behind
            while len(self.lent[c]) < self.where[c][0] + 2:
                self.lend(c)
            if status == WAITING and self.where[c][1] == self.samples and len(self.lent[c]) == self.where[c][0] + 1:
                self.lend(c)
        self.stopped = self.stopped or trigger.autoStop_ != 0
        if trigger.triggered_ and self.triggered is None:
            self.triggered = trigger.triggerAt_
        if self.count() == before:
            time.sleep(0.001)
        return self.count() > before

    def count(self):
        return min(sum(len(g) for g in self.got[c]) for c in self.channels)

    def until(self, done, seconds=20):
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "%d values after %g s" % (self.count(), seconds)
            self.poll()

    def drain(self):
        for _ in range(100):
            if not self.poll():
                return

    def codes(self, c):
        return np.concatenate(self.got[c])

    def end(self):
        self.s.lib.Stop(self.s.h)
        n = c_uint64()
        self.s.lib.NoOfStreamingValues(self.s.h, n)
        self.s.forget()
        return n.value


def plain(_):
    """Two channels in real time until the run ends by itself."""
    s = Scope(SERIAL)
    s.channels("A", "B")
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    r = Stream(s, [0, 1], 700)
    interval = r.start(20.0, US, 0, 5000, 1)
    assert abs(interval - 20) < 0.02, "interval %g us" % interval
    r.until(lambda: r.stopped)
    r.drain()
    expect("samples", [len(r.codes(c)) for c in (0, 1)], [5000, 5000])
    expect("raw samples", r.end(), 5000)
    assert signals.sine_error(s.volts(r.codes(0)), interval * 1e-6, **SINE) <= s.lsb()
    assert np.abs(np.abs(s.volts(r.codes(1))) - 1).max() <= s.lsb()
    s.close()


def proof(_):
    """Every sample of two channels and a port by its index, over many buffers, with uneven counts."""
    s = Scope(FAST)
    s.channels("A", "B")
    s.lib.SetDigitalPortOn(s.h, PORT0, np.zeros(8, np.int16), 8, 2)
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    r = Stream(s, [0, 1, PORT0], 4099)
    r.start(128.0, NS, 0, 1000000)
    r.until(lambda: r.count() >= 200000)
    r.end()
    for c in (0, 1):
        got = r.codes(c)
        want = signals.proof(FAST, c, 0, len(got), s.bits, s.most)
        assert (got == want).all(), "channel %d is wrong from sample %d on" % (c, np.flatnonzero(got != want)[0])
    got = r.codes(PORT0)
    assert (got == signals.proof_pins(FAST, 8, 0, len(got))).all(), "port"
    assert r.uneven, "all channels were level all the time"
    s.close()


def waiting(_):
    """With nothing lent the poll says so, with its last data; nothing is lost when the next buffer comes in time."""
    s = Scope(SERIAL)
    s.channels("A")
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    first = s.buffer(0, 500, action=CLEAR_ALL | ADD)
    asked = c_double(20.0)
    s.lib.RunStreaming(s.h, asked, US, 0, 1000000, 0, 1, RAW)
    info, trigger = s.lib.struct["PICO_STREAMING_DATA_INFO"](), s.lib.struct["PICO_STREAMING_DATA_TRIGGER_INFO"]()
    parts, status, buffers, seen = [], 0, [first], set()
    deadline = time.monotonic() + 20
    while sum(map(len, parts)) < 2000:
        assert time.monotonic() < deadline, "%d samples" % sum(map(len, parts))
        info.channel_, info.mode_, info.type_, info.noOfSamples_ = 0, RAW, INT16, 0
        status = s.lib.status("GetStreamingLatestValues", s.h, info, 1, trigger)
        seen.add(status)
        if info.noOfSamples_:
            b = buffers[info.bufferIndex_]
            parts.append(b[info.startIndex_:info.startIndex_ + info.noOfSamples_].copy())
        if status == WAITING:
            buffers.append(s.buffer(0, 500))
        time.sleep(0.002)
    assert WAITING in seen and seen <= {0, library.BUSY, WAITING}, seen
    s.lib.Stop(s.h)
    assert signals.sine_error(s.volts(np.concatenate(parts)), asked.value * 1e-6, **SINE) <= s.lsb()
    s.close()


def downsampled(_):
    """Aggregates are those of the raw samples."""
    s = Scope(FAST)
    s.channels("A")
    ratio, n = 20, 100000
    r = Stream(s, [0], 777, AGGREGATE)
    r.start(1.0, US, 0, n, 1, ratio)
    r.until(lambda: r.stopped)
    r.drain()
    r.end()
    high, low, _, _ = signals.groups(signals.proof(FAST, 0, 0, n, s.bits, s.most), ratio)
    expect("groups", len(r.codes(0)), n // ratio)
    assert (r.codes(0) == high).all() and (np.concatenate(r.got_low[0]) == low).all(), "aggregate"
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (plain, proof, waiting, downsampled)})
