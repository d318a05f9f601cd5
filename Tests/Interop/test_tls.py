"""The whole suite encrypted: every service shows a certificate and asks for one, and grpcio comes in by mTLS."""

import pathlib
import subprocess

import grpc
import pytest

from conftest import OFFSETS, Suite
from patron_client import PatronClient, new_request_id


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


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def encrypted_suite(authority):
    suite = Suite()
    for name in OFFSETS:
        chain, key = authority.issue(name)
        for setting, value in {
            "TLS_CERTIFICATE_CHAIN": chain, "TLS_PRIVATE_KEY": key, "TLS_CLIENT_AUTHORITIES": authority.certificate,
            "PEER_TLS_AUTHORITIES": authority.certificate, "PEER_TLS_CERTIFICATE_CHAIN": chain, "PEER_TLS_PRIVATE_KEY": key,
        }.items():
            suite.environment[f"PATRON_{name.upper()}_{setting}"] = str(value)
    yield suite.start()
    suite.stop()
    suite.remove()


def credentials(authority, identity=None):
    chain, key = [path.read_bytes() for path in identity] if identity else (None, None)
    return grpc.ssl_channel_credentials(authority.certificate.read_bytes(), key, chain)


def test_a_sale_through_five_encrypted_services(authority, encrypted_suite):
    till = credentials(authority, authority.issue("till"))
    with PatronClient(encrypted_suite.address("gateway"), till) as client:
        member = client.call("patron.pos.v1.PosService/RegisterMember", {
            "request_id": new_request_id(), "name": "韩梅梅", "phone": "13900139000"})["member"]
        answer = client.call("patron.pos.v1.PosService/Checkout", {
            "request_id": new_request_id(), "member_id": member["member_id"], "store_id": "store-1", "till_id": "1",
            "receipt_number": "tls-1",
            "lines": [{"product_id": "1", "quantity_thousandths": "1000",
                       "amount": {"currency_code": "CNY", "minor_units": "10000"}}]})
        assert answer["payable"]["minor_units"] == "10000"


def test_without_a_certificate_nobody_comes_in(authority, encrypted_suite):
    for name in OFFSETS:
        with grpc.secure_channel(encrypted_suite.address(name), credentials(authority)) as channel:
            with pytest.raises(grpc.FutureTimeoutError):
                grpc.channel_ready_future(channel).result(2)
        with grpc.insecure_channel(encrypted_suite.address(name)) as channel:
            with pytest.raises(grpc.FutureTimeoutError):
                grpc.channel_ready_future(channel).result(2)
