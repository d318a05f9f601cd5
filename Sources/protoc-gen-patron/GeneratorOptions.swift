import SwiftProtobufPluginLibrary

/// What the plugin's parameter says, such as `emit=swift,module=PatronAPI,c_module=CPatronAPI`.
struct GeneratorOptions {
  /// The two languages the plugin writes.
  enum Language: String {
    /// Swift messages, clients and service protocols.
    case swift
    /// The C header that Swift imports and the embedded descriptor set.
    case c
  }

  /// A parameter that makes no sense.
  struct InvalidOption: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var language = Language.swift
  /// The Swift module that is written.
  private(set) var module = ""
  /// The C module below it, with the code of protoc-c.
  private(set) var cModule = ""
  /// Another generated Swift module, which has the imported files that are not generated now.
  private(set) var importedModule: String?

  /// The static member that stands for the module: `PatronAPI` becomes `patronAPI`.
  var moduleMember: String { module.prefix(1).lowercased() + module.dropFirst() }

  init(_ parameter: any CodeGeneratorParameter) throws {
    for (key, value) in parameter.parsedPairs {
      switch key {
      case "emit":
        guard let language = Language(rawValue: value) else {
          throw InvalidOption(description: "emit must be swift or c, not \(value)")
        }
        self.language = language
      case "module": module = value
      case "c_module": cModule = value
      case "import": importedModule = value
      default: throw InvalidOption(description: "unknown option \(key)")
      }
    }
    guard !module.isEmpty, !cModule.isEmpty else {
      throw InvalidOption(description: "module and c_module must be given")
    }
  }
}
