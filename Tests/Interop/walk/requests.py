"""A good request for every method: what the walk starts from.

Fields are filled in by their names; what a method needs that exists already (an order, a hold, a coupon) is made for it.
"""

import secrets
import threading
import time
import uuid

from conftest import CATALOGUE
from patron_client import new_request_id

POS, LOYALTY = "patron.pos.v1.PosService", "patron.loyalty.v1.LoyaltyService"
MEMBERS, CAMPAIGNS, FEEDBACK = (
    "patron.members.v1.MembersService", "patron.campaigns.v1.CampaignsService", "patron.feedback.v1.FeedbackService",
)
OWNERS = {api: name for name, entry in CATALOGUE.items() for api in entry["apis"]}


def owner(method):
    """The process that serves a method."""
    return OWNERS[method.split("/")[0]]


def money(minor_units=5_000):
    return {"currency_code": "CNY", "minor_units": minor_units}


def moment():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def phone():
    return f"139{secrets.randbelow(10**8):08d}"


class World:
    """What exists in the suite for the walk to act on."""

    def __init__(self, suite):
        self.suite = suite
        self.lock = threading.Lock()
        self.stored_value = f"walk_{secrets.token_hex(4)}"
        self.call(f"{LOYALTY}/CreateAsset", {"request_id": new_request_id(), "asset": {
            "code": self.stored_value, "kind": "ASSET_KIND_MONEY", "currency_code": "CNY"}})
        self.renew()
        self.template = self.call(f"{CAMPAIGNS}/CreateCouponTemplate", {
            "request_id": new_request_id(), "template": self.coupon_template()})["template"]["template_id"]

    def call(self, method, request):
        with self.lock:
            client = self.suite.client(owner(method))
        return client.call(method, request)

    def new_member(self, phone):
        return self.call(f"{POS}/RegisterMember", {
            "request_id": new_request_id(), "name": "王小明", "phone": phone})["member"]["member_id"]

    def owe(self):
        """Makes the member owe 2,000 points, as after a return of what was earned and spent. Sales earn nothing from then on,
        so that it goes on owing them."""
        self.programme(earning=1)
        self.member = self.new_member(phone())
        order = self.order(lines=[{"product_id": "tv", "quantity_thousandths": 1_000, "amount": money(200_000)}])
        self.call(f"{LOYALTY}/Transfer", {
            "request_id": new_request_id(), "from_member_id": self.member, "to_member_id": self.other})
        self.call(f"{POS}/RefundOrder", {"request_id": new_request_id(), "order_id": order, "reason": "退货"})
        self.programme(earning=0)

    def programme(self, earning):
        """Sets the programme's rules; returns may take more points than there are."""
        self.call(f"{LOYALTY}/UpdateProgramme", {
            "request_id": new_request_id(),
            "programme": {
                "etag": self.etag(f"{LOYALTY}/GetProgramme", {}, "programme"),
                "earn_rule": {"points": earning, "per_minor_units": 100, "rounding": "ROUNDING_DOWN"},
                "redeem_rule": {"points": 100, "minor_units": 100}, "expiry_rule": {}, "pending_days": 0,
                "return_rule": {"policy": "RETURN_POLICY_NEGATIVE_ALLOWED", "lowest_balance_points": -10**12,
                                "restore": "RESTORE_POLICY_GRACE"}},
            "update_mask": "earnRule,redeemRule,expiryRule,pendingDays,returnRule"})

    def renew(self):
        """Takes two new members, and gives them enough that a good request is not refused for want of points or money."""
        self.phone = phone()
        self.member = self.new_member(self.phone)
        self.other = self.new_member(phone())
        for member in (self.member, self.other):
            self.call(f"{LOYALTY}/Credit", {
                "request_id": new_request_id(), "member_id": member, "amount": 10**9})
            self.call(f"{LOYALTY}/Deposit", {
                "request_id": new_request_id(), "member_id": member, "asset": self.stored_value, "amount": 10**9})

    def coupon_template(self):
        return {"code": f"W-{secrets.token_hex(6)}", "title": "满减券", "amount_off": {"amount": money(100)},
                "threshold": money(100)}

    def sale(self, **changes):
        return {"request_id": new_request_id(), "member_id": self.member, "store_id": "walk", "till_id": "1",
                "receipt_number": secrets.token_hex(8), "occurred_at": self.now(), "points_to_redeem": 100,
                "lines": [{"product_id": "milk", "description": "牛奶", "category": "DAIRY",
                           "quantity_thousandths": 2_000, "amount": money()}], **changes}

    def now(self):
        return {"seconds": int(time.time())}

    def order(self, **changes):
        sale = {**self.sale(), "occurred_at": moment(), "points_to_redeem": 0, **changes}
        return self.call(f"{POS}/Checkout", sale)["order_id"]

    def coupon(self):
        return self.call(f"{CAMPAIGNS}/IssueCoupon", {
            "request_id": new_request_id(), "member_id": self.member, "template_id": self.template})["coupon"]["coupon_id"]

    def reservation(self):
        return self.call(f"{CAMPAIGNS}/ReserveCoupons", {
            "order_id": new_request_id(), "member_id": self.member, "coupon_ids": [self.coupon()], "gross": money(),
            "occurred_at": moment(), "time_to_live": "600s"})["reservation"]

    def posted_reservation(self):
        """A reservation whose order was posted, whether or not campaigns has applied the event."""
        reservation = self.reservation()
        sale = self.sale(coupon_discounts=reservation["discounts"], request_id=reservation["order_id"],
                         reservation_id=reservation["reservation_id"], occurred_at=moment(), points_to_redeem=0)
        self.call(f"{LOYALTY}/PostOrder", sale)
        return reservation

    def account(self):
        """A new member with 100 points, because the holds and pending lots of a member are limited."""
        member = str(uuid.uuid4())
        self.call(f"{LOYALTY}/OpenAccount", {"request_id": new_request_id(), "member_id": member})
        self.call(f"{LOYALTY}/Credit", {"request_id": new_request_id(), "member_id": member, "amount": 100})
        return member

    def hold(self):
        request = {"request_id": new_request_id(), "member_id": self.account(), "amount": 10, "time_to_live": "600s"}
        self.call(f"{LOYALTY}/Hold", request)
        return {"member_id": request["member_id"], "hold_id": request["request_id"]}

    def pending(self):
        request = {"request_id": new_request_id(), "member_id": self.account(), "amount": 10, "activated_by_call": True}
        self.call(f"{LOYALTY}/Credit", request)
        return {"member_id": request["member_id"], "pending_id": request["request_id"]}

    def feedback(self):
        return self.call(f"{FEEDBACK}/SubmitFeedback", {
            "request_id": new_request_id(), "member_id": self.member, "store_id": "walk", "category": "FEEDBACK_CATEGORY_SERVICE",
            "text": "排队太久"})["feedback"]

    def etag(self, method, request, name):
        return self.call(method, request)[name]["etag"]


