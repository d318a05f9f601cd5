import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Which imports a file needs.
struct ImportUse {
  /// Names of the files whose declarations are used.
  private(set) var fileNames: Set<String> = []

  init(_ file: FileDescriptor) {
    for message in file.messages { add(message) }
    for service in file.services {
      for method in service.methods {
        fileNames.insert(method.inputType.file.name)
        fileNames.insert(method.outputType.file.name)
      }
    }
    for field in file.extensions { add(field) }
    addOptions(of: file)
  }

  private mutating func add(_ message: Descriptor) {
    for field in message.fields { add(field) }
    for field in message.extensions { add(field) }
    for nested in message.messages { add(nested) }
  }

  private mutating func add(_ field: FieldDescriptor) {
    if field.isExtension { fileNames.insert(field.containingType.file.name) }
    switch field.type {
    case .message, .group: fileNames.insert(field.messageType.file.name)
    case .enum: fileNames.insert(field.enumType.file.name)
    default: break
    }
  }

  /// Our own options are extensions, which are unknown fields here; a file that has any needs the imports that declare
  /// extensions.
  private mutating func addOptions(of file: FileDescriptor) {
    guard Self.hasCustomOptions(file) else { return }
    for dependency in file.dependencies where !dependency.extensions.isEmpty {
      fileNames.insert(dependency.name)
    }
  }

  private static func hasCustomOptions(_ file: FileDescriptor) -> Bool {
    !file.options.unknownFields.data.isEmpty
      || file.services.contains { service in
        !service.options.unknownFields.data.isEmpty
          || service.methods.contains { !$0.options.unknownFields.data.isEmpty }
      }
      || file.messages.contains { hasCustomOptions($0) }
      || file.enums.contains { hasCustomOptions($0) }
  }

  private static func hasCustomOptions(_ message: Descriptor) -> Bool {
    !message.options.unknownFields.data.isEmpty
      || message.fields.contains { !$0.options.unknownFields.data.isEmpty }
      || message.messages.contains { hasCustomOptions($0) }
      || message.enums.contains { hasCustomOptions($0) }
  }

  private static func hasCustomOptions(_ enumeration: EnumDescriptor) -> Bool {
    !enumeration.options.unknownFields.data.isEmpty
      || enumeration.values.contains { !$0.options.unknownFields.data.isEmpty }
  }
}
