import Foundation
import Postgres

/// The columns of `ledger_entry`.
enum EntryColumn: Int, TableColumn {
  // Written only: it follows from the member.
  case lane
  case memberID, requestID, posting, entryType, asset, fromAccount, toAccount, amount, available, sequence, reference,
    lots
  case follows
  // Of a request's first entry.
  case digest, answer

  /// What is read of an entry.
  static let read = memberID...follows
  /// What is read of an entry and of its request.
  static let readWithRequest = memberID...answer
}

/// An entry as it is stored.
struct EntryRow: Sendable, Hashable {
  var member: UUID
  var requestID: UUID
  /// Its place in the request.
  var number: Int16
  var entry: RecordedRequest.Entry
}

extension EntryRow {
  /// Reads an entry.
  ///
  /// - Parameters:
  ///   - row: Has ``EntryColumn/read``.
  ///   - first: Where the first of the columns is in the row.
  init(_ row: Row, at first: Int = 0) throws {
    let column = ColumnReader(row, EntryColumn.read, at: first)
    let posting = Posting(
      type: try column(.entryType),
      from: try column(.fromAccount),
      to: try column(.toAccount),
      amount: try column(.amount),
      available: try column(.available),
      lots: try [Lot](numbers: try column(.lots, as: [Int64]?.self) ?? []),
      reference: try column(.reference)
    )
    self.init(
      member: try column(.memberID),
      requestID: try column(.requestID),
      number: try column(.posting),
      entry: RecordedRequest.Entry(
        asset: AssetID(rawValue: try column(.asset)),
        posting: posting,
        sequence: try column(.sequence),
        follows: try column(.follows)
      )
    )
  }
}

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

  /// - Parameter encodedAnswers: Of the requests that have an answer of their own, in their order.
  init(_ requests: [NewRequest], encodedAnswers: [[UInt8]]) {
    reserve(requests.reduce(0) { $0 + $1.recorded.entries.count })
    var nextAnswer = encodedAnswers.makeIterator()
    for request in requests {
      let lane = Lane(member: request.member).number
      let answer = request.recorded.answer == nil ? nil : nextAnswer.next()
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
        answers.append(number == 0 ? answer : nil)
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

  /// Appends a query that gives the entries back as rows; a sequence is the place in the lane among those of the batch.
  func appendRows(to statement: inout SQL) {
    statement += "SELECT "
    for column in EntryColumn.allCases {
      append(column, to: &statement)
      statement += " AS \(raw: column.name)\(raw: column == .answer ? "" : ", ")"
    }
    statement += " FROM \(numbersTo: lanes.count)"
  }

  /// Appends what a column is in the numbered row. What all entries lack is not sent.
  private func append(_ column: EntryColumn, to statement: inout SQL) {
    switch column {
    case .lane: statement += "\(item: lanes)"
    case .memberID: statement += "\(item: members)"
    case .requestID: statement += "\(item: requestIDs)"
    case .posting: statement += "\(item: postings)"
    case .entryType: statement += "\(item: types)"
    case .asset: statement += "\(item: assets)"
    case .fromAccount: statement += "\(item: fromAccounts)"
    case .toAccount: statement += "\(item: toAccounts)"
    case .amount: statement += "\(item: amounts)"
    case .available: statement += "\(item: available)"
    case .sequence: statement += "\(item: places)"
    case .reference: statement += references.contains { $0 != nil } ? "\(item: references)" : "NULL::uuid"
    case .lots: statement += "nullif(\(lots.item), '{}')"
    case .follows: statement += "\(item: followed)"
    case .digest: statement += "nullif(\(digests.item), ''::bytea)"
    case .answer: statement += answers.contains { $0 != nil } ? "\(item: answers)" : "NULL::bytea"
    }
  }
}

extension PostingType: PostgresCodable, PostgresArrayElement {}
extension PostingAccount: PostgresCodable, PostgresArrayElement {}
