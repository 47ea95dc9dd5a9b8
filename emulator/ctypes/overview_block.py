"""Block captures of ps2000a and ps5000a: plain, with callback, downsampled, rapid, advanced triggers, ports."""
import ctypes
import threading
from ctypes import c_int16, c_int32, c_int64, c_uint32

import numpy as np

import library
import signals
from library import expect
from overview import (AGGREGATE, AVERAGE, DECIMATE, FALLING, MSO, NONE, PORT0, PORT1, R20V, R2V, RISING, SERIALS, SINE, Scope,
                      block)

PRE = POST = 2500


def rises_at(v, index, threshold):
    assert v[index - 1] < threshold <= v[index], "the edge is not at the trigger: %r" % (v[index - 3:index + 3],)


def check_sine(s, codes, interval, index, threshold, late):
    v = s.volts(codes, 0)
    rises_at(v, index, threshold)
    assert 0 <= late <= interval, "time offset %g of an interval of %g" % (late, interval)
    error = signals.sine_from_trigger(v, index, late, interval, threshold=threshold, **SINE)
    assert error <= s.lsb(0), "%g V off, a step is %g V" % (error, s.lsb(0))


def plain(family):
    """Two channels, trigger on the first, polling."""
    s = Scope(family, SERIALS[family])
    s.lib.SetChannel(s.h, 0, 1, 1, R2V, 0.0)  # the others stay on, as they are after open
    s.lib.SetChannel(s.h, 1, 1, 1, R2V, 0.0)
    s.ranges = {0: R2V, 1: R2V}
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5, 0), RISING, 0, 1000)
    (a, b), interval = block(s, PRE, POST, 100, [0, 1])
    check_sine(s, a, interval, PRE, s.volts(s.between(0.5, 0), 0), s.late())
    v = s.volts(b, 1)
    off = np.abs(np.abs(v) - 1)
    assert off.max() <= s.lsb(1), "the square is off by %g V" % off.max()
    edges = np.count_nonzero(np.diff(np.sign(v)))
    assert abs(edges - 2 * 50.93e3 * interval * (PRE + POST)) <= 2, "%d edges of the square" % edges
    s.lib.Stop(s.h)
    s.close()


def callback(family):
    """The end is told by a callback on another thread, in which every call is refused."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(-0.5, 0), FALLING, 0, 1000)
    seen, inside = threading.Event(), []

    def ready(handle, status, parameter):
        inside.extend([handle, status, s.lib.status("Stop", handle), threading.current_thread() is main])
        seen.set()

    main = threading.current_thread()
    c_ready = s.lib.callback[family + "BlockReady"](ready)
    interval = s.interval(100, PRE + POST)
    s.run_block(PRE, POST, 100, c_ready)
    assert seen.wait(20), "no callback"
    expect("callback", inside, [s.h, 0, library.USER_CALLBACK, False])
    a = s.buffer(0, PRE + POST)
    s.values(PRE + POST)
    v = s.volts(a, 0)
    rises_at(-v, PRE, -s.volts(s.between(-0.5, 0), 0))
    assert signals.sine_error(v, interval, **SINE) <= s.lsb(0)
    s.close()


def downsampled(family):
    """All modes on one capture agree with its raw samples, also in one call."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V, B=R2V)
    n, ratio = 5000, 20
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    s.run_block(0, n, 100)
    s.wait()
    for c in (0, 1):
        raw = s.buffer(c, n)
        expect("raw samples", s.values(n, ratio=10)[0], n)  # the ratio means nothing without a mode
        high, low, first, mean = signals.groups(raw, ratio)
        m = n // ratio
        most, least = s.buffer(c, m, mode=AGGREGATE, low=True)
        dec, avg = s.buffer(c, m, mode=DECIMATE), s.buffer(c, m, mode=AVERAGE)
        expect("groups", s.values(n, ratio=ratio, mode=AGGREGATE)[0], m)
        assert (most == high).all() and (least == low).all(), "aggregate"
        expect("groups", s.values(n, ratio=ratio, mode=DECIMATE)[0], m)
        assert (dec == first).all(), "decimate"
        expect("groups", s.values(n, ratio=ratio, mode=AVERAGE)[0], m)
        assert np.abs(avg - mean).max() <= 1, "average"
        most[:] = dec[:] = 0
        expect("groups", s.values(n, ratio=ratio, mode=AGGREGATE | DECIMATE)[0], m)
        assert (most == high).all() and (dec == first).all(), "two modes in one call"
        for mode in (NONE, AGGREGATE, DECIMATE, AVERAGE):
            s.forget(c, mode=mode)
    expect("without buffers", s.lib.status("GetValues", s.h, 0, c_uint32(n), 1, NONE, 0, None), library.BUFFERS_NOT_SET)
    s.close()


