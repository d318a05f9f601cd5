import Basics
import Foundation
import RPC
import ServiceKit
import Synchronization

@testable import LocalSuite
@testable import TillSimulation

/// Plans for tests.
enum LoadFixtures {
  /// A terminal that is not interactive and writes to the tests' own output.
  static let terminal = Terminal(isInteractive: false, hasColours: false)

  static let programme = LoadProgramme(
    currencyCode: "CNY",
    earnPoints: 1,
    earnPerMinorUnits: 100,
    redeemPoints: 100,
    redeemMinorUnits: 100
  )

  static func plan(
    rate: Double,
    seconds: Double,
    mix: LoadMix = .standard(.loyalty),
    members: Int = 20,
    target: String = "nowhere:1",
    folder: String,
    programme: LoadProgramme = programme
  ) -> LoadPlan {
    LoadPlan(
      service: .loyalty,
      target: target,
      curve: .constant(rate, seconds: seconds),
      spacing: .even,
      seed: 42,
      run: UUIDv7Generator().next().text,
      mix: mix,
      members: MemberRange(count: members, seed: 42, service: .loyalty, startingPoints: 1_000),
      choice: .uniform,
      storeCount: 10,
      curves: .recorded,
      programme: programme,
      outstandingMaximum: 10_000,
      timeoutMilliseconds: 10_000,
      journalDirectory: folder
    )
  }

  /// Runs `body` with a temporary folder.
  static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}

/// A target whose answers the test chooses.
final class ScriptedTarget: LoadTarget {
  private let answer: @Sendable (Sale) async throws -> LoadAnswer
  private let posted = Mutex<[Sale]>([])
  private let refunded = Mutex<[UUID]>([])
  private let moved = Mutex<[StoredValueMovement]>([])

  init(_ answer: @escaping @Sendable (Sale) async throws -> LoadAnswer = { .points($0.grossMinorUnits / 100) }) {
    self.answer = answer
  }

  /// The sales in the order of the requests.
  var sales: [Sale] { posted.withLock { $0 } }

  /// The refunded orders.
  var refunds: [UUID] { refunded.withLock { $0 } }

  /// The movements of stored values in the order of the requests.
  var movements: [StoredValueMovement] { moved.withLock { $0 } }

  func post(_ sale: Sale, options: CallOptions) async throws -> LoadAnswer {
    posted.withLock { $0.append(sale) }
    return try await answer(sale)
  }

  func refund(_ orderID: UUID, requestID: UUID, options: CallOptions) async throws -> LoadAnswer {
    refunded.withLock { $0.append(orderID) }
    return .points(-1)
  }

  func move(_ movement: StoredValueMovement, options: CallOptions) async throws -> LoadAnswer {
    moved.withLock { $0.append(movement) }
    return .points(movement.minorUnits)
  }
}

extension LoadAnswer {
  /// Makes an answer that changed the points or the stored value by `change`.
  static func points(_ change: Int64) -> LoadAnswer {
    LoadAnswer(bytes: withUnsafeBytes(of: change) { Array($0) }, balanceChange: change)
  }
}
