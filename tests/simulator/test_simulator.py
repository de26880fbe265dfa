#!/usr/bin/env python3
"""All tests of the simulator: this file finds those beside it."""

import os
import sys
import unittest

sys.dont_write_bytecode = True

if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    tests = unittest.defaultTestLoader.discover(folder, "test_[!s]*.py", top_level_dir=folder)
    result = unittest.TextTestRunner().run(tests)
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
