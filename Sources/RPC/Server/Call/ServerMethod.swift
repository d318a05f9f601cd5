public import Messages

/// A method of a service with its implementation, without message types.
public struct ServerMethod: Sendable {
  /// Describes the method.
  public let descriptor: MethodDescriptor
  let handle: @Sendable (any ServerCall) async throws -> Void

  init(descriptor: MethodDescriptor, handle: @escaping @Sendable (any ServerCall) async throws -> Void) {
    self.descriptor = descriptor
    self.handle = handle
  }

  /// Makes a method with one request and one response.
  public static func unary<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      let request = try call.receiveOnly(Request.self)
      let response = try await body(request, call.context)
      if try !call.sendNow(response) { try await call.send(response) }
    }
  }

  /// Makes a method with one request and any number of responses.
  public static func serverStreaming<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      let request = try call.receiveOnly(Request.self)
      try await body(request, ResponseWriter(call: call), call.context)
    }
  }

  /// Makes a method with any number of requests and one response.
  public static func clientStreaming<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      try await call.send(try await body(RequestStream(call: call), call.context))
    }
  }

  /// Makes a method with any number of requests and responses.
  public static func bidirectional<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      try await body(RequestStream(call: call), ResponseWriter(call: call), call.context)
    }
  }
}

/// The base of generated service protocols: methods that a ``Server`` can offer.
public protocol RegistrableService: Sendable {
  /// The service's name and methods.
  static var serviceDescriptor: ServiceDescriptor { get }
  /// The proto file that declares the service, with those of its module and their imports. Reflection sends them.
  static var fileDescriptors: FileDescriptors { get }
  /// The methods with their implementations.
  var methods: [ServerMethod] { get }
}
