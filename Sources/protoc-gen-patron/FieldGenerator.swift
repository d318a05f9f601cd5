import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes what one property of a message needs: its declaration, and its way from and to C.
protocol PropertyGenerator {
  /// The name of the property.
  var name: String { get }
  /// Its type.
  var type: String { get }
  /// Its default.
  var defaultValue: String { get }
  /// The property, and the stored one behind it when it is boxed.
  func printDeclaration(to printer: inout CodePrinter)
  /// The statement that sets it in an initializer.
  func printAssignment(of value: String, to printer: inout CodePrinter)
  /// The statements that copy it from `c.pointee`.
  func printCopying(to printer: inout CodePrinter)
  /// The statements that put it into `c.pointee`.
  func printBuilding(to printer: inout CodePrinter)
}

/// A field that is not in a oneof.
struct FieldGenerator: PropertyGenerator {
  private let field: FieldDescriptor
  private let element: FieldType
  private let isIndirect: Bool

  init(_ field: FieldDescriptor) {
    self.field = field
    element = FieldType(field)
    isIndirect = MessageGraph.mustBeIndirect(field)
  }

  var name: String { SwiftNames.property(field.name) }

  var type: String {
    if let (key, value) = field.isMap ? field.messageType.mapKeyAndValue : nil {
      return "[\(FieldType(key).swift): \(FieldType(value).swift)]"
    }
    if field.isRepeated { return "[\(element.swift)]" }
    return isOptional ? "\(element.swift)?" : element.swift
  }

  var defaultValue: String {
    if field.isMap { return "[:]" }
    if field.isRepeated { return "[]" }
    return isOptional ? "nil" : element.defaultValue
  }

  private var isOptional: Bool { element.isMessage || hasOptionalKeyword }

  /// Whether the proto says `optional`: protoc puts such a field into a oneof that is not in the file.
  private var hasOptionalKeyword: Bool { field.oneofIndex != nil && field.realContainingOneof == nil }

  private var c: String { "c.pointee.\(CNames.field(field.name))" }

  private var count: String { "c.pointee.n_\(CNames.field(field.name))" }

  private var presence: String { "c.pointee.\(CNames.oneofCase(CNames.optionalOneof(field.name))).rawValue" }

  /// The stored property behind a boxed one.
  private var storage: String { "\(SwiftNames.lowerCamel(field.name))Storage" }

  func printDeclaration(to printer: inout CodePrinter) {
    guard isIndirect else {
      printer.print("public var \(name): \(type)")
      return
    }
    printer.print(
      "public var \(name): \(type) {",
      "  get { \(storage)?.value }",
      "  set { \(storage) = newValue.map { Indirect($0) } }",
      "}",
      "",
      "private var \(storage): Indirect<\(element.swift)>?"
    )
  }

  func printAssignment(of value: String, to printer: inout CodePrinter) {
    if isIndirect {
      printer.print("self.\(storage) = \(value).map { Indirect($0) }")
    } else {
      printer.print("self.\(name) = \(value)")
    }
  }

  func printCopying(to printer: inout CodePrinter) {
    if field.isMap {
      printCopyingMap(to: &printer)
    } else if field.isRepeated {
      printAssignment(of: element.copyingArray(c, count: count), to: &printer)
    } else if element.isMessage {
      let copied = "try \(element.copying(c))"
      printAssignment(of: isIndirect ? "(\(copied))" : copied, to: &printer)
    } else if hasOptionalKeyword {
      let attempt = element.copyingThrows ? "try " : ""
      printer.print("self.\(name) = \(attempt)\(presence) == \(field.number) ? \(element.copying(c)) : nil")
    } else {
      printer.print("self.\(name) = \(element.copyingThrows ? "try " : "")\(element.copying(c))")
    }
  }

  func printBuilding(to printer: inout CodePrinter) {
    if field.isMap {
      printBuildingMap(to: &printer)
    } else if field.isRepeated {
      printer.print(
        "\(count) = self.\(name).count",
        "\(c) = \(element.buildingArray(from: "self.\(name)"))"
      )
    } else if isOptional {
      printer.print("if let value = self.\(name) {")
      printer.indent()
      if !element.isMessage { printer.print("\(presence) = \(field.number)") }
      printer.print(element.building(c, from: "value"))
      printer.outdent()
      printer.print("}")
    } else {
      printer.print(element.building(c, from: "self.\(name)"))
    }
  }

  private func printCopyingMap(to printer: inout CodePrinter) {
    guard let (key, value) = field.messageType.mapKeyAndValue else { return }
    let keyType = FieldType(key)
    let valueType = FieldType(value)
    let keyCopy = (keyType.copyingThrows ? "try " : "") + keyType.copying("entry.pointee.key")
    let valueCopy =
      valueType.isMessage
      ? "try \(valueType.copying("entry.pointee.value")) ?? \(valueType.defaultValue)"
      : (valueType.copyingThrows ? "try " : "") + valueType.copying("entry.pointee.value")
    printer.print(
      "self.\(name) = try \(type)(copying: \(c), count: \(count)) { entry throws(MessageError) in",
      "  (\(keyCopy), \(valueCopy))",
      "}"
    )
  }

  private func printBuildingMap(to printer: inout CodePrinter) {
    guard let (key, value) = field.messageType.mapKeyAndValue else { return }
    let order = key.type == .bool ? "{ !$0 && $1 }" : "{ $0 < $1 }"
    printer.print(
      "\(count) = self.\(name).count",
      "\(c) = try arena.build(self.\(name), orderedBy: \(order), as: \(element.c).self) {"
        + " (entry, key, value) throws(MessageError) in",
      "  \(CNames.stem(field.messageType.fullName))__init(entry)",
      "  \(FieldType(key).building("entry.pointee.key", from: "key"))",
      "  \(FieldType(value).building("entry.pointee.value", from: "value"))",
      "}"
    )
  }
}
