import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Rules about services and their methods.
enum ServiceRules {
  static func check(_ service: ServiceDescriptor, _ report: inout Report) {
    let file: FileDescriptor = service.file
    if !Names.isPascal(service.name) {
      report.add(.servicePascalCase, file, service, "service \(service.name) must be PascalCase")
    }
    if !service.name.hasSuffix("Service") {
      report.add(.serviceSuffix, file, service, "service \(service.name) must end in Service")
    }
    report.requireComment(file, service, "service \(service.fullName)")
    for method in service.methods {
      if !Names.isPascal(method.name) {
        report.add(.rpcPascalCase, file, method, "method \(method.name) must be PascalCase")
      }
      checkName(method.inputType, "Request", .rpcRequestStandardName, method, &report)
      checkName(method.outputType, "Response", .rpcResponseStandardName, method, &report)
      report.requireComment(file, method, "method \(method.fullName)")
    }
  }

  private static func checkName(
    _ type: Descriptor,
    _ suffix: String,
    _ rule: Rule,
    _ method: MethodDescriptor,
    _ report: inout Report
  ) {
    let expected = ["\(method.name)\(suffix)", "\(method.service.name)\(method.name)\(suffix)"]
    if !expected.contains(type.name) {
      report.add(rule, method.file, method, "method \(method.name) must take or give \(expected[0]), not \(type.name)")
    }
  }

  /// No message may be the request or response of two methods, in whatever service, nor both of one.
  static func checkUniqueness(_ files: [FileDescriptor], _ report: inout Report) {
    var methodOfType: [String: String] = [:]
    for method in files.flatMap(\.services).flatMap(\.methods) {
      for type in [method.inputType.fullName, method.outputType.fullName] {
        if let other = methodOfType[type] {
          let sentence = "method \(method.fullName) shares \(type) with \(other)"
          report.add(.rpcRequestResponseUnique, method.file, method, sentence)
        }
        methodOfType[type] = method.fullName
      }
    }
  }
}
