public import RPC

private enum CallerIdentityKey: ServerContextKey {
  typealias Value = CallerIdentity
}

extension ServerContext {
  /// Who makes this call; nil when nothing is known.
  public var caller: CallerIdentity? { self[CallerIdentityKey.self] }
}

/// Reads who makes a call from its metadata into the call's context.
struct CallerIdentityInterceptor: CallBeginObserver {
  func began(_ context: ServerContext) {
    if let value = context.requestMetadata[CallerIdentity.metadataKey] {
      context[CallerIdentityKey.self] = CallerIdentity(metadataValue: value)
    }
  }
}

/// Tells upstream services who calls: this service, at the end of the chain that led to the call being served.
public struct CallerIdentityClientInterceptor: ClientInterceptor {
  private let service: String

  /// - Parameter service: This program's name.
  public init(service: String) {
    self.service = service
  }

  /// Adds the metadata field.
  public func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result {
    var call = call
    let earlier = ServerContext.current?.caller
    let value = earlier.map { CallerIdentity(service: service, after: $0).metadataValue } ?? service
    call.metadata.replace(CallerIdentity.metadataKey, value)
    return try await next(call)
  }
}
