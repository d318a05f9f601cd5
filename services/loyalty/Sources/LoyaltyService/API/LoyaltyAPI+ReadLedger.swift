import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  func readLedger(
    _ request: LoyaltyV1.ReadLedgerRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReadLedgerResponse {
    let page = try pages.page(
      request,
      size: \.pageSize,
      token: \.cursor,
      tokenField: "cursor",
      domain: LoyaltyReason.domain
    )
    let cursor = if let position = page.position { try LedgerCursor(position) } else { LedgerCursor.beginning }
    guard let part = try await log.entries(after: cursor, limit: page.size) else {
      throw LoyaltyReason.entriesArchived.error()
    }
    var entries: [LoyaltyV1.LedgerEntry] = []
    for row in part.entries {
      entries.append(LoyaltyV1.LedgerEntry(row, asset: try await assets.code(row.entry.asset)))
    }
    return LoyaltyV1.ReadLedgerResponse(
      entries: entries,
      cursor: page.next(part.cursor.position),
      more: part.hasMore
    )
  }
}

extension LedgerCursor {
  /// What a cursor's text says: the lanes' sequences, then the month.
  fileprivate init(_ position: PagePosition) throws(PagePosition.Mismatch) {
    var sequences: [Int64] = []
    for lane in 0..<Int(Lane.count) { sequences.append(try position.int64(lane)) }
    self.init(sequences: sequences, archivedMonth: Int32(clamping: try position.int64(sequences.count)))
  }

  /// What its text says.
  fileprivate var position: PagePosition {
    PagePosition((sequences + [Int64(archivedMonth)]).map { PagePosition.Value.int64($0) })
  }
}

extension LoyaltyV1.LedgerEntry {
  /// An entry as readers of the whole ledger see it.
  fileprivate init(_ row: EntryRow, asset: String) {
    let posting = row.entry.posting
    self.init(
      lane: Int32(Lane(member: row.member).number),
      sequence: row.entry.sequence,
      recordedAt: GoogleProtobuf.Timestamp(date: Date(Instant(rawValue: row.entry.sequence))),
      memberID: row.member.text,
      requestID: row.requestID.text,
      posting: Int32(row.number),
      type: LoyaltyV1.EntryType(posting.type),
      asset: asset,
      fromAccount: LoyaltyV1.LedgerAccount(posting.from),
      toAccount: LoyaltyV1.LedgerAccount(posting.to),
      amount: posting.amount,
      available: posting.available,
      referenceID: posting.reference?.text ?? "",
      lots: posting.lots.map { LoyaltyV1.Lot($0) }
    )
  }
}

extension LoyaltyV1.LedgerAccount {
  /// The contract numbers them as the store does.
  fileprivate init(_ account: PostingAccount) { self.init(rawValue: Int32(account.rawValue)) }
}
