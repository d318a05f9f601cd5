public import Basics
public import Foundation
import Messages
import Postgres
public import RPC

/// The key of the last row of a page: where the next page begins. Holds the values that the list is ordered by.
public struct PagePosition: Sendable, Hashable {
  /// One value of the key.
  public enum Value: Sendable, Hashable {
    /// A whole number, such as microseconds or a sequence number.
    case int64(Int64)
    /// An id.
    case uuid(UUID)
    /// A text.
    case text(String)
  }

  /// The values, in the order of the list's key.
  public let values: [Value]

  /// A position with these values.
  public init(_ values: [Value]) {
    self.values = values
  }

  /// The number at an index.
  ///
  /// - Throws: ``Mismatch`` when there is something else; the token is then from another version of the service.
  public func int64(_ index: Int) throws(Mismatch) -> Int64 {
    guard values.indices.contains(index), case .int64(let value) = values[index] else { throw Mismatch() }
    return value
  }

  /// The id at an index.
  public func uuid(_ index: Int) throws(Mismatch) -> UUID {
    guard values.indices.contains(index), case .uuid(let value) = values[index] else { throw Mismatch() }
    return value
  }

  /// The text at an index.
  public func text(_ index: Int) throws(Mismatch) -> String {
    guard values.indices.contains(index), case .text(let value) = values[index] else { throw Mismatch() }
    return value
  }

  /// The position does not fit the list.
  public struct Mismatch: Error, Hashable {}
}

extension PagePosition {
  /// The key of a list that goes by time and id.
  public init(_ time: Date, _ id: UUID) {
    self.init([.int64(time.unixMicroseconds), .uuid(id)])
  }

  /// Reads the key of a list that goes by time and id.
  ///
  /// - Parameter domain: The `ErrorInfo.domain` of the refusal.
  /// - Throws: `INVALID_ARGUMENT` with `PAGE_TOKEN_INVALID` when the token holds another key: it is then from another version
  ///   of the service.
  public func timeAndID(domain: String) throws(RPCError) -> (Instant, UUID) {
    do {
      return (Instant(rawValue: try int64(0)), try uuid(1))
    } catch {
      throw CommonReason.pageTokenInvalid.error(domain: domain, field: "page_token")
    }
  }
}

extension PagePosition {
  /// Type byte, then eight bytes, sixteen bytes, or a length and UTF-8; all big-endian.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for value in values {
      switch value {
      case .int64(let number):
        bytes.append(1)
        bytes.append(contentsOf: Self.bigEndian(UInt64(bitPattern: number)))
      case .uuid(let id):
        bytes.append(2)
        withUnsafeBytes(of: id.uuid) { bytes.append(contentsOf: $0) }
      case .text(let text):
        bytes.append(3)
        bytes.append(contentsOf: Self.bigEndian(UInt64(text.utf8.count)))
        bytes.append(contentsOf: text.utf8)
      }
    }
    return bytes
  }

  init?(bytes: ArraySlice<UInt8>) {
    var rest = bytes
    var values: [Value] = []
    while let type = rest.popFirst() {
      guard let value = Self.value(type, &rest) else { return nil }
      values.append(value)
    }
    self.values = values
  }

  private static func value(_ type: UInt8, _ rest: inout ArraySlice<UInt8>) -> Value? {
    guard let head = number(&rest) else { return nil }
    switch type {
    case 1: return .int64(Int64(bitPattern: head))
    case 2: return number(&rest).map { .uuid(UUID(high: head, low: $0)) }
    case 3:
      guard head <= UInt64(rest.count), let text = String(validating: rest.prefix(Int(head)), as: UTF8.self) else {
        return nil
      }
      rest.removeFirst(Int(head))
      return .text(text)
    default: return nil
    }
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    guard rest.count >= 8 else { return nil }
    defer { rest.removeFirst(8) }
    return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }
}
