public import RPC

/// What a service consists of when it is put together.
public struct ServiceParts: Sendable {
  /// What is served.
  public let services: [any RegistrableService]
  /// What goes on beside it.
  public let jobs: [Job]

  /// Makes the list of parts.
  public init(services: [any RegistrableService], jobs: [Job] = []) {
    self.services = services
    self.jobs = jobs
  }
}
