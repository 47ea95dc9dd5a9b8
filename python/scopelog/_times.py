"""Moments as nanoseconds of UTC since 1970, in Python's unbounded integers."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import Sequence, Union

import numpy as np

Moment = Union[str, datetime.datetime, np.datetime64]

_TEXT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?(Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)
_FORM = "0000-00-00T00:00:00.000000000Z"  # as recordings have it
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_NAIVE = datetime.datetime(1970, 1, 1)
SECOND = 1_000_000_000


def utc_ns(moment: Moment) -> int:
    """Nanoseconds of UTC since 1970 of a text such as 2026-11-20T08:00:00.25Z, a datetime with a time zone, or a datetime64 (UTC)."""
    if isinstance(moment, np.datetime64):
        if np.isnat(moment):
            raise ValueError("NaT is no moment")
        return int(moment.astype("datetime64[ns]").astype(np.int64))
    if isinstance(moment, datetime.datetime):
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone: give it one, as tzinfo=datetime.timezone.utc")
        return (moment - _EPOCH) // datetime.timedelta(microseconds=1) * 1000
    return _parse(moment)


def utc_ns_of(texts: Sequence[str]) -> np.ndarray:
    """What utc_ns() gives for each of many texts, int64: fast where all are as recordings have them, 2026-11-20T08:00:00.250000000Z."""
    if texts and all(len(t) == 30 for t in texts):
        found = np.array(texts)
        letters = found.view(np.uint32).reshape(-1, 30)
        form = np.array([ord(c) for c in _FORM])
        digits = form == ord("0")
        if (letters[:, ~digits] == form[~digits]).all() and (letters[:, digits] - np.uint32(ord("0")) <= 9).all():
            return found.astype("U29").astype("datetime64[ns]").astype(np.int64)
    return np.array([utc_ns(t) for t in texts], np.int64)


def _parse(text: str) -> int:
    if len(text) == 30 and text[10] == "T" and text[19] == "." and text[29] == "Z" and text.isascii() and text[20:29].isdecimal():  # as recordings have it
        since = datetime.datetime.fromisoformat(text[:19]) - _NAIVE
        return (since.days * 86_400 + since.seconds) * SECOND + int(text[20:29])
    m = _TEXT.match(text.strip())
    if m is None:
        raise ValueError(f"{text!r} is no moment: write it as 2026-11-20T08:00:00.25Z")
    year, month, day, hour, minute, second, fraction, zone = m.groups()
    if zone is None:
        raise ValueError(f"{text!r} has no time zone: end it with Z for UTC, or with an offset such as +01:00")
    whole = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=datetime.timezone.utc)
    seconds = (whole - _EPOCH) // datetime.timedelta(seconds=1)
    if zone != "Z":
        digits = zone[1:].replace(":", "")
        shift = 3600 * int(digits[:2]) + 60 * int(digits[2:])
        seconds -= shift if zone[0] == "+" else -shift
    return seconds * SECOND + int((fraction or "").ljust(9, "0"))


def datetime64(ns: int) -> np.datetime64:
    """A moment as NumPy has it, in nanoseconds."""
    return np.datetime64(ns, "ns")


def nanoseconds(samples: int, interval: Fraction) -> int:
    """How long so many samples take, rounded down to nanoseconds."""
    return samples * interval.numerator * SECOND // interval.denominator


def nanoseconds_of(samples: np.ndarray, interval: Fraction) -> np.ndarray:
    """What nanoseconds() gives for each element of an array of whole numbers that are not negative, int64."""
    each = interval * SECOND
    p, q = each.numerator, each.denominator
    most = int(samples.max()) if len(samples) else 0
    if most // q * p + p >= 1 << 63 or q * p >= 1 << 63:
        return np.array([n * p // q for n in samples.tolist()], np.int64)
    return samples // q * p + samples % q * p // q
