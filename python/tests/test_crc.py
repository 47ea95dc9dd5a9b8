"""CRC-32C and the lines that end in it."""

import random
import unittest

import builder
from scopelog import _crc


def slow(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class CRC(unittest.TestCase):
    def test_known(self):
        self.assertEqual(_crc.crc32c(b"123456789"), 0xE3069283)
        self.assertEqual(_crc.crc32c(b""), 0)

    def test_long_as_short(self):
        r = random.Random(1)
        for n in (1, 4095, 4096, 4097, 5000, 8192, 10_001):
            data = r.getrandbits(8 * n).to_bytes(n, "little")
            self.assertEqual(_crc.crc32c(data), slow(data), n)

    def test_lines(self):
        line = builder.crc_line({"k": "sync", "n": 2**63 - 1})
        self.assertEqual(_crc.parse(line)["n"], 2**63 - 1)
        for name, bad in {
            "cut": line[:-1], "torn": line[: len(line) // 2], "empty": b"", "newline": b"\n", "zeros": bytes(64), "changed": line.replace(b"sync", b"Sync"),
            "no object": b"[1]" + line[-19:],
        }.items():  # fmt: skip
            self.assertIsNone(_crc.parse(bad), name)


if __name__ == "__main__":
    unittest.main()
