"""The package's text: what the oldest Python that is supported understands, and nothing that NumPy 2 has removed."""

import ast
import glob
import os
import re
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GONE = re.compile(r"\bnp\.(float_|complex_|unicode_|string_|NaN|NAN|Inf|PINF|NINF|infty|bool8|int0|uint0|in1d|product|cumproduct|alltrue|sometrue|row_stack|trapz|asfarray|msort|round_|cast|find_common_type|(bool|int|float|object|str)\b(?!_))|\.(newbyteorder|itemset)\(")


class Text(unittest.TestCase):
    def test_files(self):
        files = sorted(glob.glob(os.path.join(HERE, "..", "*", "*.py")))
        self.assertGreater(len(files), 15)
        for path in files:
            with self.subTest(os.path.basename(path)), open(path, encoding="utf-8") as f:
                text = f.read()
                ast.parse(text, feature_version=(3, 9))
                self.assertIn("from __future__ import annotations" if "scopelog" + os.sep + "_" in path and not path.endswith("__init__.py") else "", text)
                if path != os.path.abspath(__file__) and not path.endswith("test_language.py"):
                    self.assertIsNone(GONE.search(text))


if __name__ == "__main__":
    unittest.main()
