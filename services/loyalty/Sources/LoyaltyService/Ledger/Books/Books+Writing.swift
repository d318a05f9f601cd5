import Basics
import Foundation
import ServiceKit

// What a request did, entered.
extension Books {
  /// An account with what was due done; its postings come before all others.
  func settled(_ key: AccountKey) throws -> (AccountRecord, [Posting]) {
    guard var account = accounts[key] else {
      guard key.asset != .points, accounts[AccountKey(member: key.member, asset: .points)] != nil else {
        throw BooksRefusal.accountMissing(member: key.member)
      }
      return (.new(at: time.now), [])
    }
    try account.checkSound()
    let postings = account.holding.settle(at: time)
    return (account, postings)
  }

  /// Enters what a request did. A request that moved nothing leaves an entry of amount 0: the register of request ids.
  @discardableResult
  mutating func write(
    _ request: LedgerRequest,
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: [UInt8]? = nil
  ) -> RecordedRequest {
    write(request.id, request.digest, movements, reference: reference, answer: answer)
  }

  /// Enters what a request did to one member's accounts; at least one.
  @discardableResult
  mutating func write(
    _ id: UUID,
    _ digest: [UInt8],
    _ movements: [(key: AccountKey, account: AccountRecord, postings: [Posting])],
    reference: UUID? = nil,
    answer: [UInt8]? = nil
  ) -> RecordedRequest {
    let member = movements[0].key.member
    let lane = Lane(member: member)
    var recorded = RecordedRequest(digest: digest, entries: [], answer: answer, base: nil)
    recorded.entries.reserveCapacity(movements.reduce(0) { $0 + max(1, $1.postings.count) })
    for (key, account, postings) in movements {
      var account = account
      account.updatedAt = time.now
      account.latestRequest = max(account.latestRequest, id.high)
      let follows = account.writtenBy
      account.writtenBy = id
      accounts[key] = account
      changes.touch(key, account)
      for posting in postings.isEmpty ? [.nothing(available: account.holding.available)] : postings {
        let sequence = changes.nextSequence(in: lane)
        recorded.entries.append(.init(asset: key.asset, posting: posting, sequence: sequence, follows: follows))
        rememberLapse(posting, of: key)
      }
    }
    requests[RequestKey(member: member, requestID: id)] = recorded
    changes.add(NewRequest(id: id, member: member, reference: reference, recorded: recorded))
    return recorded
  }
}
