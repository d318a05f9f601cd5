import Basics
import Foundation
import Postgres
import ServiceKit

/// The members of the benchmark: as many as asked for, each with an account that has been given points.
struct PointsMembers: Sendable {
  let count: Int
  /// The last day of a lot that each has beside the one that never expires, in days since 1970; nil if there is none.
  var lastDay: Int32?

  /// What each has at the start that never expires, and as much again that does if there is a last day.
  static let openingPoints: Int64 = 100_000

  /// The lanes of the ledger.
  static let lanes: Range<Int16> = 0..<64

  /// A member's id: the same for the same number.
  func id(_ number: Int) -> UUID {
    Self.identifier(UInt64(number) &* 2, version: 4)
  }

  /// The request that gave a member the opening points: one a millisecond since 2026 began.
  private func openingRequest(_ number: Int) -> UUID {
    let random = Self.identifier(UInt64(number) &* 2 &+ 1, version: 7)
    return UUID(high: UInt64(1_767_225_600_000 + number) << 16 | random.high & 0xFFFF, low: random.low)
  }

  /// What was given, as the tables have it: pairs of last day and amount, the soonest first.
  private var openingLots: [Int64] {
    let lasting = [Int64(Int32.max), Self.openingPoints]
    return lastDay.map { [Int64($0), Self.openingPoints] + lasting } ?? lasting
  }

  /// Writes the accounts with the entries that gave the points, as the service would have, and has the tables analysed.
  ///
  /// - Parameter first: The first member that has none yet.
  func fill(_ database: Database, from first: Int = 0, progress: (Int) -> Void) async throws {
    let chunk = 100_000
    for start in stride(from: first, to: count, by: chunk) {
      let numbers = start..<min(count, start + chunk)
      try await fill(numbers, database)
      progress(numbers.count)
    }
    try await database.execute("VACUUM ANALYZE ledger_account")
    try await database.execute("VACUUM ANALYZE ledger_entry")
  }

  /// Writes some of them, with their lanes locked as a batch of the service locks them.
  private func fill(_ numbers: Range<Int>, _ database: Database) async throws {
    let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let lots = openingLots
    let points = Self.openingPoints * Int64(lots.count / 2)
    try await database.transaction { transaction in
      let lanes = try await transaction.query("SELECT last_sequence FROM lane ORDER BY lane FOR UPDATE")
      var sequences = try lanes.map { max(now, try $0.decode(column: 0, as: Int64.self)) }
      try await transaction.copyIn(
        """
        COPY ledger_account (lane, member_id, asset, available, held, pending, lifetime_earned, lifetime_spent, version,
          opened_at, updated_at, latest_request, written_by, lots) FROM STDIN (FORMAT binary)
        """
      ) { writer in
        for number in numbers {
          let member = id(number)
          try await writer.writeRow(
            Self.lane(member),
            member,
            Int16(1),
            points,
            Int64(0),
            Int64(0),
            points,
            Int64(0),
            Int64(1),
            now,
            now,
            Int64(bitPattern: openingRequest(number).high),
            openingRequest(number),
            lots
          )
        }
      }
      try await transaction.copyIn(
        """
        COPY ledger_entry (lane, member_id, request_id, posting, entry_type, asset, from_account, to_account, amount,
          available, sequence, lots, digest) FROM STDIN (FORMAT binary)
        """
      ) { writer in
        for number in numbers {
          let member = id(number)
          let lane = Self.lane(member)
          sequences[Int(lane)] += 1
          try await writer.writeRow(
            lane,
            member,
            openingRequest(number),
            Int16(0),
            Int16(1),
            Int16(1),
            Int16(2),
            Int16(1),
            points,
            points,
            sequences[Int(lane)],
            lots,
            [UInt8](repeating: 0, count: 32)
          )
        }
      }
      try await transaction.execute(
        """
        UPDATE lane SET last_sequence = new.last_sequence
        FROM unnest(\(Array(Self.lanes)), \(sequences)) AS new (lane, last_sequence) WHERE new.lane = lane.lane
        """
      )
    }
  }

  /// SplitMix64 twice: ids that are as spread out as random ones.
  private static func identifier(_ seed: UInt64, version: UInt64) -> UUID {
    func mixed(_ number: UInt64) -> UInt64 {
      var value = number &* 0x9E37_79B9_7F4A_7C15
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
    let (high, low) = (mixed(seed), mixed(seed &+ 0x5851_F42D_4C95_7F2D))
    return UUID(high: high & ~0xF000 | version << 12, low: low & ~(3 << 62) | 2 << 62)
  }

  /// The lane of a member, as loyalty reckons it: FNV-1a of the id, its halves xored, modulo 64.
  private static func lane(_ member: UUID) -> Int16 {
    let hash = withUnsafeBytes(of: member.uuid) { bytes in
      bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
    return Int16((hash ^ (hash >> 32)) % 64)
  }
}
