import Foundation
import Postgres

/// The entries of new requests turned into columns, an array parameter each.
struct EntryColumns {
  private var lanes: [Int16] = []
  private var members: [UUID] = []
  private var requestIDs: [UUID] = []
  private var postings: [Int16] = []
  private var types: [Int16] = []
  private var assets: [Int16] = []
  private var fromAccounts: [Int16] = []
  private var toAccounts: [Int16] = []
  private var amounts: [Int64] = []
  private var available: [Int64] = []
  /// From 1 in each lane.
  private var places: [Int64] = []
  private var references: [UUID?] = []
  private var followed: [UUID?] = []
  private var lots = FlatLists()
  /// Empty where there is none.
  private var digests = FlatBytes()
  private var answers: [[UInt8]?] = []

  init(_ requests: [NewRequest]) {
    reserve(requests.reduce(0) { $0 + $1.recorded.entries.count })
    for request in requests {
      let lane = Lane(member: request.member).number
      for (number, entry) in request.recorded.entries.enumerated() {
        lanes.append(lane)
        members.append(request.member)
        requestIDs.append(request.id)
        postings.append(Int16(clamping: number))
        types.append(entry.posting.type.rawValue)
        assets.append(entry.asset.rawValue)
        fromAccounts.append(entry.posting.from.rawValue)
        toAccounts.append(entry.posting.to.rawValue)
        amounts.append(entry.posting.amount)
        available.append(entry.posting.available)
        places.append(entry.sequence)
        references.append(entry.posting.reference ?? request.reference)
        followed.append(entry.follows)
        lots.append(lotsOf: entry.posting.lots)
        digests.append(number == 0 ? request.recorded.digest : [])
        answers.append(number == 0 ? request.recorded.answer : nil)
      }
    }
  }

  private mutating func reserve(_ count: Int) {
    lanes.reserveCapacity(count)
    members.reserveCapacity(count)
    requestIDs.reserveCapacity(count)
    postings.reserveCapacity(count)
    types.reserveCapacity(count)
    assets.reserveCapacity(count)
    fromAccounts.reserveCapacity(count)
    toAccounts.reserveCapacity(count)
    amounts.reserveCapacity(count)
    available.reserveCapacity(count)
    places.reserveCapacity(count)
    references.reserveCapacity(count)
    followed.reserveCapacity(count)
    digests.reserve(count, of: 32)
    answers.reserveCapacity(count)
    lots.reserve(count)
  }

  /// A query that gives the entries back as rows. Columns that all entries lack are not sent.
  var rows: SQL {
    let reference: SQL = references.contains { $0 != nil } ? "\(item: references)" : "NULL::uuid"
    let answer: SQL = answers.contains { $0 != nil } ? "\(item: answers)" : "NULL::bytea"
    return """
      SELECT \(item: lanes) AS lane, \(item: members) AS member_id, \(item: requestIDs) AS request_id,
        \(item: postings) AS posting, \(item: types) AS entry_type, \(item: assets) AS asset,
        \(item: fromAccounts) AS from_account, \(item: toAccounts) AS to_account, \(item: amounts) AS amount,
        \(item: available) AS available, \(item: places) AS place, \(reference) AS reference,
        nullif(\(lots.item), '{}') AS lots, nullif(\(digests.item), ''::bytea) AS digest, \(answer) AS answer,
        \(item: followed) AS follows
      FROM \(numbersTo: lanes.count)
      """
  }
}
