#!/usr/bin/env python3
"""Calls one method of a running Patron process through reflection and prints the answer as JSON.

  call.py                                             lists the gateway's services and methods
  call.py patron.pos.v1.PosService/IdentifyMember '{"card_number": "CJ0000906"}'
  call.py --address 127.0.0.1:7402 patron.loyalty.v1.LoyaltyService/GetProgramme
"""

import argparse
import json
import sys

import grpc

from patron_client import PatronClient, as_dictionary


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
            answer = client.call(arguments.method, json.loads(arguments.request))
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
