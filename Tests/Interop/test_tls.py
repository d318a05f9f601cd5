"""The whole suite encrypted: every service shows a certificate and asks for one, and grpcio comes in by mTLS."""

import grpc
import pytest

from authority import Authority
from conftest import OFFSETS, Suite
from patron_client import PatronClient, new_request_id


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
