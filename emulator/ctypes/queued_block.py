"""Settings, blocks, ports and the generator of ps6000a."""
import ctypes
import threading
from ctypes import c_double, c_int16, c_uint32, c_uint64

import numpy as np

import library
import signals
from library import Library, expect
from queued import (ADD, AGGREGATE, AVERAGE, CLEAR_ALL, DECIMATE, FAST, INT8, INT16, PORT0, PORT1, R2V, RAW, RISING, SERIAL, SINE,
                    Scope, block)

PRE = POST = 2500
TIMEBASE = 20  # 102.4 ns


def check_sine(s, codes, interval, index, late):
    v, threshold = s.volts(codes), s.volts(s.between(0.5))
    assert v[index - 1] < threshold <= v[index], "the edge is not at the trigger: %r" % v[index - 2:index + 2]
    assert 0 <= late <= interval, "time offset %g of an interval of %g" % (late, interval)
    error = signals.sine_from_trigger(v, index, late, interval, threshold=threshold, **SINE)
    assert error <= s.lsb(), "%g V off, a step is %g V" % (error, s.lsb())


def units(_):
    """Enumerate, open until none is left, name, close."""
    lib = Library("ps6000a")
    count, text, length = c_int16(), ctypes.create_string_buffer(200), c_int16(200)
    lib.EnumerateUnits(count, text, length)
    serials = text.value.decode().split(",")
    expect("serials", sorted(serials), [SERIAL, FAST])
    expect("count", count.value, 2)
    handles = []
    while True:
        handle = c_int16(-5)
        status = lib.status("OpenUnit", handle, None, 0)
        if status:
            expect("at the end", status, library.NOT_FOUND)
            break
        handles.append(handle.value)
    expect("handles", len(set(handles)), 2)
    need, variant = c_int16(), ctypes.create_string_buffer(6)
    lib.GetUnitInfo(handles[0], variant, 6, need, 3)
    expect("variant", variant.value, b"6824E")
    for h in handles:
        lib.CloseUnit(h)
    expect("closed", lib.status("PingUnit", handles[0]), library.INVALID_HANDLE)
    lib.c.scopelog_emulator.restype = ctypes.c_char_p
    assert lib.c.scopelog_emulator().startswith(b"scopelog emulator ")


def plain(_):
    """Two channels, trigger on the first; 8, 10 and 12 bits."""
    for resolution in (0, 10, 1):
        s = Scope(SERIAL, resolution)
        s.channels("A") if resolution == 1 else s.channels("A", "B")
        s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5), RISING, 0, 1000000)
        made, interval = block(s, PRE, POST, 100, [0] if resolution == 1 else [0, 1])
        check_sine(s, made[0], interval, PRE, s.late())
        if len(made) > 1:
            assert np.abs(np.abs(s.volts(made[1])) - 1).max() <= s.lsb(), "square"
        s.lib.Stop(s.h)
        s.close()


def callback(_):
    s = Scope()
    s.channels("A")
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    seen, inside = threading.Event(), []

    def ready(handle, status, parameter):
        inside.extend([handle, status, s.lib.status("Stop", handle)])
        seen.set()

    c_ready = s.lib.callback["ps6000aBlockReady"](ready)
    s.run_block(0, 1000, TIMEBASE, c_ready)
    assert seen.wait(20), "no callback"
    expect("callback", inside, [s.h, 0, library.USER_CALLBACK])
    s.close()


def downsampled(_):
    """All modes on one capture agree with its raw samples; int8 buffers are the upper halves."""
    s = Scope()
    s.channels("A")
    n, ratio, m = 5000, 20, 250
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    s.run_block(0, n, TIMEBASE)
    s.wait()
    raw = s.buffer(0, n, action=CLEAR_ALL | ADD)
    expect("raw samples", s.values(n), n)
    high, low, first, mean = signals.groups(raw, ratio)
    most, least = s.buffer(0, m, mode=AGGREGATE, low=True)
    dec, avg = s.buffer(0, m, mode=DECIMATE), s.buffer(0, m, mode=AVERAGE)
    for mode in (AGGREGATE, DECIMATE, AVERAGE):
        expect("groups", s.values(n, ratio, mode), m)
    assert (most == high).all() and (least == low).all() and (dec == first).all() and np.abs(avg - mean).max() <= 1
    small = s.buffer(0, n, action=CLEAR_ALL | ADD, kind=INT8)
    s.values(n)
    assert (small.astype(np.int16) * 256 == raw).all() and raw.max() > raw.min(), "int8"
    s.close()


