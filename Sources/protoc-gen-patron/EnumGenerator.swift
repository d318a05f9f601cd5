import SwiftProtobufPluginLibrary

/// Writes one enum type.
struct EnumGenerator {
  private let enumeration: EnumDescriptor

  init(_ enumeration: EnumDescriptor) {
    self.enumeration = enumeration
  }

  private var name: String { SwiftNames.type(enumeration.name) }

  /// The first value of each number.
  private var valuesWithoutAliases: [EnumValueDescriptor] {
    var numbers: Set<Int32> = []
    return enumeration.values.filter { numbers.insert($0.number).inserted }
  }

  /// The values without those whose Swift name an earlier one has; only an alias can be such a value.
  private var valuesWithOwnNames: [EnumValueDescriptor] {
    var names: Set<String> = []
    return enumeration.values.filter { names.insert(SwiftNames.enumValue($0)).inserted }
  }

  func print(to printer: inout CodePrinter) {
    printer.print("public struct \(name): OpenEnum {")
    printer.indent()
    printer.print(
      "public let rawValue: Int32",
      "",
      "@inlinable",
      "public init(rawValue: Int32) {",
      "  self.rawValue = rawValue",
      "}"
    )
    printer.print()
    for value in valuesWithOwnNames {
      printer.print(
        "@inlinable public static var \(SwiftNames.enumValue(value)): Self { Self(rawValue: \(value.number)) }"
      )
    }
    printKnownValues(to: &printer)
    printer.outdent()
    printer.print("}")
  }

  private func printKnownValues(to printer: inout CodePrinter) {
    let values = valuesWithoutAliases
    let members = values.map { ".\(SwiftNames.enumValue($0))" }.joined(separator: ", ")
    printer.print("", "public static var allKnownValues: [Self] { [\(members)] }", "", "public var name: String? {")
    printer.indent()
    printer.print("switch rawValue {")
    for value in values { printer.print("case \(value.number): \"\(value.name)\"") }
    printer.print("default: nil", "}")
    printer.outdent()
    printer.print("}")
  }
}
