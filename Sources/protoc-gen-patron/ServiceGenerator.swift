import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes a service: its method descriptors, the protocol a server implements, and the client.
struct ServiceGenerator {
  private let service: ServiceDescriptor
  private let options: GeneratorOptions
  private let namespace: String

  init(_ service: ServiceDescriptor, options: GeneratorOptions) {
    self.service = service
    self.options = options
    namespace = SwiftNames.namespace(ofPackage: service.file.package)
  }

  private var name: String { SwiftNames.type(service.name) }

  func printNamespaceMembers(to printer: inout CodePrinter) {
    printMethods(to: &printer)
    printer.print()
    printProtocol(to: &printer)
    printer.print()
    printClient(to: &printer)
  }

  private func printMethods(to printer: inout CodePrinter) {
    printer.print("public enum \(name)Methods {")
    printer.indent()
    for method in service.methods {
      printer.print(
        "public static let \(SwiftNames.method(method.name)) = MethodDescriptor(",
        "  service: \"\(service.fullName)\", name: \"\(method.name)\", kind: .\(kind(of: method))\(marks(of: method)))"
      )
    }
    let all = service.methods.map { SwiftNames.method($0.name) }.joined(separator: ", ")
    printer.print(
      "public static let service = ServiceDescriptor(fullName: \"\(service.fullName)\", methods: [\(all)])"
    )
    printer.outdent()
    printer.print("}")
  }

  private func marks(of method: MethodDescriptor) -> String {
    method.options.idempotencyLevel == .noSideEffects ? ", hasNoSideEffects: true" : ""
  }

  private func printProtocol(to printer: inout CodePrinter) {
    printer.print("public protocol \(name): RegistrableService {")
    printer.indent()
    for method in service.methods { printer.print(serverSignature(of: method)) }
    printer.outdent()
    printer.print("}")
  }

  /// Writes how the runtime finds the methods; outside of the namespace, since it extends the protocol.
  func printExtension(to printer: inout CodePrinter) {
    printer.print("extension \(namespace).\(name) {")
    printer.indent()
    printer.print(
      "public static var serviceDescriptor: ServiceDescriptor { \(namespace).\(name)Methods.service }",
      "",
      "public static var fileDescriptors: FileDescriptors { .\(options.moduleMember) }",
      "",
      "public var methods: [ServerMethod] {",
      "  ["
    )
    printer.indent()
    printer.indent()
    for method in service.methods {
      let name = SwiftNames.method(method.name)
      printer.print(".\(kind(of: method))(\(namespace).\(self.name)Methods.\(name)) {")
      printer.printIndented(handlerCall(of: method))
      printer.print("},")
    }
    printer.outdent()
    printer.outdent()
    printer.print("  ]", "}")
    printer.outdent()
    printer.print("}")
  }

  private func printClient(to printer: inout CodePrinter) {
    printer.print("public struct \(name)Client: Sendable {")
    printer.indent()
    printer.print(
      "private let channel: any ClientChannel",
      "",
      "public init(_ channel: any ClientChannel) {",
      "  self.channel = channel",
      "}"
    )
    for method in service.methods {
      printer.print()
      printer.print("\(clientSignature(of: method)) {")
      printer.printIndented("try await \(clientCall(of: method))")
      printer.print("}")
    }
    printer.outdent()
    printer.print("}")
  }

  private func kind(of method: MethodDescriptor) -> String {
    switch (method.clientStreaming, method.serverStreaming) {
    case (false, false): "unary"
    case (false, true): "serverStreaming"
    case (true, false): "clientStreaming"
    case (true, true): "bidirectional"
    }
  }

  private func serverSignature(of method: MethodDescriptor) -> String {
    let request = SwiftNames.qualified(method.inputType)
    let response = SwiftNames.qualified(method.outputType)
    let name = SwiftNames.method(method.name)
    let input =
      method.clientStreaming ? "_ requests: RequestStream<\(request)>" : "_ request: \(request)"
    return method.serverStreaming
      ? "func \(name)(\(input), responses: ResponseWriter<\(response)>, context: ServerContext) async throws"
      : "func \(name)(\(input), context: ServerContext) async throws -> \(response)"
  }

  private func handlerCall(of method: MethodDescriptor) -> String {
    let name = SwiftNames.method(method.name)
    let input = method.clientStreaming ? "requests" : "request"
    return method.serverStreaming
      ? "\(input), responses, context in try await self.\(name)(\(input), responses: responses, context: context)"
      : "\(input), context in try await self.\(name)(\(input), context: context)"
  }

  private func clientSignature(of method: MethodDescriptor) -> String {
    let request = SwiftNames.qualified(method.inputType)
    let response = SwiftNames.qualified(method.outputType)
    let result =
      switch (method.clientStreaming, method.serverStreaming) {
      case (false, false): response
      case (false, true): "ResponseStream<\(response)>"
      case (true, false): "ClientStreamingCall<\(request), \(response)>"
      case (true, true): "BidirectionalCall<\(request), \(response)>"
      }
    let input = method.clientStreaming ? "" : "_ request: \(request), "
    let name = SwiftNames.method(method.name)
    return "public func \(name)(\(input)options: CallOptions = CallOptions()) async throws -> \(result)"
  }

  private func clientCall(of method: MethodDescriptor) -> String {
    let input = method.clientStreaming ? "" : "request, "
    let descriptor = "\(name)Methods.\(SwiftNames.method(method.name))"
    return "channel.\(kind(of: method))(\(descriptor), \(input)options: options)"
  }
}
