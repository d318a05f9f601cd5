"""One port for everybody: each client of the web registers a member, sells, reads the balance and refunds."""

import secrets

import pytest
from connectrpc.protocol import ProtocolType
from patron_client import new_request_id
from playwright.sync_api import sync_playwright

from test_story import APP, POS, phone, sale
from web_clients import BrowserClient, ConnectrpcClient, CurlClient, GrpcioClient, PageServer, Refused


@pytest.fixture(scope="module")
def page(suite):
    """A page of another origin, which the suite's gateway allows."""
    server = PageServer(suite.page_port)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(server.url)
        yield page
        browser.close()
    server.close()


CLIENTS = {
    "grpcio": lambda suite, page: GrpcioClient(suite.client("gateway")),
    "connectrpc": lambda suite, page: ConnectrpcClient(suite.client("gateway"), suite.address("gateway")),
    "connectrpc with JSON": lambda suite, page: ConnectrpcClient(
        suite.client("gateway"), suite.address("gateway"), is_json=True),
    "connectrpc by gRPC-Web": lambda suite, page: ConnectrpcClient(
        suite.client("gateway"), suite.address("gateway"), ProtocolType.GRPC_WEB),
    "curl over HTTP/1.1": lambda suite, page: CurlClient(suite.address("gateway"), "--http1.1"),
    "curl over HTTP/2": lambda suite, page: CurlClient(suite.address("gateway"), "--http2-prior-knowledge"),
    "curl that offers an upgrade": lambda suite, page: CurlClient(suite.address("gateway"), "--http2"),
    "Chromium by Connect": lambda suite, page: BrowserClient(
        page, suite.client("gateway"), suite.address("gateway"), "connect"),
    "Chromium by gRPC-Web": lambda suite, page: BrowserClient(
        page, suite.client("gateway"), suite.address("gateway"), "grpc-web"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_register_checkout_balance_refund(suite, page, name):
    client = CLIENTS[name](suite, page)
    member = client.call(
        f"{POS}/RegisterMember", {"request_id": new_request_id(), "name": "王小明", "phone": phone()}
    )["member"]
    assert member["name"] == "王小明"

    def balance():
        return int(client.call(f"{APP}/GetBalance", {"member_id": member["member_id"]}).get("points", 0))

    request = sale(member["member_id"], 2580)
    answer = client.call(f"{POS}/Checkout", request)
    assert int(answer["points_earned"]) == 25
    assert client.call(f"{POS}/Checkout", request)["order_id"] == answer["order_id"]
    assert balance() == 25

    refund = client.call(
        f"{POS}/RefundOrder",
        {"request_id": new_request_id(), "order_id": answer["order_id"], "reason": "wrong size"},
    )
    assert int(refund["points_taken"]) == 25
    assert balance() == 0

    with pytest.raises(Refused) as refused:
        client.call(f"{APP}/GetBalance", {"member_id": new_request_id()})
    assert refused.value.code == "not_found"
    # The page decodes no protocol buffers, which gRPC-Web's details are.
    assert refused.value.reason == (None if name == "Chromium by gRPC-Web" else "MEMBER_NOT_FOUND")
    assert refused.value.message


def test_a_page_of_an_origin_that_is_not_allowed_reads_nothing(suite, page):
    other = PageServer(suite.page_port + 1)
    try:
        page.goto(other.url)
        url = f"http://{suite.address('gateway')}/{APP}/GetBalance"
        error = page.evaluate("url => connectUnary(url, '{}').then(() => 'read', error => error.name)", url)
        assert error == "TypeError"
    finally:
        page.goto(f"http://127.0.0.1:{suite.page_port}/")
        other.close()


def test_a_large_body_in_chunks_and_a_body_that_is_too_large(suite):
    client = CurlClient(suite.address("gateway"), "--http1.1", "--header", "transfer-encoding: chunked")
    with pytest.raises(Refused) as refused:
        client.call(f"{APP}/GetBalance", {"member_id": "a" * 3_000})
    assert refused.value.code == "invalid_argument"
    with pytest.raises(Refused) as refused:
        CurlClient(suite.address("gateway")).call(f"{APP}/GetBalance", {"member_id": secrets.token_hex(50_000)})
    assert refused.value.code == "invalid_argument"
