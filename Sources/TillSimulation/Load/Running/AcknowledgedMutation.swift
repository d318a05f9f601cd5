import Basics
import Foundation
import ServiceKit

/// A change of the ledger that a service acknowledged: what must be found there afterwards.
struct AcknowledgedMutation: Hashable, Sendable {
  /// What was changed.
  enum Kind: UInt8, Sendable {
    case order = 1
    case reversal = 2
    case storedValue = 3
  }

  var kind: Kind
  var requestID: UUID
  /// The order that was posted, or taken back; of a stored value, which has none, the request's id again.
  var orderID: UUID
  var memberNumber: Int
  /// How it changed what the member has, by the answer: points, or money in its smallest unit.
  var balanceChange: Int64

  /// The size of a record in the journal.
  static let recordBytes = 1 + 16 + 16 + 8 + 8

  /// Writes the record.
  func append(to bytes: inout [UInt8]) {
    bytes.append(kind.rawValue)
    withUnsafeBytes(of: requestID.uuid) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: orderID.uuid) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt64(memberNumber).bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: balanceChange.bigEndian) { bytes.append(contentsOf: $0) }
  }

  init(kind: Kind, requestID: UUID, orderID: UUID, memberNumber: Int, balanceChange: Int64) {
    self.kind = kind
    self.requestID = requestID
    self.orderID = orderID
    self.memberNumber = memberNumber
    self.balanceChange = balanceChange
  }

  /// Reads a record; nil if it is none.
  init?(_ record: Data) {
    let bytes = [UInt8](record)
    guard bytes.count == Self.recordBytes, let kind = Kind(rawValue: bytes[0]) else { return nil }
    func word(_ start: Int) -> UInt64 { bytes[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
    self.kind = kind
    requestID = UUID(high: word(1), low: word(9))
    orderID = UUID(high: word(17), low: word(25))
    memberNumber = Int(word(33))
    balanceChange = Int64(bitPattern: word(41))
  }
}