def rapid(family):
    """Ten waveforms, each with its edge at the trigger."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    pre, post, m = 400, 400, 10
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5, 0), RISING, 0, 1000)
    most = c_int32()
    s.lib.MemorySegments(s.h, m, most)
    assert most.value >= pre + post
    s.lib.SetNoOfCaptures(s.h, m)
    interval = s.interval(8, pre + post)
    s.run_block(pre, post, 8)
    made = [s.buffer(0, pre + post, segment=i) for i in range(m)]
    s.wait()
    done = c_uint32()
    s.lib.GetNoOfCaptures(s.h, done)
    expect("captures", done.value, m)
    n, over = c_uint32(pre + post), np.full(m, -1, np.int16)
    s.lib.GetValuesBulk(s.h, n, 0, m - 1, 0, NONE, over)
    expect("samples", n.value, pre + post)
    expect("over-range", list(over), [0] * m)
    times, units = np.zeros(m, np.int64), np.zeros(m, np.uint32)
    s.lib.GetValuesTriggerTimeOffsetBulk64(s.h, times, units, 0, m - 1)
    upper, lower = np.zeros(m, np.uint32), np.zeros(m, np.uint32)
    s.lib.GetValuesTriggerTimeOffsetBulk(s.h, upper, lower, units, 0, m - 1)
    assert ((upper.astype(np.int64) << 32 | lower) == times).all(), "halves of the times"
    threshold = s.volts(s.between(0.5, 0), 0)
    for i in range(m):
        check_sine(s, made[i], interval, pre, threshold, -times[i] * 10.0 ** (-15 + 3 * int(units[i])))
    if not s.old:
        trigger_infos(s, m, pre, times, interval)
    s.lib.Stop(s.h)
    expect("beyond", s.lib.status("GetValuesBulk", s.h, n, 0, m, 0, NONE, over), library.SEGMENT_OUT_OF_RANGE)
    s.lib.MemorySegments(s.h, 1, most)
    s.lib.SetNoOfCaptures(s.h, 1)
    s.close()


def trigger_infos(s, m, pre, times, interval):
    infos = (s.lib.struct["PS5000A_TRIGGER_INFO"] * m)()
    s.lib.GetTriggerInfoBulk(s.h, infos, 0, m - 1)
    expect("status of the first", infos[0].status & 0x01000000, 0x01000000)
    for i, info in enumerate(infos):
        expect("segment", info.segmentIndex, i)
        expect("index", info.triggerIndex, pre)
        expect("time", info.triggerTime, times[i])
    # A counter of sample periods: from trigger to trigger whole periods of the sine.
    for one, next_one in zip(infos, infos[1:]):
        periods = (next_one.timeStampCounter - one.timeStampCounter) * interval * SINE["frequency"]
        assert periods > 0.5 and abs(periods - round(periods)) < 0.01, "%g periods between triggers" % periods


def thresholds(s, channel, upper, lower=0, hysteresis=0, mode=0):
    name = s.lib.family.upper() + "_TRIGGER_CHANNEL_PROPERTIES" + ("" if s.old else "_V2")
    values = [s.counts(upper, channel), hysteresis, s.counts(lower, channel), hysteresis, channel]
    p = s.lib.struct[name](*(values + [mode] if s.old else values))
    if s.old:
        s.lib.SetTriggerChannelProperties(s.h, p, 1, 0, 0)
    else:
        s.lib.SetTriggerChannelPropertiesV2(s.h, p, 1, 0)
        s.lib.SetAutoTriggerMicroSeconds(s.h, 0)


def window(family):
    """Advanced trigger: the sine enters a window from below."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    if s.old:
        states = [1] + [0] * 7
        s.lib.SetTriggerChannelConditions(s.h, s.lib.struct["PS2000A_TRIGGER_CONDITIONS"](*states), 1)
        thresholds(s, 0, 1.2, 0.8, mode=1)
        s.lib.SetTriggerChannelDirections(s.h, 2, 2, 2, 2, 2, 2)
    else:
        thresholds(s, 0, 1.2, 0.8)
        s.lib.SetTriggerChannelConditionsV2(s.h, s.lib.struct["PS5000A_CONDITION"](0, 1), 1, 3)
        s.lib.SetTriggerChannelDirectionsV2(s.h, s.lib.struct["PS5000A_DIRECTION"](0, 2, 1), 1)
    enabled = c_int16(), c_int16()
    s.lib.IsTriggerOrPulseWidthQualifierEnabled(s.h, *enabled)
    expect("enabled", [e.value != 0 for e in enabled], [True, False])
    (a,), interval = block(s, PRE, POST, 100, [0])
    v, step = s.volts(a, 0), s.lsb(0)
    inside = (v >= 0.8 - step) & (v <= 1.2 + step)
    assert inside[PRE] and not ((v[PRE - 1] > 0.8 + step) & (v[PRE - 1] < 1.2 - step)), v[PRE - 2:PRE + 2]
    assert signals.sine_error(v, interval, **SINE) <= step
    s.close()


