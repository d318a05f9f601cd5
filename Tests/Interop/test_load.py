"""`patron load` through the gateway."""

import signal
import subprocess

from conftest import BINARIES, results


def test_every_step_of_a_ramp_has_coupons_of_its_own(suite):
    """Coupons can be used once: a step that met those of the step before would fail, whatever the rate."""
    load = subprocess.Popen(
        [BINARIES / "patron", "load", "--service", "gateway", "--port", str(suite.base), "--local",
         suite.folder / "local", "--ramp", "--ramp-from", "10", "--step-seconds", "1", "--limit", "60000", "--members", "20",
         "--mix", "earn=20,coupon=80"],
        cwd=suite.root, env=suite.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    steps = 0
    for line in load.stdout:
        lines.append(line)
        steps += line.startswith("Issuing coupons") and " 0 / " in line
        if steps == 4:
            break
    load.send_signal(signal.SIGINT)
    lines += load.stdout.readlines()
    load.wait(60)
    output = "".join(lines)
    assert steps == 4, output
    assert results(output)["load.failed"] == "0", output
