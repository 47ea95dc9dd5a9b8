"""What the rig's signals must look like, worked out here a second time from their description."""
import numpy as np

MASK = np.uint64(0xFFFFFFFFFFFFFFFF)


def full_scale(code):
    """Volts of a range's number: 10 mV, 20 mV, 50 mV, 100 mV ... 50 V."""
    return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50][code]


def volts(codes, range_code, max_code):
    return np.asarray(codes, dtype=float) * full_scale(range_code) / max_code


def lsb(range_code, bits, max_code):
    """Volts of one step of the converter: codes are left-justified."""
    return full_scale(range_code) * (1 << (16 - bits)) / max_code


def sine_error(v, interval, frequency, amplitude, offset=0.0):
    """Largest distance from a sine of this frequency and amplitude, of which only the phase is free, in volts."""
    t = np.arange(len(v)) * interval
    w = 2 * np.pi * frequency
    a = np.column_stack([np.sin(w * t), np.cos(w * t)])
    coefficients = np.linalg.lstsq(a, v - offset, rcond=None)[0]
    phase = np.arctan2(coefficients[1], coefficients[0])
    return np.max(np.abs(v - offset - amplitude * np.sin(w * t + phase)))


def sine_from_trigger(v, index, late, interval, frequency, amplitude, threshold):
    """Largest distance from the sine that rises through the threshold `late` seconds before sample `index`: no free
    parameter is left."""
    t = (np.arange(len(v)) - index) * interval + late
    return np.max(np.abs(v - amplitude * np.sin(2 * np.pi * frequency * t + np.arcsin(threshold / amplitude))))


def splitmix(x):
    with np.errstate(over="ignore"):
        z = np.asarray(x, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def crc32c(data):
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    crc = 0xFFFFFFFF
    for b in data:
        crc = crc >> 8 ^ table[(crc ^ b) & 0xFF]
    return crc ^ 0xFFFFFFFF


def proof(serial, channel, first, count, bits, max_code):
    """Codes of the proof signal of an analog channel from a raw index on."""
    seed = splitmix(crc32c(serial.encode()) * 64 + channel)
    i = np.arange(first, first + count, dtype=np.uint64)
    top = (splitmix(seed ^ i) >> np.uint64(48)).astype(np.uint16).view(np.int16).astype(np.int32)
    return np.clip(top & -(1 << (16 - bits)), -max_code, max_code).astype(np.int16)


def proof_pins(serial, channel, first, count):
    """Bytes of the proof signal of a port (channel 8 or 9)."""
    seed = splitmix(crc32c(serial.encode()) * 64 + channel)
    return (splitmix(seed ^ np.arange(first, first + count, dtype=np.uint64)) >> np.uint64(56)).astype(np.int16)


def groups(raw, ratio):
    """Maxima, minima, first ones and means (rounded as an integer division towards the nearest) of whole groups."""
    g = np.asarray(raw[:len(raw) // ratio * ratio], dtype=np.int64).reshape(-1, ratio)
    return g.max(axis=1), g.min(axis=1), g[:, 0], g.mean(axis=1)
