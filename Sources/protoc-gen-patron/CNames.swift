import SwiftProtobufPluginLibrary

/// The names protoc-c gives to what it generates.
enum CNames {
  /// A structure or enum: `patron.members.v1.Member` becomes `Patron__Members__V1__Member`.
  static func type(_ fullName: String) -> String {
    fullName.split(separator: ".").map { camel(String($0)) }.joined(separator: "__")
  }

  /// The stem of a type's functions: `patron.members.v1.LineItem` becomes `patron__members__v1__line_item`.
  static func stem(_ fullName: String) -> String {
    fullName.split(separator: ".").map { snake(String($0)) }.joined(separator: "__")
  }

  /// The function that gives the address of a message's descriptor. ``CModuleGenerator`` writes it: the address of an
  /// imported C constant is not stable in Swift.
  static func typeFunction(_ fullName: String) -> String {
    "\(stem(fullName))__type"
  }

  /// A member of a structure. ``DescriptorPreparation`` gives fields these names before protoc-c sees them.
  static func field(_ name: String) -> String {
    let lowered = name.lowercased()
    return reserved.contains(lowered) ? "\(lowered)_" : lowered
  }

  /// The member that says which field of a oneof is set.
  static func oneofCase(_ name: String) -> String {
    "\(snake(name))_case"
  }

  /// The oneof that stands for the presence of an `optional` field.
  static func optionalOneof(_ fieldName: String) -> String {
    "optional_\(fieldName.lowercased())"
  }

  private static func camel(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Puts an underscore between a lower-case and an upper-case letter, as protoc-c does.
  static func snake(_ name: String) -> String {
    var result = ""
    var followsUpperCase = true
    for character in name {
      if character.isUppercase, !followsUpperCase { result += "_" }
      result += character.lowercased()
      followsUpperCase = character.isUppercase
    }
    return result
  }

  /// Keywords of C and C++, names that compilers predefine, the member every structure starts with, and members that
  /// Swift cannot name.
  private static let reserved: Set = [
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "base", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "class", "compl", "const", "const_cast", "continue", "decltype", "default", "delete", "do", "double",
    "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if",
    "init",
    "inline", "int", "linux", "long", "mutable", "namespace", "new", "not", "not_eq", "nullptr", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "restrict", "return", "self", "short",
    "signed", "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unix", "unsigned", "using", "virtual", "void",
    "volatile", "wchar_t", "while", "xor", "xor_eq",
  ]
}
