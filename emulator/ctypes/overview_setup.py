"""Everything around captures of ps2000a and ps5000a: finding, naming, power, settings, refusals, the generator."""
import ctypes
import os
from ctypes import c_double, c_float, c_int16, c_int32, c_uint32

import numpy as np

import library
import signals
from library import Library, expect
from overview import AGGREGATE, FAST, NONE, R20V, R2V, RISING, SERIALS, SINE, Scope, block

DRIVER_VERSION, USB_VERSION, VARIANT, SERIAL = 0, 1, 3, 4


def text_of(lib, handle, info):
    need = c_int16()
    lib.GetUnitInfo(handle, None, 0, need, info)
    text = ctypes.create_string_buffer(need.value)
    lib.GetUnitInfo(handle, text, need.value, need, info)
    expect("length", len(text.value) + 1, need.value)
    return text.value.decode()


def units(family):
    """Enumerate; open all until none is left; name them; a serial only once; handles that are none."""
    lib = Library(family)
    count, text, length = c_int16(), ctypes.create_string_buffer(200), c_int16(200)
    lib.EnumerateUnits(count, text, length)
    serials = text.value.decode().split(",")
    expect("count", count.value, len(serials))
    expect("length", length.value, len(text.value) + 1)
    assert SERIALS[family] in serials and FAST[family] in serials, serials
    version = text_of(lib, 0, DRIVER_VERSION)
    assert any(part.count(".") == 3 for part in version.split()), version
    resolution = [] if family == "ps2000a" else [0]
    handles = {}
    while True:
        handle = c_int16(-5)
        status = lib.status("OpenUnit", handle, None, *resolution)
        if status == library.NOT_FOUND:
            expect("handle of none", handle.value, 0)
            break
        assert status in (0, 0x11A, 0x11E), "open answers 0x%X" % status
        assert handle.value > 0
        for _ in range(3):
            if status:
                status = lib.status("ChangePowerSource", handle.value, status)
        expect("power", status, 0)
        handles[text_of(lib, handle.value, SERIAL)] = handle.value
    expect("units", sorted(handles), sorted(serials))
    expect("a second time", lib.status("OpenUnit", c_int16(), SERIALS[family].encode(), *resolution), library.NOT_FOUND)
    h = handles[SERIALS[family]]
    assert text_of(lib, h, VARIANT) == ("2406B" if family == "ps2000a" else "5444DMSO")
    for info in range(11):
        assert text_of(lib, h, info), "info %d" % info
    expect("info 999", lib.status("GetUnitInfo", h, text, 200, c_int16(), 999), 0x29)
    for one in handles.values():
        lib.CloseUnit(one)
    expect("closed", lib.status("PingUnit", h), library.INVALID_HANDLE)
    expect("closed twice", lib.status("CloseUnit", h), library.INVALID_HANDLE)
    lib.c.scopelog_emulator.restype = ctypes.c_char_p
    assert lib.c.scopelog_emulator().startswith(b"scopelog emulator ")
    getattr(lib.c, family + "ApplyFix")(ctypes.c_uint32(0x1CED9168), ctypes.c_uint16(0x11E6))


def in_background(family):
    """Open with progress."""
    lib = Library(family)
    started, handle, percent, complete = c_int16(), c_int16(), c_int16(), c_int16()
    lib.OpenUnitAsync(started, SERIALS[family].encode(), *([] if family == "ps2000a" else [1]))
    expect("started", started.value, 1)
    seen = []

    def done():
        lib.OpenUnitProgress(handle, percent, complete)
        seen.append(percent.value)
        return complete.value != 0

    library.until("end of the open", done)
    expect("progress", seen, sorted(seen))
    expect("at the end", seen[-1], 100)
    assert handle.value > 0
    if family == "ps5000a":
        bits = c_uint32()
        lib.GetDeviceResolution(handle.value, bits)
        expect("resolution", bits.value, 1)
    lib.CloseUnit(handle.value)


