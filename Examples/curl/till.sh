#!/usr/bin/env bash
# A till's day with curl: register a member, sell, look at the points, refund. Run it beside `make run ARGS=--stay`.
set -euo pipefail
gateway=${PATRON_GATEWAY:-127.0.0.1:7400}

# call SERVICE/METHOD JSON: prints the answer; of a failed call the error, and ends.
call() {
  curl --silent --show-error --fail-with-body --max-time 10 --header 'content-type: application/json' --data "$2" \
    "http://$gateway/$1" || { echo >&2; exit 1; }
}

# A UUIDv7: the id of one thing that is to happen. Send the same one again until there is an answer.
request_id() {
  python3 -c 'import os, time, uuid
value = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
print(uuid.UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62))'
}

field() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."): value = value[name]
print(value)' "$1"; }

phone=138$(printf '%08d' $((RANDOM * 32768 % 100000000 + RANDOM)))
member=$(call patron.pos.v1.PosService/RegisterMember \
  '{"requestId": "'"$(request_id)"'", "name": "王小明", "phone": "'"$phone"'"}' | field member.memberId)
echo "registered $phone as $member"

order=$(call patron.pos.v1.PosService/Checkout '{
  "requestId": "'"$(request_id)"'", "memberId": "'"$member"'", "storeId": "store-1", "receiptNumber": "'"$(request_id)"'",
  "lines": [{"productId": "6901234567892", "description": "纯牛奶 1L", "quantityThousandths": 2000,
             "amount": {"currencyCode": "CNY", "minorUnits": 2580}}]}' | field orderId)
echo "sold order $order"

call patron.app.v1.AppService/GetBalance '{"memberId": "'"$member"'"}' | field points | sed 's/^/points: /'

call patron.pos.v1.PosService/RefundOrder \
  '{"requestId": "'"$(request_id)"'", "orderId": "'"$order"'", "reason": "wrong size"}' | field pointsTaken |
  sed 's/^/refunded, points taken back: /'
