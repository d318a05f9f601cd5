#!/usr/bin/env python3
"""Keeps docker-compose.yml and the Dockerfiles valid without a Docker engine.

Parses the compose file, checks that it describes the suite (PostgreSQL 15, five images from services/<name>/Dockerfile,
health checks, one network, nothing but the gateway published) and that every setting it passes exists, and runs hadolint
on every Dockerfile.
"""

import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICES = ["members", "loyalty", "campaigns", "feedback", "gateway"]
problems = []


def expect(condition, sentence):
    if not condition:
        problems.append(sentence)


def known_variables(service):
    """The environment variables that the service's own --help names."""
    binary = ROOT / ".build" / "debug" / service
    text = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"PATRON_[A-Z0-9_]+", text))


def check_service(name, service):
    build = service.get("build", {})
    dockerfile = ROOT / build.get("context", "") / build.get("dockerfile", "")
    expect(build.get("dockerfile") == f"services/{name}/Dockerfile", f"{name}: must build services/{name}/Dockerfile")
    expect(dockerfile.is_file(), f"{name}: {dockerfile} does not exist")
    variables = known_variables(name)
    for variable in service.get("environment", {}):
        expect(variable in variables, f"{name}: {variable} is no setting of {name} (see {name} --help)")
    for upstream, how in service["depends_on"].items():
        expect(how.get("condition") == "service_healthy", f"{name}: must wait until {upstream} is healthy")
    if dockerfile.is_file():
        lint = subprocess.run(
            [pathlib.Path(sys.executable).parent / "hadolint", "--failure-threshold", "info", dockerfile],
            capture_output=True, text=True,
        )
        expect(lint.returncode == 0, f"hadolint:\n{lint.stdout}{lint.stderr}")
        # SwiftPM wants the folder of every target, also of those that the image does not need.
        copied = re.findall(r"^COPY (\S+) \S+$", dockerfile.read_text(), re.M)
        manifest = (ROOT / "Package.swift").read_text().split('if Context.environment["PATRON_FUZZ"]')[0]
        for folder in re.findall(r'path: "([^"\\]+)"', manifest):
            inside = any(folder == path or folder.startswith(path + "/") for path in copied)
            expect(inside, f"{dockerfile}: does not copy {folder}, which Package.swift names")
        for source in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile.read_text(), re.MULTILINE):
            expect((ROOT / source).exists(), f"{dockerfile}: copies {source}, which does not exist")


def main():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    expect(set(services) == {"postgres", *SERVICES}, f"services are {sorted(services)}")
    expect(services["postgres"]["image"] == "postgres:15", "postgres must be postgres:15")
    expect(list(compose["networks"]) == ["patron"], "there must be one network, patron")
    for name, service in services.items():
        expect("healthcheck" in service, f"{name}: has no health check")
        expect(service.get("networks") == ["patron"], f"{name}: must be on the network patron alone")
        expect(bool(service.get("ports")) == (name == "gateway"), f"{name}: only the gateway is published")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            expect(source in compose["volumes"] or (ROOT / source).exists(), f"{name}: no volume or folder {source}")
        if name in SERVICES:
            check_service(name, service)
    targets = {
        target for job in yaml.safe_load((ROOT / "deploy/prometheus.yml").read_text())["scrape_configs"]
        for group in job["static_configs"] for target in group["targets"]
    }
    admin = {f"{name}:{service['environment'][f'PATRON_{name.upper()}_ADMIN_LISTEN'].split(':')[1]}"
             for name, service in services.items() if name in SERVICES}
    expect(targets == admin, f"deploy/prometheus.yml and the admin ports differ: {sorted(targets ^ admin)}")
    for name in SERVICES:
        listen = services[name]["environment"][f"PATRON_{name.upper()}_ADMIN_LISTEN"]
        expect(listen.startswith("0.0.0.0:"), f"{name}: Prometheus cannot reach the admin port at {listen}")
    names = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/example.env").read_text(), re.MULTILINE))
    expect(names == given, f"deploy/example.env and docker-compose.yml differ: {sorted(names ^ given)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"docker-compose.yml: {len(services)} services checked, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
