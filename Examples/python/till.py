#!/usr/bin/env python3
"""A till's day in one page: register a member, sell, look at the points, take a part back, then the rest.

Uses nothing but grpcio and reflection. Start the suite with `make run`, then run this beside it.
"""

import secrets
import time

from patron_client import PatronClient, new_request_id

POS = "patron.pos.v1.PosService"
APP = "patron.app.v1.AppService"


def main():
    with PatronClient() as client:
        phone = f"139{secrets.randbelow(10**8):08d}"
        member = client.call(
            f"{POS}/RegisterMember",
            {"request_id": new_request_id(), "name": "王小明", "phone": phone, "store_id": "store-1"},
        )["member"]
        print(f"registered {member['name']} ({member['masked_phone']}) as {member['member_id']}")

        currency = client.call(f"{APP}/GetBalance", {"member_id": member["member_id"]})["worth"]["currency_code"]

        def money(minor_units):
            return {"currency_code": currency, "minor_units": minor_units}

        checkout = {
            "request_id": new_request_id(),
            "member_id": member["member_id"],
            "store_id": "store-1",
            "till_id": "till-3",
            "receipt_number": f"example-{secrets.token_hex(6)}",
            "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "lines": [
                {"product_id": "6901234567892", "description": "纯牛奶 1L", "quantity_thousandths": 2000,
                 "amount": money(2580)},
                {"product_id": "2100012", "description": "苹果", "quantity_thousandths": 1250, "amount": money(1599)},
            ],
        }
        sale = client.call(f"{POS}/Checkout", checkout)
        print(f"sold: to pay {int(sale['payable'].get('minor_units', 0)) / 100:.2f} {currency}, "
              f"{sale['points_earned']} points earned")

        again = client.call(f"{POS}/Checkout", checkout)
        assert again == sale, "a retry with the same request_id must give the same answer"
        print("sent again: the same answer, counted once")

        balance = client.call(f"{APP}/GetBalance", {"member_id": member["member_id"]})
        print(f"balance: {balance['points']} points, worth {int(balance['worth'].get('minor_units', 0)) / 100:.2f} {currency}")

        back = client.call(
            f"{POS}/ReturnLines",
            {"request_id": new_request_id(), "order_id": sale["order_id"], "store_id": "store-2",
             "lines": [{"line": 0, "quantity_thousandths": 1000}], "reason": "one carton leaks"},
        )
        for part in back["refunds"]:
            print(f"one of two cartons back: pay {int(part['amount']['minor_units']) / 100:.2f} {currency} back, "
                  f"{back.get('points_taken', '0')} points taken back, "
                  f"{int(back['left_payable'].get('minor_units', 0)) / 100:.2f} {currency} are left of the sale")

        refund = client.call(
            f"{POS}/RefundOrder",
            {"request_id": new_request_id(), "order_id": sale["order_id"], "reason": "customer changed their mind"},
        )
        paid_back = int(back["refunds"][0]["amount"]["minor_units"]) + int(refund["refunded"]["minor_units"])
        assert paid_back == int(sale["payable"]["minor_units"]), "what was paid is paid back, once"
        print(f"refunded {int(refund['refunded'].get('minor_units', 0)) / 100:.2f} {currency}, "
              f"{refund['points_taken']} points taken back, balance {refund.get('balance_points', '0')}")


if __name__ == "__main__":
    main()