def power(family):
    """ps5000a: four channels, on a USB port alone: acknowledged, A and B are left. The supply comes during a run."""
    lib = Library(family)
    handle = c_int16()
    state = lib.status("OpenUnit", handle, b"CT54/003", 0)
    h = handle.value
    assert state == 0x11A and h > 0, "open answers 0x%X, handle %d" % (state, h)
    value = c_int16()
    expect("before the answer", lib.status("MaximumValue", h, value), state)
    expect("a wrong answer", lib.status("ChangePowerSource", h, 0x119), 0x11B)
    expect("the right one", lib.status("ChangePowerSource", h, state), 0)
    expect("source", lib.status("CurrentPowerSource", h), 0x11A)
    expect("A", lib.status("SetChannel", h, 0, 1, 1, R2V, 0.0), 0)
    expect("C", lib.status("SetChannel", h, 2, 1, 1, R2V, 0.0), 0x122)
    expect("C off", lib.status("SetChannel", h, 2, 0, 1, R2V, 0.0), 0)
    supply_comes(lib, h)
    lib.CloseUnit(h)
    state = lib.status("OpenUnit", handle, b"CT54/004", 0)
    expect("port first", state, 0x11E)
    expect("then the supply", lib.status("ChangePowerSource", handle.value, state), 0x11A)
    expect("twice", lib.status("ChangePowerSource", handle.value, 0x11A), 0)
    lib.CloseUnit(handle.value)


def supply_comes(lib, h):
    ring, interval, seen = np.zeros(1000, np.int16), c_uint32(100), []
    lib.SetChannel(h, 1, 0, 1, R2V, 0.0)
    lib.SetDataBuffer(h, 0, ring, 1000, 0, NONE)
    lib.RunStreaming(h, interval, 3, 0, 0, 0, 1, NONE, 1000)
    c_ready = lib.callback["ps5000aStreamingReady"](lambda *a: None)
    with open(os.path.join(os.environ["SCOPELOG_RIG"], "CT54_003", "power"), "w") as f:
        f.write("supply\n")

    def told():
        seen.append(lib.status("GetStreamingLatestValues", h, c_ready, None))
        return seen[-1] not in (0, library.BUSY)

    library.until("word of the supply", told)
    expect("poll", seen[-1], 0x119)
    expect("Stop", lib.status("Stop", h), 0)
    expect("answer", lib.status("ChangePowerSource", h, 0x119), 0)
    expect("C has power", lib.status("SetChannel", h, 2, 1, 1, R2V, 0.0), 0)


def settings(family):
    """Ranges, offsets, scaling, segments, timebases as documented."""
    s = Scope(family, SERIALS[family])
    n, codes = c_int32(0), np.zeros(12, np.int32)
    s.lib.GetChannelInformation(s.h, 0, 0, None, n, 0)
    first = 1 if s.old else 0
    expect("ranges", n.value, 11 - first)
    s.lib.GetChannelInformation(s.h, 0, 0, codes, n, 3)
    expect("ranges", list(codes[:n.value]), list(range(first, 11)))
    high, low = c_float(), c_float()
    for code, limit in ((4, 0.25), (R2V, 2.5), (R20V, 20)):
        s.lib.GetAnalogueOffset(s.h, code, 1, high, low)
        expect("offset limits", (high.value, low.value), (limit, -limit))
    s.lib.GetAnalogueOffset(s.h, 4, 0, None, low)
    name = family.upper() + "_SCALING_FACTORS_VALUES"
    scaling = (s.lib.struct[name] * 2)()
    scaling[0].range = scaling[1].range = R2V
    setattr(scaling[1], "channelOrPort" if s.old else "source", 1)
    s.lib.GetScalingValues(s.h, scaling, 2)
    expect("scaling", [(v.scalingFactor, v.offset) for v in scaling], [(256, 0)] * 2)
    s.channels(A=R2V)
    most, segments = c_int32(), c_uint32()
    s.lib.GetMaxSegments(s.h, segments)
    s.lib.MemorySegments(s.h, 1, most)
    one = most.value
    s.lib.MemorySegments(s.h, 8, most)
    assert one / 16 < most.value <= one / 8
    expect("segments", s.lib.status("MemorySegments", s.h, segments.value + 1, most), 0x1E)
    s.lib.MemorySegments(s.h, 1, most)
    expect("timebase 0", s.interval(0, 100), 1e-9)
    s.lib.SetChannel(s.h, 1, 1, 1, R2V, 0.0)
    ns = c_float()
    old = [0] if s.old else []
    expect("two channels", s.lib.status("GetTimebase2", s.h, 0, 100, ns, *old, None, 0), library.INVALID_TIMEBASE)
    whole = c_int32()
    s.lib.GetTimebase(s.h, 8, 100, whole, *old, None, 0)
    expect("timebase 8", whole.value, 48)
    s.lib.SetEts(s.h, 0, 0, 0, None)
    a, _ = s.buffer(0, 10, mode=AGGREGATE, low=True)
    ratio = c_uint32()
    s.run_block(0, 1000, 8)
    s.wait()
    s.lib.GetMaxDownSampleRatio(s.h, 1000, ratio, AGGREGATE, 0)
    assert ratio.value >= 1000
    expect("one group", s.values(1000, ratio=100, mode=AGGREGATE)[0], 10)
    s.close()


