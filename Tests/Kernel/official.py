#!/usr/bin/env python3
"""Runs the community's jupyter_kernel_test suite against the installed kernel, with the samples of official.json.

No test may be skipped: a sample that is missing is a failure.
"""
import json
import os
import sys
import unittest
from pathlib import Path

import jupyter_kernel_test

FOLDER = Path(__file__).resolve().parent
# The kernel that `martlet install --prefix .venv` has put beside this Python.
os.environ["JUPYTER_PATH"] = str(Path(sys.prefix) / "share" / "jupyter")
SAMPLES = json.loads((FOLDER / "official.json").read_text(encoding="utf-8"))


class MartletTests(jupyter_kernel_test.KernelTests):
    kernel_name = "martlet"


for name, value in SAMPLES.items():
    setattr(MartletTests, name, value)

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(MartletTests)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    for test, reason in result.skipped:
        print(f"SKIPPED {test}: {reason}", file=sys.stderr)
    sys.exit(0 if result.wasSuccessful() and not result.skipped else 1)
