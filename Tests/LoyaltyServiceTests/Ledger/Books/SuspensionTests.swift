import Basics
import Foundation
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("What a suspended member may do, by rule")
struct SuspensionTests {
  private let time = LedgerTime(now: Instant(rawValue: 1_000), today: Day(rawValue: 100))
  private let member = UUID()
  private let other = UUID()

  private static let rules = SuspensionRule.Spending.allCases.flatMap { spending in
    SuspensionRule.Earning.allCases.map { SuspensionRule(spending: spending, earning: $0) }
  }

  /// Every kind of movement, and what it is to the member; nil: done in any standing.
  private static let movements: [(Movement.Operation, SuspensionRule.Trade?)] = [
    (.credit(1, expiresOn: .never, activates: nil), .earning),
    (.credit(1, expiresOn: .never, activates: .onEvent), .earning),
    (.debit(1), .spending),
    (.hold(1, timeToLive: .seconds(60)), .spending),
    (.withdraw(1), .spending),
    (.deposit(1, bonus: 0, bonusExpiresOn: .never), .earning),
    (.activate(UUID()), nil),
    (.cancel(UUID()), nil),
    (.capture(UUID(), 1, keepsRest: false), nil),
    (.release(UUID()), nil),
    (.give(1, expiresOn: .never), nil),
    (.take(1), nil),
  ]

  private func books(_ rule: SuspensionRule, suspended: Set<UUID>) throws -> Books {
    var snapshot = BookSnapshot(programme: .sample)
    for member in [member, other] {
      snapshot.accounts[AccountKey(member: member, asset: .points)] = AccountRecord(
        holding: try .earned(1_000),
        version: 1,
        openedAt: Instant(rawValue: 0),
        updatedAt: Instant(rawValue: 0)
      )
    }
    snapshot.suspended = suspended
    return Books(snapshot, at: time, suspension: rule)
  }

  /// What a member is refused for the standing; nil if for nothing of that kind.
  private func refused(
    _ command: LedgerCommand,
    of member: UUID? = nil,
    _ rule: SuspensionRule,
    suspended: Set<UUID>? = nil
  ) throws -> BooksRefusal? {
    var books = try books(rule, suspended: suspended ?? [self.member])
    do {
      _ = try books.apply(LedgerRequest(id: UUID(), digest: [1], member: member ?? self.member, command: command))
    } catch let refusal as BooksRefusal {
      guard case .memberSuspended = refusal else { return nil }
      #expect(books.changes.isEmpty, "a refusal leaves nothing to be written")
      return refusal
    } catch is LedgerRefusal {
      return nil
    }
    return nil
  }

  @Test("each kind of movement is refused by its rule alone, and never to a member in good standing", arguments: rules)
  func movements(_ rule: SuspensionRule) throws {
    for (operation, trade) in Self.movements {
      let command = LedgerCommand.move(Movement(asset: .points, operation: operation))
      let isRefused =
        switch trade {
        case .spending: rule.spending == .refused
        case .earning: rule.earning != .allowed
        case nil: false
        }
      let expected = trade.flatMap { isRefused ? BooksRefusal.memberSuspended(member: member, $0) : nil }
      let (refusal, others) = (try refused(command, rule), try refused(command, of: other, rule))
      #expect(refusal == expected, "\(operation) by \(rule)")
      #expect(others == nil, "\(operation) by \(rule)")
    }
  }

  @Test("a transfer depends on who gives and on who receives", arguments: rules)
  func transfers(_ rule: SuspensionRule) throws {
    let given = LedgerCommand.transfer(Transfer(asset: .points, to: other, amount: 1))
    let giver = BooksRefusal.memberSuspended(member: member, .spending)
    let asGiver = try refused(given, rule)
    #expect(asGiver == (rule.spending == .refused ? giver : nil))
    let receiver = BooksRefusal.memberSuspended(member: other, .earning)
    let asReceiver = try refused(given, rule, suspended: [other])
    #expect(asReceiver == (rule.earning == .allowed ? nil : receiver))
  }

  @Test("opening, settling and reading are done in any standing", arguments: rules)
  func others(_ rule: SuspensionRule) throws {
    for command in [LedgerCommand.open, .settle(.points), .read(.points)] {
      let refusal = try refused(command, rule)
      #expect(refusal == nil)
    }
  }

  @Test("a sale earns what the rule says: all, nothing, or it is refused", arguments: SuspensionRule.Earning.allCases)
  func sales(_ earning: SuspensionRule.Earning) throws {
    let holding = try Holding.earned(1_000)
    func posting(withheld: Bool) throws -> OrderPosting {
      try OrderPosting(
        receipt: ReceiptDraft(
          lines: [ReceiptDraft.Line(currencyCode: Programme.sample.currencyCode, minorUnits: 10_000)],
          couponDiscounts: [],
          pointsToRedeem: 0
        ),
        id: UUID(),
        programme: .sample,
        isEarningWithheld: withheld,
        holding: holding,
        at: time
      )
    }
    let books = try books(SuspensionRule(earning: earning), suspended: [member])
    #expect(books.earning(of: member) == earning)
    #expect(books.earning(of: other) == .allowed)
    let (earned, withheld) = (try posting(withheld: false), try posting(withheld: true))
    #expect(earned.pointsEarned > 0)
    #expect(withheld.pointsEarned == 0)
    #expect(withheld.postings.isEmpty)
    #expect(withheld.holding == holding)
  }
}
