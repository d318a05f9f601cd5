import SwiftProtobufPluginLibrary

/// A oneof: an enum with a case for each field, and a property that is nil when none is set.
struct OneofGenerator: PropertyGenerator {
  private let oneof: OneofDescriptor

  init(_ oneof: OneofDescriptor) {
    self.oneof = oneof
  }

  var name: String { SwiftNames.property(oneof.name) }
  var type: String { "\(typeName)?" }
  var defaultValue: String { "nil" }

  private var typeName: String { SwiftNames.oneof(oneof.name) }
  private var presence: String { "c.pointee.\(CNames.oneofCase(oneof.name)).rawValue" }

  func printDeclaration(to printer: inout CodePrinter) {
    printer.print("public var \(name): \(type)")
  }

  /// Writes the enum.
  func printType(to printer: inout CodePrinter) {
    printer.print("public enum \(typeName): Sendable, Hashable {")
    printer.indent()
    for field in oneof.fields {
      let modifier = MessageGraph.mustBeIndirect(field) ? "indirect " : ""
      printer.print("\(modifier)case \(SwiftNames.property(field.name))(\(FieldType(field).swift))")
    }
    printer.outdent()
    printer.print("}")
  }

  func printAssignment(of value: String, to printer: inout CodePrinter) {
    printer.print("self.\(name) = \(value)")
  }

  func printCopying(to printer: inout CodePrinter) {
    printer.print("switch \(presence) {")
    for field in oneof.fields {
      printer.print("case \(field.number): self.\(name) = \(copying(field))")
    }
    printer.print("default: self.\(name) = nil", "}")
  }

  private func copying(_ field: FieldDescriptor) -> String {
    let type = FieldType(field)
    let copy = type.copying("c.pointee.\(CNames.field(field.name))")
    let name = SwiftNames.property(field.name)
    if type.isMessage { return "(try \(copy)).map { .\(name)($0) }" }
    return ".\(name)(\(type.copyingThrows ? "try " : "")\(copy))"
  }

  func printBuilding(to printer: inout CodePrinter) {
    printer.print("switch self.\(name) {")
    for field in oneof.fields {
      printer.print("case .\(SwiftNames.property(field.name))(let value):")
      printer.printIndented(
        "\(presence) = \(field.number)",
        FieldType(field).building("c.pointee.\(CNames.field(field.name))", from: "value")
      )
    }
    printer.print("case nil: break", "}")
  }
}
