import Foundation
import LoyaltyProto
import Messages
import Testing

@testable import patron_lab

@Suite("The ledger's expected state by its answers")
struct ChaosBooksTests {
  private let member = UUID()

  private func call(_ method: LedgerCall.Method) -> LedgerCall {
    LedgerCall(method: method, id: UUID(), member: member, request: [])
  }

  private func moved(_ amount: Int64) -> LoyaltyV1.Transaction {
    LoyaltyV1.Transaction(postings: [LoyaltyV1.Posting(asset: "points", amount: amount)])
  }

  @Test("is the sum of the movements in the answers, with an entry for each movement")
  func sums() throws {
    var books = ChaosBooks()
    let order = LoyaltyV1.Order(pointsRedeemed: 100, pointsEarned: 7)
    let calls: [(LedgerCall, [UInt8], Int64)] = [
      (call(.openAccount), try LoyaltyV1.OpenAccountResponse().serializedBytes(), 1),
      (call(.credit), try LoyaltyV1.CreditResponse(transaction: moved(500)).serializedBytes(), 1),
      (call(.debit), try LoyaltyV1.DebitResponse(transaction: moved(50)).serializedBytes(), 1),
      (call(.postOrder), try LoyaltyV1.PostOrderResponse(order: order).serializedBytes(), 2),
      (
        call(.reverseOrder),
        try LoyaltyV1.ReverseOrderResponse(pointsTaken: 0, pointsReturned: 100).serializedBytes(), 1
      ),
    ]
    for (call, answer, _) in calls {
      let findings = try books.note([JournalRecord(.asked, call, []), JournalRecord(.answered, call, answer)])
      #expect(findings == [])
    }
    #expect(books.balances == [member: 500 - 50 - 100 + 7 + 100])
    for (call, _, entryCount) in calls { #expect(books.entryCounts[call.id] == entryCount) }
    #expect(books.open.isEmpty)
  }

  @Test("knows nothing of a call without an answer, and nothing at all of one that was refused")
  func open() throws {
    var books = ChaosBooks()
    let (unknown, refused) = (call(.credit), call(.debit))
    let findings = try books.note([
      JournalRecord(.asked, unknown, [9]), JournalRecord(.asked, refused, []),
      JournalRecord(.refused, refused, Array("INSUFFICIENT_POINTS".utf8)),
    ])
    #expect(findings == [])
    #expect(books.open.values.map(\.request) == [[9]])
    #expect(books.balances.isEmpty)
  }

  @Test("a wrong answer is a finding")
  func wronged() throws {
    var books = ChaosBooks()
    let findings = try books.note([JournalRecord(.wronged, call(.credit), Array("another answer".utf8))])
    #expect(findings.count == 1)
    #expect(findings.first?.contains("another answer") == true)
  }

  @Test("differs from tables that lost, doubled or made up something")
  func differences() {
    let ids = (0..<4).map { _ in UUID() }
    let expected: [UUID: Int64] = [ids[0]: 1, ids[1]: 1, ids[2]: 1]
    let found: [UUID: Int64] = [ids[0]: 1, ids[1]: 2, ids[3]: 1]
    let differences = LedgerComparison.differences(expected: expected, found: found) { id, expected, found in
      "\(id) \(expected) \(found)"
    }
    #expect(Set(differences) == ["\(ids[1]) 1 2", "\(ids[2]) 1 0", "\(ids[3]) 0 1"])
  }
}
