"""Nothing that comes over the wire stops, doubles or loses anything: the walk through every field of every method."""

import os

import pytest
from conftest import Suite
from walk.walk import walk_suite


def test_extremes_of_every_field_are_answered_and_leave_the_suite_sound():
    seed = int(os.environ.get("PATRON_WALK_SEED", "1"))
    suite = Suite().start()
    try:
        problems = walk_suite(suite, seed, pairs=20)
        assert suite.stop() == 0, suite.log()
    finally:
        suite.remove()
    if problems:
        pytest.fail(f"seed {seed}, {len(problems)} problems:\n" + "\n".join(problems[:60]))