def rapid(_):
    s = Scope()
    s.channels("A")
    pre, post, m = 400, 400, 10
    s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5), RISING, 0, 0)
    most = c_uint64()
    s.lib.MemorySegments(s.h, m, most)
    s.lib.SetNoOfCaptures(s.h, m)
    interval = s.interval(TIMEBASE, pre + post)
    s.forget()
    made = [s.buffer(0, pre + post, segment=i) for i in range(m)]
    s.run_block(pre, post, TIMEBASE)
    s.wait()
    n, over = c_uint64(pre + post), np.full(m, -1, np.int16)
    s.lib.GetValuesBulk(s.h, 0, n, 0, m - 1, 1, RAW, over)
    expect("samples", n.value, pre + post)
    expect("over-range", list(over), [0] * m)
    infos = (s.lib.struct["PICO_TRIGGER_INFO"] * m)()
    s.lib.GetTriggerInfo(s.h, infos, 0, m)
    expect("status of the first", infos[0].status & 0x01000000, 0x01000000)
    for i in range(m):
        check_sine(s, made[i], interval, pre, s.late(i))
        expect("segment", infos[i].segmentIndex, i)
    for one, next_one in zip(infos, infos[1:]):
        periods = (next_one.timeStampCounter - one.timeStampCounter) * interval * SINE["frequency"]
        assert periods > 0.5 and abs(periods - round(periods)) < 0.01, "%g periods between triggers" % periods
    s.close()


def window(_):
    """Advanced trigger: the sine enters a window."""
    s = Scope()
    s.channels("A")
    struct = s.lib.struct
    upper, lower = s.between(1.2), s.between(0.8)
    s.lib.SetTriggerChannelProperties(s.h, struct["PICO_TRIGGER_CHANNEL_PROPERTIES"](upper, 0, lower, 0, 0), 1, 0, 0)
    s.lib.SetTriggerChannelConditions(s.h, struct["PICO_CONDITION"](0, 1), 1, CLEAR_ALL | ADD)
    s.lib.SetTriggerChannelDirections(s.h, struct["PICO_DIRECTION"](0, 2, 1), 1)
    (a,), interval = block(s, PRE, POST, 100, [0])
    inside = (a >= lower) & (a <= upper)
    assert inside[PRE] and not inside[PRE - 1], a[PRE - 2:PRE + 2]
    assert signals.sine_error(s.volts(a), interval, **SINE) <= s.lsb()
    s.close()


def ports(_):
    """A counter and a constant on the ports, a trigger on a pin."""
    s = Scope()
    s.channels("A")
    level = np.full(8, int(1.5 / 8 * 32767), np.int16)
    for port in (PORT0, PORT1):
        s.lib.SetDigitalPortOn(s.h, port, level, 8, 2)
    s.lib.SetTriggerDigitalPortProperties(s.h, PORT0, s.lib.struct["PICO_DIGITAL_CHANNEL_DIRECTIONS"](4, 3), 1)
    s.lib.SetTriggerChannelConditions(s.h, s.lib.struct["PICO_CONDITION"](PORT0, 1), 1, CLEAR_ALL | ADD)
    (p0, p1), interval = block(s, PRE, POST, TIMEBASE, [PORT0, PORT1])
    assert (p1 == 0xA5).all(), "port 1"
    assert p0[PRE - 1] & 0x1F == 0x0F and p0[PRE] & 0x1F == 0x10, "D4 at the trigger: %r" % (p0[PRE - 2:PRE + 2],)
    steps = np.diff(p0) % 256
    assert set(steps) <= {0, 1} and abs(steps.sum() - (PRE + POST - 1) * interval * 50.021e3) <= 1, "counter"
    s.close()


