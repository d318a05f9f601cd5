import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How one value of a field is written in Swift and in C, and how it gets from one to the other.
struct FieldType {
  private let field: FieldDescriptor

  init(_ field: FieldDescriptor) {
    self.field = field
  }

  var isMessage: Bool { field.type == .message }

  /// The Swift type of one value.
  var swift: String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .enum: SwiftNames.qualified(field.enumType)
    case .message, .group: SwiftNames.qualified(field.messageType)
    }
  }

  /// The C type of an enum or message.
  var c: String {
    field.type == .enum ? CNames.type(field.enumType.fullName) : CNames.type(field.messageType.fullName)
  }

  /// What a value is when it is not on the wire.
  var defaultValue: String {
    switch field.type {
    case .bool: "false"
    case .string: "\"\""
    case .bytes: "[]"
    case .enum: "\(swift)(rawValue: 0)"
    case .message, .group: "\(swift)()"
    default: "0"
    }
  }

  /// Whether copying a value can fail.
  var copyingThrows: Bool { field.type == .string || field.type == .message }

  /// A Swift expression that copies the value of a C expression; for a message its result is an Optional.
  func copying(_ c: String) -> String {
    switch field.type {
    case .bool: "\(c) != 0"
    case .string: "String(copying: \(c), field: \"\(field.fullName)\")"
    case .bytes: "[UInt8](copying: \(c))"
    case .enum: "\(swift)(copying: \(c))"
    case .message, .group: "\(swift)?(copying: \(c))"
    default: c
    }
  }

  /// A Swift statement that puts a value into a C member.
  func building(_ c: String, from value: String) -> String {
    switch field.type {
    case .bool: "\(c) = \(value) ? 1 : 0"
    case .string, .bytes: "\(c) = try arena.copy(\(value))"
    case .enum: "\(c).rawValue = .init(truncatingIfNeeded: \(value).rawValue)"
    case .message, .group: "\(c) = try \(value).build(in: arena).assumingMemoryBound(to: \(self.c).self)"
    default: "\(c) = \(value)"
    }
  }

  /// The call that copies a C array.
  func copyingArray(_ c: String, count: String) -> String {
    field.type == .string
      ? "try [String](copying: \(c), count: \(count), field: \"\(field.fullName)\")"
      : "\(field.type == .message ? "try " : "")[\(swift)](copying: \(c), count: \(count))"
  }

  /// The call that makes a C array.
  func buildingArray(from values: String) -> String {
    switch field.type {
    case .bool, .string, .bytes: "try arena.copy(\(values))"
    case .enum: "try arena.copy(\(values), as: \(c).self)"
    case .message, .group: "try arena.build(\(values), as: \(c).self)"
    default: "try arena.copy(numbers: \(values))"
    }
  }
}
