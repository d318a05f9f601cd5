"""What the READMEs show runs as printed."""

import functools
import http.server
import pathlib
import re
import subprocess
import sys
import threading

import pytest
from conftest import BINARIES
from playwright.sync_api import sync_playwright

from test_story import phone

ROOT = pathlib.Path(__file__).resolve().parents[2]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


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


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/clients.md", "docs/api.md"])
def test_the_first_call_with_curl_runs_as_printed(suite, name):
    text = (ROOT / name).read_text()
    (command,) = re.findall(r"^(curl -H [^`]*?IdentifyMember)$", text, re.MULTILINE)
    assert "http://127.0.0.1:7400/" in command
    ran = subprocess.run(
        ["bash", "-c", command.replace("127.0.0.1:7400", suite.address("gateway"))],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )
    # The member of the replayed year is not in this suite; the refusal says so in JSON.
    assert ran.returncode == 0 and "MEMBER_NOT_FOUND" in ran.stdout, ran.stdout + ran.stderr


def test_the_till_in_curl_runs_as_printed(suite):
    ran = subprocess.run(
        [ROOT / "Examples/curl/till.sh"], env={**suite.environment, "PATRON_GATEWAY": suite.address("gateway")},
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert "points: 25" in ran.stdout and "points taken back: 25" in ran.stdout, ran.stdout


def test_the_app_in_swift_runs_as_printed(suite):
    ran = subprocess.run(
        [BINARIES / "member-app", suite.address("gateway")], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "sold, 25 points earned\nbalance: 25 points\n", ran.stdout


def test_the_page_in_javascript_registers_and_buys(suite):
    """Served from an origin of its own, as docs/clients.md says."""
    folder = ROOT / "Examples/javascript"
    handler = functools.partial(QuietHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", suite.page_port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{suite.page_port}/?gateway=http://{suite.address('gateway')}")
            page.fill("input[name=name]", "李雷")
            page.fill("input[name=phone]", "12")
            page.click("button")
            page.wait_for_function("document.querySelector('output').textContent.includes('phone')")
            page.fill("input[name=phone]", phone())
            page.click("button")
            page.wait_for_function("document.querySelector('output').textContent.includes('积分余额：12')")
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
