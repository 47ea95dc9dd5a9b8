"""What goes wrong when a recording is read. All of it is a ScopelogError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from ._capture import Gap


class ScopelogError(Exception):
    """Anything that a recording does not allow."""


class NotARecordingError(ScopelogError):
    """The folder holds no recording."""


class FormatError(ScopelogError):
    """The recording has a later format, or metadata that cannot be right."""


class GapError(ScopelogError):
    """A range that was to be contiguous is not: samples are missing in time, or it reaches over several waveforms.

    position is the stream index of the first sample behind the break, gap tells of the loss; None between waveforms.
    """

    def __init__(self, message: str, position: int, gap: Optional["Gap"]) -> None:
        super().__init__(message)
        self.position = position
        self.gap = gap


class GoneError(ScopelogError, IndexError):
    """The samples were recorded and removed again, by a rule of the plan or since the run was opened."""


class MissingError(ScopelogError):
    """The samples were recorded, and no file holds them: one is too short, or gone."""


class DamagedError(ScopelogError):
    """The samples are annotated as damaged or unverified. scopelog.open(path, damaged=True) hands them out."""


class EquationError(ScopelogError):
    """The equation of a channel cannot be read, or has no volts to be computed from; .counts are there all the same."""
