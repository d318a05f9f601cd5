"""A whole suite for the tests: `patron up` on free ports with a private PostgreSQL in a temporary folder."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Examples" / "python"))

from patron_client import PatronClient  # noqa: E402

# The services by their names, as services/catalogue.json describes them.
CATALOGUE = {entry["name"]: entry for entry in json.loads((ROOT / "services/catalogue.json").read_text())["services"]}
OFFSETS = {name: entry["portOffset"] for name, entry in CATALOGUE.items()}
BINARIES = ROOT / ".build" / os.environ.get("PATRON_TEST_CONFIGURATION", "debug")


def free_base_port():
    """A port whose neighbours, which the suite needs too, are free."""
    for base in range(21_000, 30_000, 200):
        sockets = []
        try:
            for offset in [*OFFSETS.values(), *(90 + offset for offset in OFFSETS.values())]:
                probe = socket.socket()
                sockets.append(probe)
                probe.bind(("127.0.0.1", base + offset))
            return base
        except OSError:
            continue
        finally:
            for probe in sockets:
                probe.close()
    raise RuntimeError("no free ports")


class Suite:
    """All services and their PostgreSQL, run by `patron up`."""

    def __init__(self, *flags):
        self.root = ROOT
        self.flags = flags
        self.base = free_base_port()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="patron-interop-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PATRON_")}
        # Where tests serve a page of another origin than the gateway's, which may call it.
        self.page_port = self.base + 80
        self.environment["PATRON_GATEWAY_WEB_ALLOWED_ORIGINS"] = f"http://127.0.0.1:{self.page_port}"
        self.environment["PYTHONPATH"] = str(ROOT / "Examples" / "python")
        self.log_path = self.folder / "up.log"
        self.process = None
        self.clients = {}

    def address(self, name):
        return f"127.0.0.1:{self.base + OFFSETS[name]}"

    def admin_address(self, name):
        return f"127.0.0.1:{self.base + 90 + OFFSETS[name]}"

    def client(self, name):
        if name not in self.clients:
            self.clients[name] = PatronClient(self.address(name))
        return self.clients[name]

    def start(self):
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARIES / "patron", "up", "--local", self.folder / "local", "--port", str(self.base), *self.flags],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"patron up ended with {self.process.returncode}:\n{self.log()}")
            if all(self.ready(name) for name in OFFSETS):
                return self
            time.sleep(0.1)
        raise RuntimeError(f"the suite did not get ready:\n{self.log()}")

    def ready(self, name):
        try:
            with socket.create_connection(("127.0.0.1", self.base + 90 + OFFSETS[name]), timeout=1) as connection:
                connection.settimeout(2)
                connection.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
                return b" 200 " in connection.recv(64)
        except OSError:
            return False

    def metric(self, name, metric, label):
        """The sum of a metric's samples whose labels contain a text; 0 if there is none yet."""
        with urllib.request.urlopen(f"http://{self.admin_address(name)}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric) and label in line)

    def undeclared_reasons(self):
        """How many calls failed for reasons that their protos do not declare, by service."""
        return {name: count for name in OFFSETS if (count := self.metric(name, "undeclared_reasons_total", ""))}

    def log(self, lines=60):
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    def stop(self):
        """Asks the suite to end, as Ctrl-C does; returns its exit code."""
        for client in self.clients.values():
            client.close()
        self.clients = {}
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise RuntimeError(f"the suite did not stop:\n{self.log()}")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def service_process(self, name):
        """The process id of one service of this suite."""
        for pid, arguments in processes():
            if arguments and arguments[0].endswith(f"/{name}") and any(str(self.base) in part or str(
                    self.base + OFFSETS[name]) in part for part in arguments + environment_of(pid)):
                return pid
        raise RuntimeError(f"{name} does not run")

    def postgres_process(self):
        """The process id of this suite's postmaster."""
        (path,) = self.folder.glob("local/**/postmaster.pid")
        return int(path.read_text().split()[0])

    def kill(self, name):
        pid = self.postgres_process() if name == "postgres" else self.service_process(name)
        os.kill(pid, signal.SIGKILL)

    def patron(self, *arguments, timeout=900):
        """Runs a patron command to its end."""
        return subprocess.run(
            [BINARIES / "patron", *map(str, arguments)], cwd=ROOT, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
        )

    def eventually(self, read, good, seconds=30):
        """Reads until the value is good; fails with the last value when it never is."""
        deadline = time.monotonic() + seconds
        while True:
            value = read()
            if good(value):
                return value
            assert time.monotonic() < deadline, f"still {value!r} after {seconds} s"
            time.sleep(0.05)


def processes():
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue


def environment_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def results(output):
    """The RESULT lines of a command as a dictionary."""
    return dict(re.findall(r"^RESULT ([\w.]+)=(\S+)$", output, re.MULTILINE))


@pytest.fixture(scope="session")
def suite():
    running = Suite().start()
    yield running
    try:
        undeclared = running.undeclared_reasons()
        assert running.stop() == 0, running.log()
        assert not undeclared, f"{undeclared}: see 'does not declare' in the log\n{running.log(400)}"
    finally:
        running.remove()


@pytest.fixture(scope="session")
def gateway(suite):
    return suite.client("gateway")
