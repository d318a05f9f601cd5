internal import Foundation
internal import ServiceKit

extension LoadKind {
  /// An earlier sale of this run, taken back whole; a sale as long as there is none to take back.
  static let refund = LoadKind(
    name: "refund",
    summary: "an earlier sale of the run, taken back",
    faces: [.loyalty, .gateway],
    sells: false,
    standardWeight: { _ in 6 },
    draft: { till in
      guard let order = till.takeReturnable() else { return earn.draft(till) }
      let request = till.newRequestID()
      return [LoadCall(kind: "refund") { try await $0.refund(order, requestID: request) }]
    }
  )
}
