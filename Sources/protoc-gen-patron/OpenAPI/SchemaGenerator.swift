import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Makes the schemas of messages and enums, along the proto3 JSON mapping.
struct SchemaGenerator {
  /// Those that were asked for, by their full names, and what they refer to.
  private var schemas: [String: JSONNode] = [:]

  /// The schemas by name.
  var sorted: [(String, JSONNode)] { schemas.sorted { $0.key < $1.key } }

  /// Returns a reference to the schema of a message, and makes it unless it is there.
  mutating func reference(to message: Descriptor) -> JSONNode {
    if let known = WellKnownSchema.schema(of: message.fullName) { return known }
    if schemas[message.fullName] == nil {
      // Messages may refer to themselves.
      schemas[message.fullName] = .object([])
      schemas[message.fullName] = schema(of: message)
    }
    return .reference("schemas", message.fullName)
  }

  private mutating func reference(to enumeration: EnumDescriptor) -> JSONNode {
    if schemas[enumeration.fullName] == nil { schemas[enumeration.fullName] = schema(of: enumeration) }
    return .reference("schemas", enumeration.fullName)
  }

  private mutating func schema(of message: Descriptor) -> JSONNode {
    var text = message.commentText
    for oneof in message.realOneofs {
      let names = oneof.fields.map { "`\(JSONName.of($0))`" }.joined(separator: ", ")
      let comment = oneof.commentText
      text += "\n\nAt most one of \(names) is given" + (comment.isEmpty ? "." : ": \(comment)")
    }
    let properties = message.fields.map { field in (JSONName.of(field), schema(of: field)) }
    let oneofs = message.realOneofs.map { JSONNode.texts($0.fields.map(JSONName.of)) }
    return .members([
      ("type", .text("object")), ("title", .text(message.name)), ("description", .text(text)),
      ("properties", .object(properties)), ("additionalProperties", .bool(false)),
      ("x-patron-oneofs", oneofs.isEmpty ? nil : .list(oneofs)),
    ])
  }

  private func schema(of enumeration: EnumDescriptor) -> JSONNode {
    let values = enumeration.values.map { ($0.name, $0.commentText) }
    let lines = values.map { "- `\($0)`: \($1)" }.joined(separator: "\n")
    return .object([
      ("type", .text("string")), ("title", .text(enumeration.name)),
      ("description", .text("\(enumeration.commentText)\n\n\(lines)")), ("enum", .texts(values.map(\.0))),
      ("x-enum-descriptions", .object(values.map { ($0, .text($1)) })),
    ])
  }

  private mutating func schema(of field: FieldDescriptor) -> JSONNode {
    var schema: JSONNode
    if let (_, value) = field.isMap ? field.messageType.mapKeyAndValue : nil {
      schema = .object([("type", .text("object")), ("additionalProperties", element(of: value))])
    } else if field.isRepeated {
      schema = .object([("type", .text("array")), ("items", element(of: field))])
    } else {
      schema = element(of: field)
    }
    let comment = field.commentText
    return comment.isEmpty ? schema : schema.adding("description", .text(comment))
  }

  private mutating func element(of field: FieldDescriptor) -> JSONNode {
    switch field.type {
    case .message, .group: reference(to: field.messageType)
    case .enum: reference(to: field.enumType)
    case .string: .object([("type", .text("string"))])
    case .bytes: .object([("type", .text("string")), ("contentEncoding", .text("base64"))])
    case .bool: .object([("type", .text("boolean"))])
    case .int32, .sint32, .sfixed32:
      Self.integer(Int(Int32.min)...Int(Int32.max))
    case .uint32, .fixed32: Self.integer(0...Int(UInt32.max))
    case .int64, .sint64, .sfixed64:
      .object([("type", .text("string")), ("format", .text("int64")), ("pattern", .text("^-?[0-9]{1,19}$"))])
    case .uint64, .fixed64:
      .object([("type", .text("string")), ("format", .text("uint64")), ("pattern", .text("^[0-9]{1,20}$"))])
    case .double, .float:
      .object([("type", .list([.text("number"), .text("string")])), ("format", .text("double"))])
    }
  }

  private static func integer(_ range: ClosedRange<Int>) -> JSONNode {
    .object([
      ("type", .text("integer")), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
    ])
  }
}

/// The names of fields in JSON.
enum JSONName {
  /// Returns a field's name, in camelCase.
  static func of(_ field: FieldDescriptor) -> String { field.jsonName ?? field.name }
}
