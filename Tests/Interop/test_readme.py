"""What the READMEs show runs as printed."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_sale_in_python_runs_as_printed_and_again(suite, name):
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
    assert "127.0.0.1:7400" in program
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", program.replace("127.0.0.1:7400", suite.address("gateway"))],
            cwd=ROOT, capture_output=True, text=True, timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        assert "'minor_units': '2580'" in ran.stdout and "'points': '25'" in ran.stdout, ran.stdout
