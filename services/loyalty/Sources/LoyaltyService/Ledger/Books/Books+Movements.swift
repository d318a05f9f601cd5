import Basics
import Foundation

// What moves in members' accounts without a receipt.
extension Books {
  mutating func open(_ request: LedgerRequest) throws -> RecordedAnswer {
    let key = AccountKey(member: request.member, asset: .points)
    var account = accounts[key] ?? .new(at: time.now)
    try account.checkSound()
    let postings = account.holding.settle(at: time)
    let answer = RecordedAnswer.opened(AccountSummary(account))
    write(request, [(key, account, postings)], answer: answer)
    return answer
  }

  mutating func move(_ request: LedgerRequest, _ movement: Movement) throws -> RecordedRequest {
    let key = AccountKey(member: request.member, asset: movement.asset)
    var (account, postings) = try settled(key)
    let moved = try movement.apply(to: &account.holding, id: request.id, at: time)
    postings += moved
    if let adjustment = movement.adjustment, let posting = moved.first {
      changes.add(
        NewAdjustment(
          requestID: request.id,
          member: request.member,
          asset: movement.asset,
          amount: posting.to.isMembers ? posting.amount : -posting.amount,
          adjustment: adjustment,
          recordedAt: Date(time.now)
        )
      )
    }
    return write(request, [(key, account, postings)])
  }

  mutating func transfer(_ request: LedgerRequest, _ transfer: Transfer) throws -> RecordedRequest {
    // Both members' entries have the request's id, so it must be new to both.
    if let other = requests[RequestKey(member: transfer.to, requestID: request.id)] {
      if other.digest == request.digest { throw TornSnapshot() }
      throw BooksRefusal.requestIDReused(first: other.digest)
    }
    let from = AccountKey(member: request.member, asset: transfer.asset)
    let to = AccountKey(member: transfer.to, asset: transfer.asset)
    var (giver, given) = try settled(from)
    var (receiver, received) = try settled(to)
    let amount = transfer.amount ?? giver.holding.available
    guard amount > 0 else { throw LedgerRefusal.insufficient(available: giver.holding.available, needed: 1) }
    let out = try giver.holding.spend(amount, to: .transfer, type: .transferOut)
    given += out
    received += try receiver.holding.receive(out[0].lots)
    let recorded = write(request, [(from, giver, given)])
    write(request.id, request.digest, [(to, receiver, received)])
    return recorded
  }

  mutating func settle(_ request: LedgerRequest, _ asset: AssetID) throws {
    let key = AccountKey(member: request.member, asset: asset)
    let (account, postings) = try settled(key)
    if !postings.isEmpty { write(request, [(key, account, postings)]) }
  }
}
