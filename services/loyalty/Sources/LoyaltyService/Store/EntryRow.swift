import Foundation
import Postgres

/// An entry as it is stored.
struct EntryRow: Sendable, Hashable {
  var member: UUID
  var requestID: UUID
  /// Its place in the request.
  var number: Int16
  var entry: RecordedRequest.Entry
}

extension EntryRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    entry.member_id, entry.request_id, entry.posting, entry.entry_type, entry.asset, entry.from_account, \
    entry.to_account, entry.amount, entry.available, entry.sequence, entry.reference, entry.lots, \
    entry.follows
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws -> EntryRow {
    let (member, requestID, number) = (try row.next(UUID.self), try row.next(UUID.self), try row.next(Int16.self))
    let (type, asset) = (try row.next(PostingType.self), AssetID(rawValue: try row.next()))
    let (from, to) = (try row.next(PostingAccount.self), try row.next(PostingAccount.self))
    let (amount, available, sequence) = (try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self))
    let reference = try row.next(UUID?.self)
    let lots = try [Lot](numbers: try row.next([Int64]?.self) ?? [])
    let follows = try row.next(UUID?.self)
    let posting = Posting(
      type: type,
      from: from,
      to: to,
      amount: amount,
      available: available,
      lots: lots,
      reference: reference
    )
    return EntryRow(
      member: member,
      requestID: requestID,
      number: number,
      entry: .init(asset: asset, posting: posting, sequence: sequence, follows: follows)
    )
  }
}
