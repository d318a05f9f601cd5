"""A Python client with no generated code does what tills and apps do."""

import secrets
import time

import grpc
import pytest
from google.protobuf import descriptor_pb2  # noqa: F401  (registers descriptor.proto for reflection)
from patron_client import new_request_id

from errors import error_info, field_violations

POS = "patron.pos.v1.PosService"
APP = "patron.app.v1.AppService"


def phone():
    return f"138{secrets.randbelow(10**8):08d}"


def money(minor_units, currency="CNY"):
    return {"currency_code": currency, "minor_units": minor_units}


def sale(member_id, minor_units=2580, **changes):
    return {
        "request_id": new_request_id(),
        "member_id": member_id,
        "store_id": "interop",
        "till_id": "1",
        "receipt_number": secrets.token_hex(8),
        "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "lines": [{"product_id": "milk", "quantity_thousandths": 2000, "amount": money(minor_units)}],
        **changes,
    }


@pytest.fixture
def member(gateway):
    return gateway.call(
        f"{POS}/RegisterMember", {"request_id": new_request_id(), "name": "王小明", "phone": phone()}
    )["member"]


def balance(gateway, member):
    return int(gateway.call(f"{APP}/GetBalance", {"member_id": member["member_id"]}).get("points", 0))


def test_register_checkout_balance_refund(gateway, member):
    assert member["name"] == "王小明"
    assert "****" in member["masked_phone"]

    answer = gateway.call(f"{POS}/Checkout", sale(member["member_id"], 2580))
    assert int(answer["payable"]["minor_units"]) == 2580
    assert int(answer["points_earned"]) == 25
    assert balance(gateway, member) == 25

    entries = gateway.call(f"{APP}/ListEntries", {"member_id": member["member_id"]})["entries"]
    assert [int(entry["points"]) for entry in entries] == [25]

    refund = gateway.call(
        f"{POS}/RefundOrder",
        {"request_id": new_request_id(), "order_id": answer["order_id"], "reason": "customer changed their mind"},
    )
    assert int(refund["refunded"]["minor_units"]) == 2580
    assert int(refund["points_taken"]) == 25
    assert balance(gateway, member) == 0


def other_money(answer):
    return sum(int(part["amount"]["minor_units"]) for part in answer.get("refunds", []) if part["tender"] == "TENDER_OTHER")


def test_goods_come_back_in_parts_and_the_refund_is_what_is_left(gateway, member):
    request = sale(member["member_id"])
    request["lines"] = [
        {"product_id": "milk", "quantity_thousandths": 3000, "amount": money(5_000)},
        {"product_id": "bread", "quantity_thousandths": 1000, "amount": money(5_000)},
    ]
    gateway.call(f"{POS}/Checkout", request)
    receipt = {"store_id": request["store_id"], "receipt_number": request["receipt_number"]}
    back = {
        "request_id": new_request_id(), "receipt": receipt, "store_id": "interop-2",
        "lines": [{"line": 0, "quantity_thousandths": 1000}], "reason": "sour",
    }
    first = gateway.call(f"{POS}/ReturnLines", back)
    assert first["state"] == "RETURN_STATE_APPLIED"
    assert int(first["lines"][0]["amount"]["minor_units"]) == 1_666
    assert other_money(first) == 1_666
    assert int(first["left_payable"]["minor_units"]) == 8_334
    assert gateway.call(f"{POS}/ReturnLines", back) == first
    refund = gateway.call(f"{POS}/RefundOrder", {"request_id": new_request_id(), "receipt": receipt, "reason": "sour"})
    assert int(refund["refunded"]["minor_units"]) == 8_334
    assert other_money(refund) == 8_334
    assert balance(gateway, member) == 0


def test_goods_come_back_before_their_sale_has_arrived(gateway, member):
    request = sale(member["member_id"], 10_000)
    receipt = {"store_id": request["store_id"], "receipt_number": request["receipt_number"]}
    early = {
        "request_id": new_request_id(), "receipt": receipt, "member_id": member["member_id"], "store_id": "interop-2",
        "reason": "changed their mind",
    }
    assert gateway.call(f"{POS}/RefundOrder", early) == {"state": "RETURN_STATE_WAITING"}
    gateway.call(f"{POS}/Checkout", request)
    assert balance(gateway, member) == 0
    assert gateway.call(f"{POS}/RefundOrder", early) == {"state": "RETURN_STATE_WAITING"}
    late = {"request_id": new_request_id(), "receipt": receipt, "reason": "changed their mind"}
    assert int(gateway.call(f"{POS}/RefundOrder", late)["refunded"].get("minor_units", 0)) == 0


def test_a_checkout_sent_again_gives_the_same_answer_and_counts_once(gateway, member):
    request = sale(member["member_id"], 10_000)
    first = gateway.call(f"{POS}/Checkout", request)
    assert gateway.call(f"{POS}/Checkout", request) == first
    assert balance(gateway, member) == 100


def test_another_payload_under_the_same_request_id_is_refused(gateway, member):
    request = sale(member["member_id"], 10_000)
    gateway.call(f"{POS}/Checkout", request)
    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/Checkout", {**request, "till_id": "2"})
    assert refusal.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    info = error_info(refusal.value)
    assert info.reason == "REQUEST_ID_REUSED"
    assert len(info.metadata) >= 2


