#!/usr/bin/env python3
"""Compares services/catalogue.json with the services, and keeps docker-compose.yml and the Dockerfiles valid without an engine.

Each service has its folder, protos, tests and migrations; its ports, its peers and whether it has a database are what its
own --help, its config.yaml, its Dockerfile and its README say. The compose file describes the suite (PostgreSQL 15, an image
from each services/<name>/Dockerfile, health checks, one network, nothing but the gateway published), every setting that it
passes exists, and hadolint accepts every Dockerfile.
"""

import json
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATALOGUE = {entry["name"]: entry for entry in json.loads((ROOT / "services/catalogue.json").read_text())["services"]}
SERVICES = list(CATALOGUE)
problems = []


def expect(condition, sentence):
    if not condition:
        problems.append(sentence)


def help_text(service):
    """What the service says of its own settings."""
    binary = ROOT / ".build" / "debug" / service
    return subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout


def known_variables(service):
    """The environment variables that the service's own --help names."""
    return set(re.findall(r"PATRON_[A-Z0-9_]+", help_text(service)))


def ports(name):
    offset = CATALOGUE[name]["portOffset"]
    return 7400 + offset, 7490 + offset


def check_entry(name, entry):
    """The catalogue's entry and the service itself say the same."""
    folder, (port, admin), owns = ROOT / "services" / name, ports(name), entry["ownsDatabase"]
    library = f"{name.capitalize()}Service"
    wanted = ["Dockerfile", "README.md", "config.yaml", f"Sources/{name}", f"Sources/{library}"]
    wanted = [folder / path for path in ([*wanted, "migrations"] if owns else wanted)] + [ROOT / f"Tests/{library}Tests"]
    missing = [str(path.relative_to(ROOT)) for path in wanted if not path.exists()]
    for api in entry["apis"]:
        package, service = api.rsplit(".", 1)
        protos = "".join(file.read_text() for file in (ROOT / "proto" / package.replace(".", "/")).glob("*.proto"))
        expect(f"\nservice {service} {{" in protos, f"{name}: proto/ has no {api}")
    for peer in entry["peers"]:
        expect(entry["startStage"] >= CATALOGUE[peer]["startStage"], f"{name}: starts before {peer}, which it calls")
    if not (ROOT / ".build" / "debug" / name).exists():
        missing.append(f".build/debug/{name}")
    for path in missing:
        expect(False, f"{path} is missing")
    if missing:
        return
    text = help_text(name)
    settings = {variable: block for block in text.split("\n\n") for variable in re.findall(r"PATRON_[A-Z0-9_]+", block)}
    prefix = f"PATRON_{name.upper()}"
    for variable, wanted in [(f"{prefix}_LISTEN", port), (f"{prefix}_ADMIN_LISTEN", admin)]:
        expect(f"127.0.0.1:{wanted}." in settings.get(variable, ""), f"{name}: {variable} is not 127.0.0.1:{wanted} by default")
    expect((f"{prefix}_DATABASE_URL" in settings) == owns, f"{name}: --help and ownsDatabase differ")
    peers = {match.lower() for match in re.findall(rf"\b{prefix}_([A-Z]+)_ADDRESS\b", text)}
    expect(peers == set(entry["peers"]), f"{name}: calls {sorted(peers)}, and the catalogue says {sorted(entry['peers'])}")
    for peer in peers & set(entry["peers"]):
        block = settings[f"{prefix}_{peer.upper()}_ADDRESS"]
        expect(f"localhost:{ports(peer)[0]}." in block, f"{name}: {peer} is not at localhost:{ports(peer)[0]} by default")
    config = yaml.safe_load((folder / "config.yaml").read_text())
    found = (config.get("listen"), config.get("admin", {}).get("listen"))
    expect(found == (f"127.0.0.1:{port}", f"127.0.0.1:{admin}"), f"services/{name}/config.yaml listens at {found}")
    dockerfile = (folder / "Dockerfile").read_text()
    expect(f"\nEXPOSE {port} {admin}\n" in dockerfile, f"services/{name}/Dockerfile does not expose {port} {admin}")
    has_resources = owns or (folder / "documentation").is_dir()
    expect(
        (f"patron_{library}.resources" in dockerfile) == has_resources,
        f"services/{name}/Dockerfile: the resources (migrations, documentation) and what it copies differ",
    )
    readme = (folder / "README.md").read_text()
    for number in (port, admin):
        expect(f"127.0.0.1:{number}" in readme, f"services/{name}/README.md does not name 127.0.0.1:{number}")


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
    folders = {file.name for file in (ROOT / "services").iterdir() if file.is_dir()}
    expect(folders == set(SERVICES), f"services/ and its catalogue.json differ: {sorted(folders ^ set(SERVICES))}")
    for name in sorted(folders & set(SERVICES)):
        check_entry(name, CATALOGUE[name])
    if problems:
        return report()
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
    return report()


def report():
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(SERVICES)} services checked, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
