public import Messages

/// One method of a service with the code that serves it, its message types erased.
public struct ServerMethod: Sendable {
  /// Names the method.
  public let descriptor: MethodDescriptor
  let handle: @Sendable (any ServerCall) async throws -> Void

  init(descriptor: MethodDescriptor, handle: @escaping @Sendable (any ServerCall) async throws -> Void) {
    self.descriptor = descriptor
    self.handle = handle
  }

  /// One request, one response.
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

  /// One request, any number of responses.
  public static func serverStreaming<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (Request, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      let request = try call.receiveOnly(Request.self)
      try await body(request, ResponseWriter(call: call), call.context)
    }
  }

  /// Any number of requests, one response.
  public static func clientStreaming<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      try await call.send(try await body(RequestStream(call: call), call.context))
    }
  }

  /// Any number of requests and responses.
  public static func bidirectional<Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    _ body: @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    ServerMethod(descriptor: descriptor) { call in
      try await body(RequestStream(call: call), ResponseWriter(call: call), call.context)
    }
  }
}

/// What a generated service protocol refines: a set of methods that a ``Server`` can offer.
public protocol RegistrableService: Sendable {
  /// The service's name and methods.
  static var serviceDescriptor: ServiceDescriptor { get }
  /// The methods with the code that serves them.
  var methods: [ServerMethod] { get }
}