def good_request(world, method):
    """A request that the method does, as plain values by field; what it acts on is there."""
    member = {"member_id": world.member}
    fresh = {"request_id": new_request_id()}
    package, name = method.split("/")
    points = {**fresh, **member, "asset": "points", "amount": 10}
    pages = {"page_size": 10}
    match package.rsplit(".", 1)[-1], name:
        case "PosService", "RegisterMember":
            return {**fresh, "name": "李雷", "phone": phone(), "card_number": secrets.token_hex(8),
                    "wechat_openid": secrets.token_hex(8), "external_source": "erp", "external_id": secrets.token_hex(8),
                    "store_id": "walk", "attributes": {"size": "3"}}
        case "PosService", "IdentifyMember":
            return {"phone": world.phone}
        case "PosService", "Checkout":
            return world.sale(coupon_ids=[world.coupon()])
        case "PosService", "RefundOrder":
            return {**fresh, "order_id": world.order(), "reason": "退货"}
        case "PosService", "ReturnLines":
            return {**fresh, **member, "order_id": world.order(), "store_id": "walk", "reason": "退货",
                    "lines": [{"line": 0, "quantity_thousandths": 1_000, "amount": money(1_000)}]}
        case "AppService", "UpdateProfile":
            etag = world.etag("patron.app.v1.AppService/GetProfile", member, "profile")
            return {**fresh, "profile": {**member, "name": "韩梅梅", "attributes": {"size": "4"}, "etag": etag},
                    "update_mask": {"paths": ["name", "attributes"]}}
        case ("AppService" | "FeedbackService"), "SubmitFeedback":
            return {**fresh, **member, "store_id": "walk", "receipt_number": "1", "category": 2, "text": "排队太久"}
        case "MembersService", "RegisterMember":
            return {**fresh, "name": "李雷", "phone": phone(), "card_number": secrets.token_hex(8),
                    "wechat_openid": secrets.token_hex(8), "gender": 2, "birthday": {"year": 1990, "month": 2, "day": 28},
                    "external_ids": [{"source": "erp", "value": secrets.token_hex(8)}], "registered_store_id": "walk",
                    "attributes": {"size": "3"}}
        case "MembersService", "ResolveMember":
            return {"phone": world.phone}
        case "MembersService", "UpdateMember":
            etag = world.etag(f"{MEMBERS}/GetMember", member, "member")
            return {**fresh, "member": {**member, "name": "韩梅梅", "gender": 1, "status": 1, "etag": etag},
                    "update_mask": {"paths": ["name", "gender", "status"]}}
        case "LoyaltyService", "UpdateProgramme":
            etag = world.etag(f"{LOYALTY}/GetProgramme", {}, "programme")
            return {**fresh, "programme": {
                "name": "会员计划", "currency_code": "CNY", "earn_rule": {"points": 1, "per_minor_units": 100, "rounding": 1},
                "redeem_rule": {"points": 100, "minor_units": 100}, "expiry_rule": {"unit": 3, "count": 1},
                "pending_days": 0, "return_rule": {"policy": 2, "restore": 1}, "etag": etag},
                "update_mask": {"paths": ["name", "earn_rule", "redeem_rule", "expiry_rule", "pending_days", "return_rule"]}}
        case "LoyaltyService", "OpenAccount":
            return {**fresh, **member}
        case "LoyaltyService", "PostOrder":
            return world.sale()
        case "LoyaltyService", "PostOrders":
            return {"orders": [world.sale()]}
        case "LoyaltyService", "StreamOrders":
            return {"order": world.sale()}
        case "LoyaltyService", "GetOrder":
            return {"order_id": world.order()}
        case "LoyaltyService", "ReverseOrder":
            return {**fresh, "order_id": world.order(), "reason": "退货"}
        case "LoyaltyService", "PostReturn":
            return {**fresh, **member, "order_id": world.order(), "store_id": "walk", "reason": "退货",
                    "lines": [{"line": 0, "amount": money(1_000)}]}
        case "LoyaltyService", "CreateAsset":
            return {**fresh, "asset": {"code": f"a{secrets.token_hex(6)}", "kind": 2, "currency_code": "CNY"}}
        case "LoyaltyService", ("Credit" | "Debit"):
            return points
        case "LoyaltyService", ("ActivatePending" | "CancelPending"):
            return {**fresh, "asset": "points", **world.pending()}
        case "LoyaltyService", "Hold":
            return {**points, "time_to_live": {"seconds": 60}}
        case "LoyaltyService", ("CaptureHold" | "ReleaseHold"):
            request = {**fresh, "asset": "points", **world.hold()}
            return request if name == "ReleaseHold" else {**request, "amount": 5}
        case "LoyaltyService", "Adjust":
            return {**points, "reason": "补偿", "staff_id": "staff-7", "approver_id": "staff-8"}
        case "LoyaltyService", "Transfer":
            return {**fresh, "from_member_id": world.member, "to_member_id": world.other, "asset": "points", "amount": 10}
        case "LoyaltyService", "Deposit":
            return {**fresh, **member, "asset": world.stored_value, "amount": 100, "bonus_amount": 50}
        case "LoyaltyService", "Withdraw":
            return {**fresh, **member, "asset": world.stored_value, "amount": 10}
        case "LoyaltyService", "StreamMovements":
            return {"movements": [{"number": 1, "credit": points}]}
        case "LoyaltyService", ("ListEntries" | "ReadLedger"):
            return {**member, **pages} if name == "ListEntries" else pages
        case "LoyaltyService", "ResolveReservation":
            return {"reservation_id": new_request_id()}
        case "CampaignsService", "CreateCouponTemplate":
            return {**fresh, "template": world.coupon_template()}
        case "CampaignsService", "GetCouponTemplate":
            return {"template_id": world.template}
        case "CampaignsService", "IssueCoupon":
            return {**fresh, **member, "template_id": world.template}
        case "CampaignsService", "ReserveCoupons":
            return {"order_id": new_request_id(), **member, "coupon_ids": [world.coupon()], "gross": money(),
                    "occurred_at": world.now(), "time_to_live": {"seconds": 60}}
        case "CampaignsService", "RedeemReservation":
            return {"reservation_id": world.posted_reservation()["reservation_id"]}
        case "CampaignsService", ("ReleaseReservation" | "GetReservation"):
            return {"reservation_id": world.reservation()["reservation_id"]}
        case "FeedbackService", "GetFeedback":
            return {"feedback_id": world.feedback()["feedback_id"]}
        case "FeedbackService", ("AssignFeedback" | "ResolveFeedback"):
            feedback = world.feedback()
            detail = {"assignee": "staff-7"} if name == "AssignFeedback" else {"resolution": "已加开收银台"}
            return {**fresh, "feedback_id": feedback["feedback_id"], "etag": feedback["etag"], **detail}
        case _, _:
            return None


def filled_in(world, method, descriptor):
    """A valid request; for a method without one here, a request with the fields whose names are known."""
    request = good_request(world, method)
    if request is not None:
        return request
    known = {"request_id": new_request_id(), "member_id": world.member, "page_size": 10}
    return {name: known[name] for name in descriptor.fields_by_name if name in known}
