"""Certificates for the tests."""

import pathlib
import subprocess


class Authority:
    """A certificate authority in a folder, by openssl."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.run("req", "-x509", "-subj", "/CN=authority", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem")

    def run(self, *arguments):
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] if arguments[0] == "req" else []
        subprocess.run(["openssl", *arguments, *new_key], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name):
        """The paths of a certificate for localhost and of its key."""
        (self.folder / f"{name}.ext").write_text(
            f"subjectAltName=DNS:localhost,IP:127.0.0.1,URI:spiffe://patron/{name}\nbasicConstraints=critical,CA:FALSE\n")
        self.run("req", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                 "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    @property
    def certificate(self):
        return self.folder / "ca.pem"
