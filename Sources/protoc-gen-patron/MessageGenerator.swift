import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes one message type with the types nested in it.
struct MessageGenerator {
  private let message: Descriptor
  private let options: GeneratorOptions
  private let oneofs: [OneofGenerator]
  /// Fields and oneofs in the order of the proto file; a oneof stands where its first field does.
  private let properties: [any PropertyGenerator]

  init(_ message: Descriptor, options: GeneratorOptions) {
    self.message = message
    self.options = options
    oneofs = message.realOneofs.map { OneofGenerator($0) }
    properties = message.fields.compactMap { field in
      guard let oneof = field.realContainingOneof else { return FieldGenerator(field) }
      return oneof.fields.first === field ? OneofGenerator(oneof) : nil
    }
  }

  private var name: String { SwiftNames.type(message.name) }
  private var cType: String { CNames.type(message.fullName) }

  /// The protocols that give hand-written conversions to well-known types.
  private var protocolName: String {
    switch message.fullName {
    case "google.protobuf.Timestamp": "TimestampMessage"
    case "google.protobuf.Duration": "DurationMessage"
    default: "Message"
    }
  }

  func print(to printer: inout CodePrinter) {
    printer.print("public struct \(name): \(protocolName) {")
    printer.indent()
    printNestedTypes(to: &printer)
    for property in properties { property.printDeclaration(to: &printer) }
    printer.print("public var unknownFields: UnknownFields")
    printInitializer(to: &printer)
    printMessageType(to: &printer)
    printCopying(to: &printer)
    printBuilding(to: &printer)
    printer.outdent()
    printer.print("}")
  }

  private func printNestedTypes(to printer: inout CodePrinter) {
    for enumeration in message.enums {
      EnumGenerator(enumeration).print(to: &printer)
      printer.print()
    }
    for nested in message.messages where !nested.options.mapEntry {
      MessageGenerator(nested, options: options).print(to: &printer)
      printer.print()
    }
    for oneof in oneofs {
      oneof.printType(to: &printer)
      printer.print()
    }
  }

  /// Writes the initializer, which gives every field that is left out its default.
  private func printInitializer(to printer: inout CodePrinter) {
    printer.print("")
    if properties.isEmpty {
      printer.print("public init() {")
    } else {
      printer.print("public init(")
      for (index, property) in properties.enumerated() {
        let comma = index == properties.count - 1 ? "" : ","
        printer.print("  \(property.name): \(property.type) = \(property.defaultValue)\(comma)")
      }
      printer.print(") {")
    }
    printer.indent()
    for property in properties { property.printAssignment(of: property.name, to: &printer) }
    printer.print("self.unknownFields = UnknownFields()")
    printer.outdent()
    printer.print("}")
  }

  private func printMessageType(to printer: inout CodePrinter) {
    printer.print(
      "",
      "public static var messageType: MessageType {",
      "  MessageType(fullName: \"\(message.fullName)\", descriptor: \(CNames.typeFunction(message.fullName))())",
      "}",
      "",
      "public static var types: TypeRegistry { .\(options.moduleMember) }"
    )
  }

  private func printCopying(to printer: inout CodePrinter) {
    printer.print("", "public init(copying c: UnsafeRawPointer) throws(MessageError) {")
    printer.indent()
    printer.print("let c = c.assumingMemoryBound(to: \(cType).self)")
    for property in properties { property.printCopying(to: &printer) }
    printer.print("self.unknownFields = UnknownFields(copying: c.pointee.base)")
    printer.outdent()
    printer.print("}")
  }

  private func printBuilding(to printer: inout CodePrinter) {
    let isRecursive = MessageGraph.isRecursive(message)
    printer.print("", "public func build(in arena: Arena) throws(MessageError) -> UnsafeMutableRawPointer {")
    printer.indent()
    if isRecursive {
      printer.print("try arena.nested(Self.messageType) { () throws(MessageError) in")
      printer.indent()
    }
    printer.print(
      "let c = try arena.allocate(\(cType).self)",
      "\(CNames.stem(message.fullName))__init(c)"
    )
    for property in properties { property.printBuilding(to: &printer) }
    printer.print(
      "try self.unknownFields.build(into: &c.pointee.base, arena: arena)",
      "return UnsafeMutableRawPointer(c)"
    )
    if isRecursive {
      printer.outdent()
      printer.print("}")
    }
    printer.outdent()
    printer.print("}")
  }
}