def generator(_):
    """A sine and stairs by the setters, seen through the loop-back on D."""
    s = Scope()
    s.channels("D")
    f = [c_double() for _ in range(4)]
    s.lib.SigGenWaveform(s.h, 17, None, 0)
    s.lib.SigGenRange(s.h, 2.0, 0.0)
    s.lib.SigGenFrequency(s.h, 10000.0)
    s.lib.SigGenApply(s.h, 1, 0, 0, 1, 0, *f)
    assert abs(f[0].value - 10000) < 1, "%g Hz" % f[0].value
    (d,), interval = block(s, 0, 5000, TIMEBASE, [3])
    assert signals.sine_error(s.volts(d), interval, f[0].value, 1.0) <= s.lsb(), "sine"
    stairs = np.repeat(np.array([-32768, 0, 32767, 0], np.int16), 250)
    s.lib.SigGenWaveform(s.h, 0x10000000, stairs, len(stairs))
    s.lib.SigGenFrequency(s.h, 20000.0)
    s.lib.SigGenApply(s.h, 1, 0, 0, 1, 0, *f)
    (d,), _ = block(s, 0, 5000, TIMEBASE, [3])
    v = s.volts(d)
    assert np.min([np.abs(v - 1), np.abs(v), np.abs(v + 1)], axis=0).max() <= s.lsb() and np.ptp(v) > 1.9, "stairs"
    s.lib.SigGenApply(s.h, 0, 0, 0, 1, 0, *f)
    (d,), _ = block(s, 0, 1000, TIMEBASE, [3])
    assert (d == 0).all(), "off"
    s.close()


def refusals(_):
    s = Scope()
    s.channels("A")
    n = c_uint64(100)
    buffer = np.zeros(100, np.int16)
    trigger = s.lib.struct["PICO_STREAMING_DATA_TRIGGER_INFO"]()
    rows = [
        ("handle", library.INVALID_HANDLE, "SetChannelOff", 999, 0),
        ("channel 99", library.INVALID_CHANNEL, "SetChannelOn", s.h, 99, 1, R2V, 0.0, 0),
        ("coupling 7", library.INVALID_COUPLING, "SetChannelOn", s.h, 0, 7, R2V, 0.0, 0),
        ("range 100 V", library.INVALID_VOLTAGE_RANGE, "SetChannelOn", s.h, 0, 1, 12, 0.0, 0),
        ("ready NULL", library.NULL_PARAMETER, "IsReady", s.h, None),
        ("before a run", library.NO_SAMPLES_AVAILABLE, "GetValues", s.h, 0, n, 1, RAW, 0, None),
        ("the same buffer twice", 0x18E, "SetDataBuffers", s.h, 0, buffer, buffer, 100, INT16, 0, AGGREGATE, ADD),
        ("infos NULL", 0x201, "GetStreamingLatestValues", s.h, None, 0, trigger),
        ("trigger off", 0, "SetSimpleTrigger", s.h, 0, 99, 0, 77, 0, 0),
        ("forget", 0, "SetDataBuffers", s.h, 0, None, None, 0, INT16, 0, RAW, CLEAR_ALL),
        ("15 bits", 0x17B, "SetDeviceResolution", s.h, 3),
        ("wave 1", 0x03000012, "SigGenWaveform", s.h, 1, None, 0),
    ]
    wrong = []
    for what, want, *call in rows:
        got = s.lib.status(*call)
        if got != want:
            wrong.append("%s: 0x%X, want 0x%X" % (what, got, want))
    assert not wrong, "; ".join(wrong)
    bits = c_uint32()
    s.lib.GetDeviceResolution(s.h, bits)
    expect("resolution", bits.value, 0)
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (units, plain, callback, downsampled, rapid, window, ports, generator, refusals)})
