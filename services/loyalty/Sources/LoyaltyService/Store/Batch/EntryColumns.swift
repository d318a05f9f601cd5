import Foundation

/// The entries of new requests turned into columns, as `unnest` takes them.
struct EntryColumns {
  private(set) var lanes: [Int16] = []
  private(set) var members: [UUID] = []
  private(set) var requestIds: [UUID] = []
  private(set) var postings: [Int16] = []
  private(set) var types: [Int16] = []
  private(set) var assets: [Int16] = []
  private(set) var fromAccounts: [Int16] = []
  private(set) var toAccounts: [Int16] = []
  private(set) var amounts: [Int64] = []
  private(set) var available: [Int64] = []
  /// From 1 in each lane.
  private(set) var places: [Int64] = []
  private(set) var references: [UUID?] = []
  private(set) var followed: [UUID?] = []
  private(set) var lots = FlatLists()
  private(set) var digests: [[UInt8]?] = []
  private(set) var answers: [[UInt8]?] = []

  /// Whether any entry belongs to an order, a hold or a pending lot; columns that all lack are not sent.
  var haveReferences: Bool { references.contains { $0 != nil } }
  /// Whether any request has an answer that its entries do not say.
  var haveAnswers: Bool { answers.contains { $0 != nil } }

  init(_ requests: [NewRequest]) {
    reserve(requests.reduce(0) { $0 + $1.recorded.entries.count })
    for request in requests {
      let lane = Lane(member: request.member).number
      for (number, entry) in request.recorded.entries.enumerated() {
        lanes.append(lane)
        members.append(request.member)
        requestIds.append(request.id)
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
        digests.append(number == 0 ? request.recorded.digest : nil)
        answers.append(number == 0 ? request.recorded.answer : nil)
      }
    }
  }

  private mutating func reserve(_ count: Int) {
    lanes.reserveCapacity(count)
    members.reserveCapacity(count)
    requestIds.reserveCapacity(count)
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
    digests.reserveCapacity(count)
    answers.reserveCapacity(count)
    lots.reserve(count)
  }
}
