import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules about enums and their values.
enum EnumRules {
  static func check(_ enumeration: EnumDescriptor, _ report: inout Report) {
    let file: FileDescriptor = enumeration.file
    if !Names.isPascal(enumeration.name) {
      report.add(.enumPascalCase, file, enumeration, "enum \(enumeration.name) must be PascalCase")
    }
    if enumeration.options.allowAlias {
      report.add(.enumNoAllowAlias, file, enumeration, "enum \(enumeration.name) must not have two names for a number")
    }
    report.requireComment(file, enumeration, "enum \(enumeration.fullName)")
    let prefix = Names.upperSnake(enumeration.name)
    for value in enumeration.values {
      if !Names.isUpperSnake(value.name) {
        report.add(.enumValueUpperSnakeCase, file, value, "enum value \(value.name) must be UPPER_SNAKE_CASE")
      }
      if !value.name.hasPrefix("\(prefix)_") {
        report.add(.enumValuePrefix, file, value, "enum value \(value.name) must start with \(prefix)_")
      }
      if value.number == 0, !value.name.hasSuffix("_UNSPECIFIED") {
        report.add(.enumZeroValueSuffix, file, value, "enum value \(value.name) is 0 and must end in _UNSPECIFIED")
      }
      report.requireComment(file, value, "enum value \(value.name)")
    }
  }
}
