"""Reads recordings of scopelog: runs of instruments as flat sample files with metadata, also while they are being recorded.

    import scopelog

    run = scopelog.open("recordings/bench-20261120T080000Z")
    a = run["bench.A"]
    volts = a.volts[:100_000]           # samples 0 to 99,999 in volts at the tip
    later = a.at("2026-11-20T08:00:05Z")
    values = a.values[later:]           # from that moment on, in the channel's unit

open() gives a Run, which maps names of streams to Stream; run.devices and run.events() tell of instruments and of what happened. A Stream has counts,
values and volts (each a View: slices are arrays), times and seconds, gaps and stretches, waveforms in block modes, pin() of digital ports, overview() and
chunks() for what does not fit into memory. Units: volts, seconds, or stream.unit; UTC is datetime64[ns]. Errors are a ScopelogError.

Written from docs/format alone, in Python and NumPy. Not in here: writing, repairing and verifying recordings,
and analysis; use SciPy on the arrays.
"""

from ._capture import Annotation, Gap
from ._errors import (
    DamagedError,
    EquationError,
    FormatError,
    GapError,
    GoneError,
    MissingError,
    NotARecordingError,
    ScopelogError,
)
from ._overview import Overview
from ._run import Device, Epoch, Event, Run, open
from ._stream import Stretch, Stream
from ._view import Chunk, View
from ._waveforms import Waveforms

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Chunk",
    "DamagedError",
    "Device",
    "Epoch",
    "EquationError",
    "Event",
    "FormatError",
    "Gap",
    "GapError",
    "GoneError",
    "MissingError",
    "NotARecordingError",
    "Overview",
    "Run",
    "ScopelogError",
    "Stream",
    "Stretch",
    "View",
    "Waveforms",
    "open",
]
