import SwiftProtobufPluginLibrary

/// What the plugin's parameter sets, such as
/// `emit=swift,module=MembersProto,c_module=CMembersProto,import=google/:CommonProto,import=patron/common/:CommonProto`.
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
  /// The other generated modules, each with what the names of its proto files begin with.
  private var imports: [(prefix: String, module: String)] = []

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
      case "import":
        let parts = value.split(separator: ":").map(String.init)
        guard parts.count == 2 else {
          throw InvalidOption(description: "import must be PREFIX:MODULE, not \(value)")
        }
        imports.append((prefix: parts[0], module: parts[1]))
      default: throw InvalidOption(description: "unknown option \(key)")
      }
    }
    guard !module.isEmpty, !cModule.isEmpty else {
      throw InvalidOption(description: "module and c_module must be given")
    }
  }

  /// The static member that stands for the module: `MembersProto` becomes `membersProto`, `GRPCProto` `grpcProto`.
  var moduleMember: String {
    let capitals = module.prefix { $0.isUppercase }.count
    let lowered = capitals == 1 || capitals == module.count ? capitals : capitals - 1
    return module.prefix(lowered).lowercased() + module.dropFirst(lowered)
  }

  /// Returns the generated module that an imported proto file belongs to.
  ///
  /// - Throws: ``InvalidOption`` if no `import` names one.
  func module(ofImported file: FileDescriptor) throws -> String {
    guard let found = imports.first(where: { file.name.hasPrefix($0.prefix) }) else {
      throw InvalidOption(description: "\(file.name) is imported, and no import= names its module")
    }
    return found.module
  }
}
