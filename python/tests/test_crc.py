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

    def test_many(self):
        """Many texts side by side give what each gives alone, whatever their lengths."""
        r = random.Random(2)
        for count, lengths in ((0, (1, 2)), (1, (5, 6)), (63, (0, 300)), (64, (4, 300)), (3000, (0, 90)), (200, (3000, 5000))):
            texts = [r.getrandbits(8 * 5000).to_bytes(5000, "little")[: r.randrange(*lengths)] for _ in range(count)]
            self.assertEqual(_crc.crc32c_of(texts), [_crc.crc32c(t) for t in texts], count)

    def test_lines(self):
        line = builder.crc_line({"k": "sync", "n": 2**63 - 1})
        self.assertEqual(_crc.parse(line)["n"], 2**63 - 1)
        for name, bad in {
            "cut": line[:-1], "torn": line[: len(line) // 2], "empty": b"", "newline": b"\n", "zeros": bytes(64), "changed": line.replace(b"sync", b"Sync"),
            "no object": b"[1]" + line[-19:],
        }.items():  # fmt: skip
            self.assertIsNone(_crc.parse(bad), name)
            self.assertEqual(_crc.parse_all([line, bad] * 100), [_crc.parse(line), None] * 100, name)


if __name__ == "__main__":
    unittest.main()