def resolutions(family):
    """ps5000a: each resolution with as many channels as it has; the sine to one step of it; stateless helpers."""
    s = Scope(family, SERIALS[family], 4)
    for number, (bits, channels, most) in enumerate(((8, 4, 32512), (12, 4, 32767), (14, 4, 32767), (15, 2, 32767), (16, 1, 32767))):
        s.channels(A=R2V)
        s.lib.SetDeviceResolution(s.h, number)
        s.bits = bits
        expect("largest code", s.max_code(), most)
        s.channels(**{c: R2V for c in "ABCD"[:channels]})
        s.lib.SetSimpleTrigger(s.h, 1, 0, s.between(0.5, 0), RISING, 0, 0)
        (a,), interval = block(s, 1000, 1000, 100, [0])
        error = signals.sine_from_trigger(s.volts(a, 0), 1000, s.late(), interval,
                                          threshold=s.volts(s.between(0.5, 0), 0), **SINE)
        assert error <= s.lsb(0), "%d bits: %g V off" % (bits, error)
        if channels < 4:
            refused = s.lib.status("SetChannel", s.h, channels, 1, 1, R2V, 0.0) or \
                s.lib.status("GetTimebase2", s.h, 100, 100, None, None, 0)
            expect("one more channel", refused, 0x121)
        timebase, seconds = c_uint32(), c_double()
        s.lib.GetMinimumTimebaseStateless(s.h, 1, timebase, seconds, number)
        s.channels(A=R2V)
        assert abs(s.interval(timebase.value, 100) - seconds.value) < 1e-15
        s.lib.NearestSampleIntervalStateless(s.h, 1, 1e-6, number, 0, timebase, seconds)
        assert abs(seconds.value - 1e-6) <= 16e-9
        n = c_uint32()
        s.lib.ChannelCombinationsStateless(s.h, None, n, number, 100, 1)
        sets = np.zeros(n.value, np.uint32)
        s.lib.ChannelCombinationsStateless(s.h, sets, n, number, 100, 1)
        assert 1 in sets and (3 in sets) == (channels > 1) and len(set(sets)) == len(sets)
        s.lib.ChannelCombinationsStateless(s.h, None, n, number, 100, 0)
        assert 0 < n.value < len(sets), "without the supply"
    expect("resolution 5", s.lib.status("SetDeviceResolution", s.h, 5), 0x120)
    s.close()


def unscaled(family):
    """int8 buffers are the upper halves of the codes."""
    s = Scope(family, SERIALS[family])
    s.channels(A=R2V)
    s.lib.SetSimpleTrigger(s.h, 0, 0, 0, RISING, 0, 0)
    s.run_block(0, 2000, 100)
    s.wait()
    scaled = s.buffer(0, 2000)
    s.values(2000)
    s.forget(0)
    small = np.zeros(2000, np.int8)
    s.lib.SetUnscaledDataBuffers(s.h, 0, small, None, 2000, 0, NONE)
    s.values(2000)
    assert (small.astype(np.int16) * 256 == scaled).all() and scaled.max() > scaled.min()
    if not s.old:
        s.lib.SetDeviceResolution(s.h, 1)
        assert s.lib.status("SetUnscaledDataBuffers", s.h, 0, small, None, 2000, 0, NONE) != 0
    s.close()


