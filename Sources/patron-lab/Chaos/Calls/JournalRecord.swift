import Basics
import Foundation
import LocalSuite
import ServiceKit

/// One thing that a caller wrote down.
struct JournalRecord: Hashable, Sendable {
  /// What happened.
  enum Event: UInt8, Hashable, Sendable {
    /// The call is about to be sent; `bytes` is the request.
    case asked = 1
    /// It was answered with `bytes`.
    case answered = 2
    /// It was refused for good; `bytes` is the reason.
    case refused = 3
    /// It was answered as it never may be; `bytes` says how.
    case wronged = 4
  }

  var event: Event
  var method: LedgerCall.Method
  var id: UUID
  var member: UUID
  var bytes: [UInt8]

  /// Event, method, both ids, and the length of what follows.
  static let headerBytes = 1 + 1 + 16 + 16 + 4

  init(_ event: Event, _ call: LedgerCall, _ bytes: [UInt8]) {
    self.event = event
    method = call.method
    id = call.id
    member = call.member
    self.bytes = bytes
  }

  /// As it is in the file.
  var encoded: [UInt8] {
    var record = [event.rawValue, method.rawValue]
    for id in [id, member] { withUnsafeBytes(of: id.uuid) { record.append(contentsOf: $0) } }
    withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { record.append(contentsOf: $0) }
    return record + bytes
  }

  /// Reads the record at the beginning of `data`; nil if it is not all there, because its writer was killed.
  ///
  /// - Returns: The record, and how many bytes it takes.
  static func first(of data: ArraySlice<UInt8>) throws -> (record: JournalRecord, byteCount: Int)? {
    let start = data.startIndex
    guard data.count >= headerBytes else { return nil }
    func word(_ place: Int, _ size: Int) -> UInt64 {
      data[(start + place)..<(start + place + size)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard let event = Event(rawValue: data[start]), let method = LedgerCall.Method(rawValue: data[start + 1]) else {
      throw SuiteError("The journal of a caller is damaged.")
    }
    let size = headerBytes + Int(word(34, 4))
    guard data.count >= size else { return nil }
    let call = LedgerCall(
      method: method,
      id: UUID(high: word(2, 8), low: word(10, 8)),
      member: UUID(high: word(18, 8), low: word(26, 8)),
      request: []
    )
    return (JournalRecord(event, call, Array(data[(start + headerBytes)..<(start + size)])), size)
  }
}