def pulse_width(family):
    """Pulses of 40 us pass as longer than 30 us at their end; nothing passes as longer than 50 us."""
    s = Scope(family, SERIALS[family])
    s.channels(C=R2V)
    interval = s.interval(100, PRE + POST)
    for width, comes in ((30e-6, True), (50e-6, False)):
        n = round(width / interval)
        thresholds(s, 2, 0.5)
        if s.old:
            s.lib.SetTriggerChannelConditions(s.h, s.lib.struct["PS2000A_TRIGGER_CONDITIONS"](0, 0, 0, 0, 0, 0, 1, 0), 1)
            s.lib.SetTriggerChannelDirections(s.h, 2, 2, FALLING, 2, 2, 2)
            s.lib.SetPulseWidthQualifier(s.h, s.lib.struct["PS2000A_PWQ_CONDITIONS"](0, 0, 1, 0, 0, 0, 0), 1, RISING, n, n, 2)
        else:
            condition, direction = s.lib.struct["PS5000A_CONDITION"], s.lib.struct["PS5000A_DIRECTION"]
            s.lib.SetTriggerChannelConditionsV2(s.h, condition(0x10000000, 1), 1, 3)
            s.lib.SetTriggerChannelDirectionsV2(s.h, direction(2, FALLING, 0), 1)
            s.lib.SetPulseWidthQualifierConditions(s.h, condition(2, 1), 1, 3)
            s.lib.SetPulseWidthQualifierProperties(s.h, n, n, 2)
            s.lib.SetPulseWidthQualifierDirections(s.h, direction(2, RISING, 0), 1)
        if comes:
            (c,), _ = block(s, PRE, POST, 100, [2])
            v = s.volts(c, 2)
            high = v > 0.5
            assert high[PRE - n + 2:PRE - 1].all(), "the pulse is not before the trigger"
        else:
            s.run_block(PRE, POST, 100)
            library.time.sleep(0.05)
            ready = c_int16()
            s.lib.IsReady(s.h, ready)
            expect("ready", ready.value, 0)
        s.lib.Stop(s.h)
    s.close()


def ports(family):
    """A counter and a constant on the ports, at their logic levels, with a trigger on a pin."""
    s = Scope(family, MSO[family])
    s.channels(A=R2V)
    for port in (PORT0, PORT1):
        s.lib.SetDigitalPort(s.h, port, 1, int(1.5 / 5 * 32767))
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    pins = s.lib.struct[family.upper() + "_DIGITAL_CHANNEL_DIRECTIONS"]
    s.lib.SetTriggerDigitalPortProperties(s.h, pins(4, 3), 1)  # D4 rises
    if s.old:
        s.lib.SetTriggerChannelConditions(s.h, s.lib.struct["PS2000A_TRIGGER_CONDITIONS"](0, 0, 0, 0, 0, 0, 0, 1), 1)
    else:
        s.lib.SetTriggerChannelConditionsV2(s.h, s.lib.struct["PS5000A_CONDITION"](PORT0, 1), 1, 3)
        s.lib.SetAutoTriggerMicroSeconds(s.h, 0)
    (p0, p1), interval = block(s, PRE, POST, 100, [PORT0, PORT1])
    assert (p1 == 0xA5).all(), "port 1"
    assert p0[PRE - 1] & 0x1F == 0x0F and p0[PRE] & 0x1F == 0x10, "D4 at the trigger: %r" % (p0[PRE - 2:PRE + 2],)
    steps = np.diff(p0) % 256
    assert set(steps) <= {0, 1}, "the counter jumps"
    expected = (PRE + POST - 1) * interval * 50.021e3
    assert abs(steps.sum() - expected) <= 1, "%d steps, want %g" % (steps.sum(), expected)
    s.lib.SetTriggerDigitalPortProperties(s.h, None, 0)
    expect("pin 16", s.lib.status("SetTriggerDigitalPortProperties", s.h, pins(16, 3), 1), 0x114)
    expect("direction 6", s.lib.status("SetTriggerDigitalPortProperties", s.h, pins(0, 6), 1), 0x115)
    s.close()


