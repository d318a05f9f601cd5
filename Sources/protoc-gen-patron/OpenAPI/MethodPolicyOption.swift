import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The option `patron.access.v1.policy` of a method, read from its bytes: the generator knows no generated code.
struct MethodPolicyOption {
  private(set) var isExposed = false
  private(set) var errors: [String] = []

  init(_ method: MethodDescriptor) {
    for (number, field) in Self.fields(Array(method.options.unknownFields.data)) where number == 50001 {
      guard case .bytes(let policy) = field else { continue }
      for (number, field) in Self.fields(policy) {
        switch (number, field) {
        case (1, .varint(let value)): isExposed = value != 0
        case (4, .bytes(let name)): errors.append(String(decoding: name, as: UTF8.self))
        default: break
        }
      }
    }
  }

  private enum Value {
    case varint(UInt64)
    case bytes([UInt8])
  }

  /// The fields of an encoded message. Others than varints and bytes do not occur in it.
  private static func fields(_ bytes: [UInt8]) -> [(number: UInt64, value: Value)] {
    var rest = bytes[...]
    var fields: [(number: UInt64, value: Value)] = []
    while let key = varint(&rest) {
      switch key & 7 {
      case 0: if let value = varint(&rest) { fields.append((number: key >> 3, value: .varint(value))) }
      case 2:
        guard let count = varint(&rest), count <= rest.count else { return fields }
        fields.append((number: key >> 3, value: .bytes(Array(rest.prefix(Int(count))))))
        rest = rest.dropFirst(Int(count))
      default: return fields
      }
    }
    return fields
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
