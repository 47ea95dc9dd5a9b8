"""Rules that hold for every function of a library, from the ABI table: what it answers without a unit, from a callback and
to arguments that are all nothing."""
import ctypes
import json
import os

import library
from library import Library, expect, until

SERIALS = {"ps2000a": "CT24/001", "ps5000a": "CT54/001", "ps6000a": "CT68/001"}
DRIVER_FUNCTION = 0x43
# Called last, since the unit is gone behind it.
LAST = "CloseUnit"


def functions(family):
    """Names without the prefix of what takes a handle first, and the C types of their arguments."""
    with open(os.environ["EMULATOR_ABI"]) as f:
        table = json.load(f)[family]["functions"]
    found = {}
    for f in table:
        if f["args"] and f["args"][0]["name"] == "handle" and f["args"][0]["ctype"] == "int16_t":
            found[f["name"][len(family):]] = [a["ctype"] for a in f["args"]]
    assert len(found) > 50 and LAST in found
    return found


def nothing(lib, types, handle):
    """Arguments for a handle and nothing else: 0, 0.0, NULL, and structures and callbacks of zeros."""
    args = [handle]
    for t in types[1:]:
        made = lib._type(t)
        args.append(None if made is ctypes.c_void_p else made() if made in lib.callback.values() else made(0).value if hasattr(made(0), "value") else made())
    return args


def opened(lib):
    handle = ctypes.c_int16()
    lib.OpenUnit(handle, SERIALS[lib.family].encode(), *([] if lib.family == "ps2000a" else [0]))
    return handle.value


def each(lib, handle, want):
    """Calls all functions with nothing."""
    wrong = []
    for name, types in functions(lib.family).items():
        got = lib.status(name, *nothing(lib, types, handle))
        if got != want:
            wrong.append("%s answers 0x%X, not 0x%X" % (name, got, want))
    assert not wrong, "; ".join(wrong)


def handles(family):
    """A handle that is not open."""
    lib = Library(family)
    each(lib, 999, library.INVALID_HANDLE)
    h = opened(lib)
    lib.CloseUnit(h)
    each(lib, h, library.INVALID_HANDLE)


def callbacks(family):
    """From inside a callback every call is refused, and the unit is as it was afterwards."""
    lib = Library(family)
    h = opened(lib)
    wrong = []

    def ready(handle, status, user):
        try:
            each(lib, handle, library.USER_CALLBACK)
        except AssertionError as e:
            wrong.append(str(e))
        wrong.append("done")

    ready = lib.callback[family + "BlockReady"](ready)
    if family == "ps6000a":
        busy = ctypes.c_double()
        lib.RunBlock(h, 0, 100, 100, busy, 0, ready, None)
    else:
        lib.RunBlock(h, 0, 100, 100, *([0] if family == "ps2000a" else []), None, 0, ready, None)
    until("callback", lambda: "done" in wrong)
    assert wrong == ["done"], wrong
    lib.Stop(h)
    expect("ping", lib.status("PingUnit", h), 0)
    lib.CloseUnit(h)


def nothings(family):
    """All arguments nothing, on an idle unit and in a streaming run: each call returns, and the unit still works."""
    lib = Library(family)
    for running in (False, True):
        h = opened(lib)
        for name, types in functions(family).items():
            if name == LAST:
                continue
            if running:
                stream(lib, h)
            status = lib.status(name, *nothing(lib, types, h))
            assert status not in (library.INVALID_HANDLE, library.USER_CALLBACK, DRIVER_FUNCTION), "%s answers 0x%X" % (name, status)
            lib.status("Stop", h)
        expect("ping", lib.status("PingUnit", h), 0)
        lib.CloseUnit(h)


def stream(lib, h):
    """Starts a run of channel A."""
    data = ctypes.create_string_buffer(20000)
    KEEP.append(data)
    if lib.family == "ps6000a":
        interval = ctypes.c_double(1)
        lib.SetDataBuffer(h, 0, data, 10000, lib.number["PICO_INT16_T"], 0, lib.number["PICO_RATIO_MODE_RAW"], 1 | 2)
        lib.RunStreaming(h, interval, lib.number["PICO_US"], 0, 10000, 0, 1, lib.number["PICO_RATIO_MODE_RAW"])
    else:
        interval = ctypes.c_uint32(1)
        lib.SetChannel(h, 0, 1, 1, 7, 0.0)
        lib.SetDataBuffer(h, 0, data, 10000, 0, 0)
        lib.RunStreaming(h, interval, 3, 0, 10000, 0, 1, 0, 10000)


KEEP = []


if __name__ == "__main__":
    library.main({f.__name__: f for f in (handles, callbacks, nothings)})
