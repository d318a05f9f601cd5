import RPC
import Testing

@testable import patron_lab

@Suite("A call that was not answered")
struct CallFailureTests {
  private func failure(_ code: StatusCode, _ reason: String = "") -> CallFailure {
    CallFailure(RPCError(code: code, details: [.errorInfo(ErrorInfo(reason: reason, domain: "loyalty.patron"))]))
  }

  @Test(
    "may have been done if the service or the way to it failed",
    arguments: [StatusCode.unavailable, .deadlineExceeded, .aborted, .resourceExhausted, .cancelled, .internalError]
  )
  func unknown(code: StatusCode) {
    #expect(failure(code) == .unknown)
  }

  @Test("was refused if the balance was too low or the order was taken back by another")
  func refused() {
    for reason in ["INSUFFICIENT_POINTS", "ORDER_ALREADY_REVERSED"] {
      #expect(failure(.failedPrecondition, reason) == .refused(reason: reason))
    }
  }

  @Test("is a finding if nothing in the traffic can have brought it about")
  func wrong() {
    for (code, reason) in [
      (StatusCode.failedPrecondition, "REQUEST_ID_REUSED"), (.alreadyExists, "RECEIPT_ALREADY_POSTED"),
      (.notFound, "ACCOUNT_NOT_FOUND"), (.invalidArgument, ""),
    ] {
      guard case .wrong = failure(code, reason) else {
        Issue.record("\(reason) was taken for usual")
        continue
      }
    }
  }
}
