import Basics
import Foundation
import Postgres

/// The tables `member` and `identifier`.
struct MemberStore: Sendable {
  let database: Database

  /// Returns a member by ID.
  func find(_ id: UUID) async throws -> Member? {
    try await database.query("SELECT \(MemberRow.columns) FROM member WHERE member_id = \(id)")
      .first.map(MemberRow.member)
  }

  /// Returns whether a member exists.
  func exists(_ id: UUID) async throws -> Bool {
    try await !database.query("SELECT FROM member WHERE member_id = \(id)").isEmpty
  }

  /// Returns the member with an identifier.
  func resolve(_ identifier: Identifier) async throws -> Member? {
    try await database.query(
      """
      SELECT \(MemberRow.columns) FROM identifier JOIN member USING (member_id)
      WHERE kind = \(identifier.kind.rawValue) AND source = \(identifier.source) AND value = \(identifier.value)
      """
    ).first.map(MemberRow.member)
  }

  /// The position after which a page of members begins.
  struct Position: Sendable, Hashable {
    var registeredAt: Instant
    var id: UUID
  }

  /// Returns at most `limit` members, newest registration first.
  func list(_ filter: MemberFilter, after position: Position?, limit: Int) async throws -> [Member] {
    var conditions: [SQL] = []
    if let position {
      conditions.append("(registered_at, member_id) < (\(position.registeredAt), \(position.id))")
    }
    // Not a parameter, because only so the planner can use the index of suspended members.
    if let status = filter.status { conditions.append("status = \(raw: String(status.rawValue))") }
    if let store = filter.registeredStoreID { conditions.append("registered_store_id = \(store)") }
    if let names = filter.names {
      conditions.append("name COLLATE \"C\" >= \(names.from)")
      if let before = names.before { conditions.append("name COLLATE \"C\" < \(before)") }
    }
    if let from = filter.registeredFrom { conditions.append("registered_at >= \(from)") }
    if let before = filter.registeredBefore { conditions.append("registered_at < \(before)") }
    let condition: SQL = conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
    return try await database.query(
      """
      SELECT \(MemberRow.columns) FROM member WHERE \(condition)
      ORDER BY registered_at DESC, member_id DESC LIMIT \(Int64(limit))
      """
    ).map(MemberRow.member)
  }
}
