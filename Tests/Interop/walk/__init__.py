"""Walks every method of every service with the extremes of every field."""

import pathlib
import sys

_ROOT = pathlib.Path(__file__).resolve().parents[3]
for _folder in ("Tests/Interop", "Examples/python"):
    if str(_ROOT / _folder) not in sys.path:
        sys.path.insert(0, str(_ROOT / _folder))
