"""Runs walks: `.venv/bin/python -m walk --help` in Tests/Interop."""

import sys

from .walk import main

sys.exit(main())
