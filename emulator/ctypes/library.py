"""The functions, structures and callbacks of a family's library, declared from the ABI table.

Every function is an attribute of Library without the family's prefix and raises Refused on a status other than 0;
Library.status(name, ...) returns the status instead. Enumerators and constants are in Library.number.
"""
import ctypes
import json
import os
import time

BASE = {
    "void": None, "float": ctypes.c_float, "double": ctypes.c_double,
    "int8_t": ctypes.c_int8, "uint8_t": ctypes.c_uint8, "int16_t": ctypes.c_int16, "uint16_t": ctypes.c_uint16,
    "int32_t": ctypes.c_int32, "uint32_t": ctypes.c_uint32, "int64_t": ctypes.c_int64, "uint64_t": ctypes.c_uint64,
}

NOT_FOUND, INVALID_HANDLE, INVALID_PARAMETER, NULL_PARAMETER = 0x03, 0x0C, 0x0D, 0x16
INVALID_TIMEBASE, INVALID_VOLTAGE_RANGE, INVALID_CHANNEL = 0x0E, 0x0F, 0x10
NO_SAMPLES_AVAILABLE, SEGMENT_OUT_OF_RANGE, BUSY = 0x25, 0x26, 0x27
INVALID_SAMPLE_INTERVAL, INVALID_COUPLING, BUFFERS_NOT_SET, RATIO_MODE_NOT_SUPPORTED = 0x2B, 0x45, 0x46, 0x47
USER_CALLBACK, CANCELLED, NOT_USED, INVALID_CALL = 0x23, 0x3A, 0x3F, 0x3C


class Refused(Exception):
    def __init__(self, name, status):
        super().__init__("%s answers 0x%X" % (name, status))
        self.status = status


class Library:
    def __init__(self, family):
        self.family = family
        with open(os.environ["EMULATOR_ABI"]) as f:
            abi = json.load(f)[family]
        self.c = ctypes.CDLL(os.path.join(os.environ["EMULATOR_LIBRARIES"], "lib%s.so.2" % family))
        self.number, self.struct, self.callback = {}, {}, {}
        for enum in abi["enums"]:
            self.number.update(enum["values"])
        for s in abi["structs"]:
            self._declare_struct(s)
        for c in abi["callbacks"]:
            self.callback[c["name"]] = ctypes.CFUNCTYPE(self._type(c["returns"]), *[self._type(a["ctype"]) for a in c["args"]])
        for f in abi["functions"]:
            self._declare_function(f)

    def _type(self, text):
        text = text.strip()
        if text.endswith("*"):
            return ctypes.c_void_p
        if text in BASE:
            return BASE[text]
        return self.struct.get(text) or self.callback.get(text) or ctypes.c_uint32

    def _declare_struct(self, s):
        fields = []
        for f in s["fields"]:
            kind, _, length = f["ctype"].partition("[")
            t = self._type(kind)
            if length:
                t = t * int(length.rstrip("]"))
            fields.append((f["name"], t))
        made = type(s["name"], (ctypes.Structure,), {"_pack_": 1, "_fields_": fields})
        assert ctypes.sizeof(made) == s["size"], s["name"]
        self.struct[s["name"]] = made

    def _declare_function(self, f):
        call = getattr(self.c, f["name"])
        call.restype = ctypes.c_uint32
        call.argtypes = [self._type(a["ctype"]) for a in f["args"]]

        def checked(*args):
            status = call(*[self._argument(a) for a in args])
            if status != 0:
                raise Refused(f["name"], status)

        setattr(self, f["name"][len(self.family):], checked)

    @staticmethod
    def _argument(a):
        """numpy arrays and ctypes objects go by address; a byref is one already."""
        if hasattr(a, "ctypes"):
            return a.ctypes.data
        if isinstance(a, ctypes._CFuncPtr):
            return ctypes.cast(a, ctypes.c_void_p)
        if isinstance(a, (ctypes.Array, ctypes.Structure)):
            return ctypes.addressof(a)
        if isinstance(a, ctypes._SimpleCData) and not isinstance(a, ctypes.c_void_p):
            return ctypes.addressof(a)
        return a

    def status(self, name, *args):
        try:
            getattr(self, name)(*args)
        except Refused as r:
            return r.status
        return 0


def expect(what, got, want):
    """Fails with both values when they differ."""
    if got != want:
        hexadecimal = "" if not isinstance(got, int) else " (0x%X, want 0x%X)" % (got, want)
        raise AssertionError("%s is %r, want %r%s" % (what, got, want, hexadecimal))


def until(what, condition, seconds=20):
    """Polls a condition with a deadline."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("no %s within %g s" % (what, seconds))
        time.sleep(0.0005)


def main(programs):
    """Runs the program that the command line names: FAMILY PROGRAM."""
    import sys

    if len(sys.argv) != 3 or sys.argv[2] not in programs:
        sys.exit("usage: %s FAMILY %s" % (sys.argv[0], "|".join(programs)))
    programs[sys.argv[2]](sys.argv[1])
    print("ok")