def asynchronous(family):
    """GetValuesAsync by callback; GetValuesOverlapped before the run."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    n = 1000
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    a, count, over = s.buffer(0, n), c_uint32(n), c_int16(-1)
    s.lib.GetValuesOverlapped(s.h, 0, count, 1, NONE, 0, over)
    interval = s.interval(1000, n)
    s.run_block(0, n, 1000)
    s.wait()
    expect("overlapped", (count.value, over.value), (n, 0))
    assert signals.sine_error(s.volts(a, 0), interval, **SINE) <= s.lsb(0)
    s.forget(0)
    b, seen, got = s.buffer(0, n), threading.Event(), []

    def ready(handle, status, samples, overflow, parameter):
        got.extend([handle, status, samples, overflow, parameter])
        seen.set()

    c_ready = s.lib.callback[family + "DataReady"](ready)
    s.lib.GetValuesAsync(s.h, 0, n, 1, NONE, 0, c_ready, ctypes.c_void_p(77))
    assert seen.wait(20), "no callback"
    expect("data callback", got, [s.h, 0, n, 0, 77])
    assert (a == b).all() and b.max() > b.min()
    s.close()


def stopped(family):
    """A capture whose trigger never comes is cancelled by Stop; auto-trigger ends one."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R20V)
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.counts(15, 0), RISING, 0, 0)
    seen, status = threading.Event(), []

    def ready(handle, code, parameter):
        status.append(code)
        seen.set()

    c_ready = s.lib.callback[family + "BlockReady"](ready)
    s.run_block(100, 100, 8, c_ready)
    expect("settings during a capture", s.lib.status("SetChannel", s.h, 0, 1, 1, R2V, 0.0), library.BUSY)
    s.lib.Stop(s.h)
    assert seen.wait(20), "no callback"
    expect("callback", status, [library.CANCELLED])
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.counts(15, 0), RISING, 0, 20)
    s.run_block(100, 100, 8)
    s.wait()
    s.lib.Stop(s.h)
    s.close()


def small_array(family):
    """Ten 64-bit times into an array for ten 16-bit numbers: it gets what fits, and its neighbours stay what they are."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    m, most = 10, c_int32()
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5, 0), RISING, 0, 0)
    s.lib.MemorySegments(s.h, m, most)
    s.lib.SetNoOfCaptures(s.h, m)
    s.run_block(10, 10, 0)
    s.wait()
    arrays = [(c_int16 * 10)(*[0x5A5A] * 10) for _ in range(3000)]
    units = (c_uint32 * m)()
    for small in arrays[::100]:
        s.lib.GetValuesTriggerTimeOffsetBulk64(s.h, small, units, 0, m - 1)
    changed = [i for i, a in enumerate(arrays) if list(a) != [0x5A5A] * 10]
    assert changed and set(changed) <= set(range(0, 3000, 100)), "arrays %r are changed" % changed
    right = np.zeros(m, np.int64)
    s.lib.GetValuesTriggerTimeOffsetBulk64(s.h, right, units, 0, m - 1)
    first = np.frombuffer(arrays[0], np.int64, 2)
    assert (first == right[:2]).all() and right[9] <= 0
    s.close()


def ets(family):
    """Equivalent-time sampling: finer than the clock, with the time of each sample."""
    s = Scope(family, SERIALS[family])
    s.channels(B=R2V)
    n = 500
    s.lib.SetSimpleTrigger(s.h, 1, 1, 0, RISING, 0, 0)
    picoseconds = c_int32()
    s.lib.SetEts(s.h, 1, 20, 4, picoseconds)
    assert 0 < picoseconds.value < 1000 * 8, "%d ps" % picoseconds.value
    expect("streaming", s.lib.status("RunStreaming", s.h, c_uint32(1), 3, 0, 0, 0, 1, NONE, n), 0x17)
    times, b = np.zeros(n, np.int64), s.buffer(1, n)
    s.lib.SetEtsTimeBuffer(s.h, times, n)
    s.run_block(n // 2, n // 2, 50)  # the timebase means nothing here
    s.wait()
    got, _ = s.values(n)
    assert got > 0 and (np.diff(times[:got]) > 0).all(), "times"
    assert abs(np.diff(times[:got]).mean() / 1000 - picoseconds.value) <= picoseconds.value * 0.01, np.diff(times[:got]).mean()
    v = s.volts(b[:got], 1)
    assert (v[:got // 2 - 2] < 0).all() and (v[got // 2 + 2:] > 0).all(), "the edge is not in the middle"
    s.lib.SetEts(s.h, 0, 0, 0, None)
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (plain, callback, downsampled, rapid, window, pulse_width, ports, asynchronous, stopped, ets,
                                             small_array)})