def generator(family):
    """Built-in and arbitrary waveforms, seen through the loop-back on D."""
    s = Scope(family, SERIALS[family])
    s.channels(D=R2V)
    built_in = lambda *a: s.lib.SetSigGenBuiltInV2(s.h, *a)  # noqa: E731
    s.lib.SetSigGenBuiltIn(s.h, 0, 2000000, 0, 10000.0, 10000.0, 0.0, 1.0, 0, 0, 0, 0, 0, 0, 0)
    (d,), interval = block(s, 0, 5000, 100, [3])
    assert signals.sine_error(s.volts(d, 3), interval, 10000, 1.0) <= s.lsb(3), "sine"
    built_in(250000, 1000000, 1, 10000, 10000, 0, 1, 0, 0, 0, 0, 0, 0, 0)
    (d,), _ = block(s, 0, 5000, 100, [3])
    v = s.volts(d, 3)
    assert np.minimum(np.abs(v - 0.75), np.abs(v + 0.25)).max() <= s.lsb(3) and np.ptp(v) > 0.9, "square"
    s.lib.SetSigGenPropertiesBuiltIn(s.h, 20000, 20000, 0, 1, 0, 0, 0, 0, 0, 0)
    (d,), _ = block(s, 0, 5000, 100, [3])
    edges = np.count_nonzero(np.diff(s.volts(d, 3) > 0.25))
    assert abs(edges - 2 * 20000 * 5000 * interval) <= 2, "%d edges" % edges
    built_in(0, 2000000, 0, 1000, 9000, 1000, 0.001, 2, 0, 0, 0, 0, 0, 0)
    (d,), _ = block(s, 0, 5000, 100, [3])
    assert np.ptp(s.volts(d, 3)) > 1, "sweep"
    arbitrary(s, interval)
    built_in(0, 2000000, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    built_in(0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    (d,), _ = block(s, 0, 1000, 100, [3])
    assert (d == 0).all(), "off"
    expect("too high", s.lib.status("SetSigGenBuiltInV2", s.h, 0, 9000000, 0, 1e3, 1e3, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0x39)
    expect("wave 11", s.lib.status("SetSigGenBuiltInV2", s.h, 0, 1000000, 11, 1e3, 1e3, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0x2E)
    built_in(0, 2000000, 0, 1000, 1000, 0, 1, 0, 0, 5, 0, 0, 4, 0)  # five cycles on request
    s.lib.SigGenSoftwareControl(s.h, 1)
    s.close()


def arbitrary(s, interval):
    low, high, least, most = c_int16(), c_int16(), c_uint32(), c_uint32()
    s.lib.SigGenArbitraryMinMaxValues(s.h, low, high, least, most)
    n = 1000
    assert least.value <= n <= most.value
    stairs = np.repeat(np.array([low.value, 0, high.value, 0], np.int16), n // 4)
    delta = c_uint32()
    s.lib.SigGenFrequencyToPhase(s.h, 2000.0, 0, n, delta)
    s.lib.SetSigGenArbitrary(s.h, 0, 2000000, delta.value, delta.value, 0, 0, stairs, n, 0, 0, 0, 0, 0, 0, 0, 0)
    (d,), _ = block(s, 0, 5000, 1000, [3])
    v = s.volts(d, 3)
    near = np.min([np.abs(v - 1), np.abs(v), np.abs(v + 1)], axis=0)
    assert near.max() <= s.lsb(3), "%g V off the stairs" % near.max()
    period = np.flatnonzero(np.diff(np.sign(v - 0.5)) > 0)
    mean = np.diff(period).mean() * s.interval(1000, 100)
    assert abs(mean * 2000 - 1) < 0.01, "repeats every %g s" % mean
    s.lib.SetSigGenPropertiesArbitrary(s.h, delta.value * 2, delta.value * 2, 0, 0, 0, 0, 0, 0, 0, 0)


def refusals(family):
    """The documented statuses of wrong arguments; what refuses changes nothing."""
    s = Scope(family, SERIALS[family])
    old, status = ([0] if s.old else []), s.lib.status
    n, ready, ns = c_uint32(100), c_int16(), c_float()
    rows = [
        ("handle", library.INVALID_HANDLE, "SetChannel", 999, 0, 1, 1, R2V, 0.0),
        ("channel 4", library.INVALID_CHANNEL, "SetChannel", s.h, 4, 1, 1, R2V, 0.0),
        ("coupling 2", library.INVALID_COUPLING, "SetChannel", s.h, 0, 1, 2, R2V, 0.0),
        ("range 12", library.INVALID_VOLTAGE_RANGE, "SetChannel", s.h, 0, 1, 1, 12, 0.0),
        ("range 50 V", library.INVALID_VOLTAGE_RANGE, "SetChannel", s.h, 0, 1, 1, 11, 0.0),
        ("offset", 0x50, "SetChannel", s.h, 0, 1, 1, 4, 1.0),
        ("value NULL", library.NULL_PARAMETER, "MaximumValue", s.h, None),
        ("ready NULL", library.NULL_PARAMETER, "IsReady", s.h, None),
        ("samples NULL", library.NULL_PARAMETER, "GetValues", s.h, 0, None, 1, NONE, 0, None),
        ("before a run", library.NO_SAMPLES_AVAILABLE, "GetValues", s.h, 0, n, 1, NONE, 0, None),
        ("buffer of channel 9", library.INVALID_CHANNEL, "SetDataBuffer", s.h, 9, np.zeros(9, np.int16), 9, 0, NONE),
        ("two modes", library.RATIO_MODE_NOT_SUPPORTED, "SetDataBuffer", s.h, 0, np.zeros(9, np.int16), 9, 0, 3),
        ("segment 5", library.SEGMENT_OUT_OF_RANGE, "SetDataBuffer", s.h, 0, np.zeros(9, np.int16), 9, 5, NONE),
        ("negative length", library.INVALID_PARAMETER, "SetDataBuffer", s.h, 0, np.zeros(9, np.int16), -1, 0, NONE),
        ("trigger on 9", library.INVALID_CHANNEL, "SetSimpleTrigger", s.h, 1, 9, 0, RISING, 0, 0),
        ("direction 7", library.INVALID_PARAMETER, "SetSimpleTrigger", s.h, 1, 0, 0, 7, 0, 0),
        ("trigger off with anything", 0, "SetSimpleTrigger", s.h, 0, 9, 0, 77, 0, -1),
        ("segment of a timebase", library.SEGMENT_OUT_OF_RANGE, "GetTimebase2", s.h, 100, 100, ns, *old, None, 3),
        ("too many samples", 0x1D, "GetTimebase2", s.h, 100, 2 ** 31 - 1, ns, *old, None, 0),
        ("negative samples", library.INVALID_PARAMETER, "RunBlock", s.h, -1, 100, 100, *old, None, 0, None, None),
        ("segment of a run", library.SEGMENT_OUT_OF_RANGE, "RunBlock", s.h, 0, 100, 100, *old, None, 4, None, None),
        ("info of channels", 0x29, "GetChannelInformation", s.h, 3, 0, None, c_int32(), 0),
        ("ETS mode 3", library.INVALID_PARAMETER, "SetEts", s.h, 3, 0, 0, None),
        ("pulse width off", 0, "SetPulseWidthQualifier", s.h, None, 0, RISING, 0, 0, 0),
        ("properties off", 0, "SetTriggerChannelProperties", s.h, None, 0, 0, 0),
        ("conditions off", 0, "SetTriggerChannelConditions", s.h, None, 0),
        ("directions", 0, "SetTriggerChannelDirections", s.h, 2, 2, 2, 2, 2, 2),
        ("pins off", 0, "SetTriggerDigitalPortProperties", s.h, None, 0),
    ]
    if s.old:
        rows.append(("hold-off", library.NOT_USED, "HoldOff", s.h, 0, 0))
        rows.append(("port of a unit without", library.INVALID_CHANNEL, "SetDigitalPort", s.h, 0x80, 1, 0))
    else:
        rows += [
            ("V2 properties off", 0, "SetTriggerChannelPropertiesV2", s.h, None, 0, 0),
            ("V2 conditions off", 0, "SetTriggerChannelConditionsV2", s.h, None, 0, 1),
            ("V2 directions off", 0, "SetTriggerChannelDirectionsV2", s.h, None, 0),
            ("pulse width conditions off", 0, "SetPulseWidthQualifierConditions", s.h, None, 0, 1),
            ("pulse width directions off", 0, "SetPulseWidthQualifierDirections", s.h, None, 0),
            ("pulse width properties off", 0, "SetPulseWidthQualifierProperties", s.h, 0, 0, 0),
            ("firmware", 0x03004002, "StartFirmwareUpdate", s.h, None),
            ("filter", library.INVALID_PARAMETER, "SetBandwidthFilter", s.h, 0, 2),
        ]
    wrong = []
    for what, want, *call in rows:
        got = status(*call)
        if got != want:
            wrong.append("%s: 0x%X, want 0x%X" % (what, got, want))
    assert not wrong, "; ".join(wrong)
    s.channels(A=R2V)
    (a,), interval = block(s, 0, 2000, 100, [0])
    assert signals.sine_error(s.volts(a, 0), interval, **SINE) <= s.lsb(0)
    s.close()


if __name__ == "__main__":
    library.main({f.__name__: f for f in (units, in_background, power, settings, resolutions, unscaled, generator, refusals)})