def test_points_pay_and_are_never_overdrawn(gateway, member):
    gateway.call(f"{POS}/Checkout", sale(member["member_id"], 100_000))
    answer = gateway.call(f"{POS}/Checkout", sale(member["member_id"], 5_000, points_to_redeem=1_000))
    assert int(answer["points_discount"]["minor_units"]) == 1_000
    assert int(answer["payable"]["minor_units"]) == 4_000
    assert int(answer["balance_points"]) == 1_000 - 1_000 + 40
    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/Checkout", sale(member["member_id"], 5_000, points_to_redeem=1_000))
    assert refusal.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert error_info(refusal.value).reason == "INSUFFICIENT_POINTS"
    assert balance(gateway, member) == 40


def test_every_wrong_field_is_named(gateway):
    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/Checkout", {"request_id": "no uuid", "member_id": "neither"})
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error_info(refusal.value).reason
    fields = {violation.field for violation in field_violations(refusal.value)}
    assert {"request_id", "member_id", "store_id", "receipt_number", "lines"} <= fields
    assert all(violation.description for violation in field_violations(refusal.value))


def test_an_unknown_member_is_not_found(gateway):
    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/Checkout", sale(new_request_id()))
    assert refusal.value.code() == grpc.StatusCode.NOT_FOUND
    assert error_info(refusal.value).reason == "MEMBER_NOT_FOUND"


def test_one_phone_belongs_to_one_member(gateway):
    number = phone()
    gateway.call(f"{POS}/RegisterMember", {"request_id": new_request_id(), "phone": number})
    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/RegisterMember", {"request_id": new_request_id(), "phone": f"+86{number}"})
    assert refusal.value.code() == grpc.StatusCode.ALREADY_EXISTS
    assert error_info(refusal.value).reason == "PHONE_TAKEN"


def test_purchases_follow_the_sale(gateway, suite, member):
    gateway.call(f"{POS}/Checkout", sale(member["member_id"], 1_234))
    suite.eventually(
        lambda: gateway.call(f"{APP}/GetProfile", {"member_id": member["member_id"]})["profile"],
        lambda profile: int(profile.get("purchase_count", 0)) == 1
        and int(profile["spent"]["minor_units"]) == 1_234,
    )


def test_a_coupon_is_issued_reserved_redeemed_and_returned(gateway, suite, member):
    campaigns = suite.client("campaigns")
    template = campaigns.call(
        "patron.campaigns.v1.CampaignsService/CreateCouponTemplate",
        {
            "request_id": new_request_id(),
            "template": {
                "code": secrets.token_hex(8),
                "title": "满50减5",
                "amount_off": {"amount": money(500)},
                "threshold": money(5_000),
            },
        },
    )["template"]
    coupon = campaigns.call(
        "patron.campaigns.v1.CampaignsService/IssueCoupon",
        {"request_id": new_request_id(), "member_id": member["member_id"], "template_id": template["template_id"]},
    )["coupon"]

    with pytest.raises(grpc.RpcError) as refusal:
        gateway.call(f"{POS}/Checkout", sale(member["member_id"], 4_999, coupon_ids=[coupon["coupon_id"]]))
    assert error_info(refusal.value).reason == "THRESHOLD_NOT_REACHED"

    answer = gateway.call(f"{POS}/Checkout", sale(member["member_id"], 6_000, coupon_ids=[coupon["coupon_id"]]))
    assert int(answer["payable"]["minor_units"]) == 5_500
    assert int(answer["points_earned"]) == 55

    def status():
        coupons = gateway.call(f"{APP}/ListCoupons", {"member_id": member["member_id"]})["coupons"]
        return coupons[0]["status"]

    suite.eventually(status, lambda value: value == "APP_COUPON_STATUS_USED")
    gateway.call(
        f"{POS}/RefundOrder",
        {"request_id": new_request_id(), "order_id": answer["order_id"], "reason": "defect"},
    )
    suite.eventually(status, lambda value: value == "APP_COUPON_STATUS_USABLE")


def test_feedback_reaches_the_screen_that_watches(gateway, suite, member):
    feedback = suite.client("feedback")
    call = feedback.stream("patron.feedback.v1.FeedbackService/WatchFeedback", {"store_id": "interop-watch"}, timeout=30)
    call.initial_metadata()
    submitted = gateway.call(
        f"{APP}/SubmitFeedback",
        {
            "request_id": new_request_id(),
            "member_id": member["member_id"],
            "store_id": "interop-watch",
            "category": "APP_FEEDBACK_CATEGORY_HYGIENE",
            "text": "地板很滑",
        },
    )
    change = next(message for message in call if message.HasField("feedback"))
    assert change.feedback.feedback_id == submitted["feedback_id"]
    assert change.feedback.text == "地板很滑"
    call.cancel()


def test_the_example_script_runs(suite):
    import subprocess
    import sys

    output = subprocess.run(
        [sys.executable, "Examples/python/till.py"],
        cwd=suite.root, env={**suite.environment, "PATRON_GATEWAY": suite.address("gateway")},
        capture_output=True, text=True, timeout=60,
    )
    assert output.returncode == 0, output.stderr
    assert "counted once" in output.stdout
