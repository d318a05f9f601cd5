import Basics
import CommonProto
import Foundation
import LoyaltyProto
import RPC
import ServiceKit

extension LoyaltyAPI {
  func listEntries(
    _ request: LoyaltyV1.ListEntriesRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ListEntriesResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    let types = request.types.enumerated().compactMap { index, type in
      let known = PostingType(type)
      fields.check(known != nil, "types[\(index)]", reason: .unknownValue, "choose one of the defined types")
      return known
    }
    let period = fields.period(request.recordedFrom, request.recordedUntil)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: LoyaltyReason.domain)
    var filter = EntryFilter(types: types, from: period.lowerBound, before: period.upperBound)
    if !request.asset.isEmpty { filter.asset = try await asset(request.asset).id }
    if let position = page.position { filter.before = min(filter.before, Instant(rawValue: try position.int64(0))) }

    let rows = try await accounts.entries(of: memberID, filter, limit: page.size + 1)
    if rows.isEmpty, page.position == nil { _ = try await account(memberID, .points) }
    let (shown, nextToken) = page.cut(rows) { PagePosition([.int64($0.row.entry.sequence)]) }
    var entries: [LoyaltyV1.Entry] = []
    for row in shown { entries.append(LoyaltyV1.Entry(row, asset: try await assets.code(row.row.entry.asset))) }
    return LoyaltyV1.ListEntriesResponse(entries: entries, nextPageToken: nextToken)
  }

  func getStatement(
    _ request: LoyaltyV1.GetStatementRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetStatementResponse {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    let memberID = fields.uuid("member_id", request.memberID)
    let period = fields.period(request.recordedFrom, request.recordedUntil)
    try fields.throwIfAny()
    let asset = try await asset(request.asset)
    _ = try await account(memberID, asset)
    let now = Instant(clock.now)
    let statement = try await accounts.statement(
      AccountKey(member: memberID, asset: asset.id),
      StatementPeriod(
        instants: period,
        begin: calendar.time(min(period.lowerBound, now)),
        end: calendar.time(min(period.upperBound, now))
      )
    )
    return LoyaltyV1.GetStatementResponse(
      asset: asset.code,
      openingBalance: Int64(clamping: statement.openingBalance),
      closingBalance: Int64(clamping: statement.closingBalance),
      lines: statement.lines.map { line in
        LoyaltyV1.StatementLine(
          type: LoyaltyV1.EntryType(line.type),
          entryCount: line.entryCount,
          added: Int64(clamping: line.added),
          taken: Int64(clamping: line.taken)
        )
      }
    )
  }
}

extension FieldChecks {
  /// When entries were recorded: from a moment, which may be open, to before another, which may be open too.
  fileprivate mutating func period(
    _ from: GoogleProtobuf.Timestamp?,
    _ until: GoogleProtobuf.Timestamp?
  ) -> Range<Instant> {
    let first = from == nil ? Instant(rawValue: 0) : Instant(timestamp("recorded_from", from))
    let end = until == nil ? Instant.never : Instant(timestamp("recorded_until", until))
    guard first <= end else {
      refuse("recorded_until", reason: FieldReason.endsBeforeItBegins, "give a moment after recorded_from")
      return first..<first
    }
    return first..<end
  }
}
