import RPC
import ServiceKit
import Testing

@testable import GatewayService

@Suite("What callers see of an upstream's error")
struct UpstreamErrorTests {
  private let upstream = UpstreamError(
    service: "loyalty",
    fields: FieldNames(["lines"], ["coupon_discounts": .elements("coupon_ids")])
  )

  private func error(_ code: StatusCode, _ message: String = "secret", _ details: [ErrorDetail] = []) -> RPCError {
    RPCError(code: code, message: message, details: details)
  }

  private func info(_ reason: String, domain: String = "loyalty.patron", _ facts: [String: String] = [:]) -> ErrorDetail
  {
    .errorInfo(ErrorInfo(reason: reason, domain: domain, metadata: facts))
  }

  @Test("a refusal keeps its status, reason, domain, message and facts")
  func refusal() {
    let detail = info("INSUFFICIENT_POINTS", ["balance_points": "3"])
    let seen = upstream.translated(error(.failedPrecondition, "The balance is too low.", [detail]))
    #expect(seen.code == .failedPrecondition)
    #expect(seen.message == "The balance is too low.")
    #expect(seen.details == [detail])
  }

  @Test("fields are named as in the caller's request, in the details and in the message")
  func fields() {
    let seen = upstream.translated(
      error(
        .invalidArgument,
        "coupon_discounts[0]: too much",
        [
          info("TOO_MUCH", ["field": "coupon_discounts[0].discount"]),
          .badRequest(
            BadRequest(fieldViolations: [
              BadRequest.FieldViolation(
                field: "coupon_discounts[0].discount",
                description: "too much",
                reason: "TOO_MUCH"
              ),
              BadRequest.FieldViolation(field: "reservation_id", description: "not a UUID"),
            ])
          ),
        ]
      )
    )
    #expect(seen.message == "coupon_ids[0]: too much")
    #expect(seen.info?.metadata == ["field": "coupon_ids[0]"])
    #expect(
      seen.details.contains(
        .badRequest(
          BadRequest(fieldViolations: [
            BadRequest.FieldViolation(field: "coupon_ids[0]", description: "too much", reason: "TOO_MUCH")
          ])
        )
      )
    )
  }

  @Test("an offline queue learns which order has its receipt; a reservation that the till never saw is not named")
  func orders() {
    let facts = ["order_id": "0190a5b0-7c1e-7abc-8def-0123456789ab", "reservation_id": "x"]
    let detail = info("RECEIPT_ALREADY_POSTED", facts)
    let seen = upstream.translated(error(.alreadyExists, "", [detail])).info
    #expect(seen?.metadata == ["order_id": "0190a5b0-7c1e-7abc-8def-0123456789ab"])
  }

  @Test("a refusal of nothing but fields that the gateway filled in is the gateway's failure")
  func ownMistake() {
    let violation = BadRequest.FieldViolation(field: "reservation_id", description: "not a UUID", reason: "NOT_UUID")
    let details = [
      info("NOT_UUID", ["field": "reservation_id"]), .badRequest(BadRequest(fieldViolations: [violation])),
    ]
    let seen = upstream.translated(error(.invalidArgument, "reservation_id: not a UUID", details))
    #expect(seen.code == .internalError)
    #expect(seen.info?.reason == "UPSTREAM_FAILED")
  }

  @Test("of several fields those of the caller are left, with the reason that they share and the first of them")
  func mixedFields() {
    let details = [
      info(FieldChecks.mixedReason, ["field": "reservation_id"]),
      .badRequest(
        BadRequest(fieldViolations: [
          BadRequest.FieldViolation(field: "reservation_id", description: "x", reason: "NOT_UUID"),
          BadRequest.FieldViolation(field: "lines[2].amount", description: "y", reason: "REQUIRED"),
        ])
      ),
    ]
    let seen = upstream.translated(error(.invalidArgument, "", details))
    #expect(seen.info?.reason == "REQUIRED")
    #expect(seen.info?.metadata == ["field": "lines[2].amount"])
    #expect(seen.message == "lines[2].amount: y")
  }

  @Test("a refusal about a reservation that the till never saw uses the till's terms")
  func ownWords() {
    let voided = upstream.translated(error(.failedPrecondition, "secret", [info("RESERVATION_VOIDED")]))
    #expect(voided.code == .aborted)
    #expect(voided.info?.reason == "COUPONS_NOT_HELD")
    #expect(voided.info?.domain == "gateway.patron")
    #expect(!voided.message.contains("secret"))
  }

  @Test(
    "an error that is no refusal reveals only that the service failed",
    arguments: [StatusCode.internalError, .unknown, .dataLoss, .unimplemented, .notFound, .invalidArgument]
  )
  func failure(code: StatusCode) {
    let seen = upstream.translated(error(code, "secret", [info("X", domain: "somebody.else")]))
    #expect(seen.code == .internalError)
    #expect(
      seen.info == ErrorInfo(reason: "UPSTREAM_FAILED", domain: "gateway.patron", metadata: ["service": "loyalty"])
    )
    #expect(!seen.message.contains("secret"))
  }

  @Test("an unreachable service may be called again, when it says so")
  func unavailable() {
    let retry = ErrorDetail.retryInfo(RetryInfo(retryDelay: .seconds(2)))
    let seen = upstream.translated(error(.unavailable, "10.0.0.7:7402 refused", [retry]))
    #expect(seen.code == .unavailable)
    #expect(seen.info?.reason == "UPSTREAM_UNAVAILABLE")
    #expect(seen.details.contains(retry))
    #expect(!seen.message.contains("10.0.0.7"))
  }

  @Test("a deadline is a deadline, a cancellation a cancellation")
  func time() {
    #expect(upstream.translated(error(.deadlineExceeded)).code == .deadlineExceeded)
    #expect(upstream.translated(error(.cancelled)).code == .cancelled)
  }
}
