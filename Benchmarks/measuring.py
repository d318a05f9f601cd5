"""What the benchmarks of servers have in common: messages, processes on core 0, loads from core 1, and what they cost."""

import pathlib
import re
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
BINARIES = HERE / ".build" / "release"
PATH = "/patron.benchmark.v1.BenchmarkService/PostReceipt"
GRPC = ("-H", "content-type: application/grpc", "-H", "te: trailers")

# The receipt that every server is sent; its four lines are told apart by their index.
REQUEST_ID = "01939f5e-6c00-7d3a-9f00-0123456789ab"
MEMBER_ID = "01939f5e-6c00-7d3a-9f00-ba9876543210"
STORE_ID = "store-0319"
OCCURRED_AT = 1_767_225_600_000_000
LINES = [(f"69012345678{index:02d}", index + 1, 1299 + index) for index in range(4)]


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value.encode()


def number(field, value):
    return varint(field << 3) + varint(value)


def framed(message):
    """A length-prefixed message that is not compressed."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def request_frame():
    """The call's body: one length-prefixed PostReceiptRequest with four lines, about 200 bytes."""
    message = text(1, REQUEST_ID) + text(2, MEMBER_ID) + text(3, STORE_ID) + number(4, OCCURRED_AT)
    for product, quantity, amount in LINES:
        line = text(1, product) + number(2, quantity) + number(3, amount)
        message += varint(5 << 3 | 2) + varint(len(line)) + line
    return framed(message)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, name):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{name} did not start")


def cpu_seconds(pid):
    """What all threads of a process have run so far (first field of schedstat, in nanoseconds)."""
    threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def stop(process):
    """Asks a process to end; ends it when it does not."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class PinnedServer:
    """One server process on core 0. Its command is given the port that it is to serve."""

    def __init__(self, name, command, scheme="http"):
        self.name, self.scheme, self.port = name, scheme, free_port()
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", *command, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        wait_for_port(self.port, name)

    def stop(self):
        stop(self.process)

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def load(self, path, body, requests, connections, streams, *options):
        """Requests a second, CPU seconds of the server per request, and bytes of data that came back."""
        return load(self, f"{self.scheme}://127.0.0.1:{self.port}{path}", body, requests, connections, streams, *options)


def load(server, url, body, requests, connections, streams, *options):
    """Requests a second, CPU seconds of the server (of whatever has a name and cpu_seconds) per request, and bytes of data that
    came back."""
    before = server.cpu_seconds()
    output = subprocess.run(
        ["taskset", "-c", "1", "h2load", "-n", str(requests), "-c", str(connections), "-m", str(streams), "-d", body,
         *options, url],
        capture_output=True, text=True, check=True,
    ).stdout
    cpu = server.cpu_seconds() - before
    succeeded = int(re.search(r"(\d+) succeeded", output).group(1))
    if succeeded != requests:
        raise SystemExit(f"{server.name}: only {succeeded} of {requests} requests succeeded\n{output}")
    received = int(re.search(r"\((\d+)\) data", output).group(1))
    return float(re.search(r"([\d.]+) req/s", output).group(1)), cpu / requests, received


def build(*products):
    """Builds these products, or all, of the benchmarks' package."""
    print("Building the servers and the clients (the first time takes minutes) …", flush=True)
    # SwiftPM looks for new and removed files of the package next door only when this one's manifest is newer.
    (HERE / "Package.swift").touch()
    for product in products or [None]:
        run = subprocess.run(
            ["swift", "build", "-c", "release", "--package-path", HERE, *(["--product", product] if product else [])],
            capture_output=True, text=True)
        if run.returncode:
            output = run.stdout + run.stderr
            sys.exit("\n".join(line for line in output.splitlines() if "error:" in line) or output[-4000:])
