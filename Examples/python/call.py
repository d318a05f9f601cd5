#!/usr/bin/env python3
"""Calls one method of a running Patron process through reflection and prints the answer as JSON.

  call.py                                             lists the gateway's services and methods
  call.py patron.pos.v1.PosService/IdentifyMember '{"card_number": "CJ0000906"}'
  call.py --address 127.0.0.1:7402 patron.loyalty.v1.LoyaltyService/GetProgramme

Mints a request_id for a method that takes one, if the request has none, and says which on standard error: give it again to
send the very same request again.
"""

import argparse
import json
import sys

import grpc

from patron_client import PatronClient, as_dictionary, new_request_id


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="host:port of the process (default: the gateway, 127.0.0.1:7400)")
    parser.add_argument("method", nargs="?", help="package.Service/Method")
    parser.add_argument("request", nargs="?", default="{}", help="the request as JSON")
    arguments = parser.parse_args()

    with PatronClient(arguments.address) as client:
        try:
            if arguments.method is None:
                for service in client.services():
                    for method in client.pool.FindServiceByName(service).methods:
                        print(f"{service}/{method.name}")
                return 0
            if client.method(arguments.method).server_streaming:
                for message in client.stream(arguments.method, json.loads(arguments.request)):
                    print(json.dumps(as_dictionary(message), ensure_ascii=False), flush=True)
                return 0
            request = json.loads(arguments.request)
            if "request_id" in client.method(arguments.method).input_type.fields_by_name:
                if not {"request_id", "requestId"} & set(request):
                    request["request_id"] = new_request_id()
                    print(f"request_id {request['request_id']}", file=sys.stderr)
            answer = client.call(arguments.method, request)
            print(json.dumps(answer, ensure_ascii=False, indent=2))
            return 0
        except grpc.RpcError as error:
            print(f"{error.code().name}: {error.details()}", file=sys.stderr)
        except json.JSONDecodeError as error:
            print(f"The request is not JSON: {error}", file=sys.stderr)
        except (KeyError, ValueError) as error:
            print(f"No such method, or the request does not fit it: {error}", file=sys.stderr)
        except KeyboardInterrupt:
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
