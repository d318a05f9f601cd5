"""A real year of sales through the gateway, checked against its receipts; and crashes in the middle of it."""

import subprocess
import time

import pytest

from conftest import BINARIES, CATALOGUE, Suite, results

YEAR = {
    "replay.receipts": "47243",
    "replay.members": "2377",
    "replay.spent_minor": "23393524",
    "replay.mismatches": "0",
}


@pytest.fixture
def fresh_suite():
    suite = Suite().start()
    yield suite
    if suite.process.poll() is None:
        suite.stop()
    suite.remove()


def test_the_whole_year_adds_up_and_a_second_run_changes_nothing(fresh_suite):
    first = fresh_suite.patron("replay", "--all", "--port", fresh_suite.base, timeout=1800)
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    assert results(first.stdout).items() >= YEAR.items()

    before = fresh_suite.client("loyalty").call("patron.loyalty.v1.LoyaltyService/GetProgramme")
    again = fresh_suite.patron("replay", "--all", "--port", fresh_suite.base, timeout=1800)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr[-3000:]
    assert results(again.stdout).items() >= YEAR.items()
    assert fresh_suite.client("loyalty").call("patron.loyalty.v1.LoyaltyService/GetProgramme") == before


@pytest.mark.parametrize("victim", [*CATALOGUE, "postgres"])
def test_kill_nine_in_the_middle_of_a_replay_loses_and_doubles_nothing(fresh_suite, victim):
    suite = fresh_suite
    replay = subprocess.Popen(
        [BINARIES / "patron", "replay", "--month", "12", "--port", str(suite.base), "--patience", "1"],
        cwd=suite.root, env=suite.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    orders = lambda: int(suite.metric("gateway", "grpc_server_call_started_total", "Checkout"))  # noqa: E731
    suite.eventually(orders, lambda count: count > 500, seconds=120)
    suite.kill(victim)
    # The supervisor says loudly that something died, and stops the rest.
    assert suite.process.wait(90) != 0
    assert f"{victim} was ended by signal 9" in suite.log(1_000_000)
    replay.kill()
    replay.wait()

    suite.start()
    again = suite.patron("replay", "--month", "12", "--port", suite.base)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr[-3000:]
    assert results(again.stdout)["replay.mismatches"] == "0"
    assert results(again.stdout)["replay.receipts"] == "4124"


def test_a_drain_lets_running_calls_finish(fresh_suite):
    suite = fresh_suite
    replay = subprocess.Popen(
        [BINARIES / "patron", "replay", "--month", "12", "--port", str(suite.base), "--patience", "0"],
        cwd=suite.root, env=suite.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    suite.eventually(
        lambda: int(suite.metric("gateway", "grpc_server_call_started_total", "Checkout")), lambda count: count > 200, seconds=120
    )
    started = time.monotonic()
    assert suite.stop() == 0, suite.log()
    assert time.monotonic() - started < 60
    replay.kill()
    replay.wait()
