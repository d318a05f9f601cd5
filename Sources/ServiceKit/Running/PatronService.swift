public import Foundation
public import RPC

/// The ports a service listens on when nothing else is configured, both on 127.0.0.1.
public struct ServicePorts: Sendable, Hashable {
  /// For calls.
  public let listen: Int
  /// For metrics and probes.
  public let admin: Int

  /// Makes the pair.
  public init(listen: Int, admin: Int) {
    self.listen = listen
    self.admin = admin
  }
}

/// One deployable service: its name, its settings, and how its parts are put together. The executable's `main.swift` is
///
/// ```swift
/// await ServiceRunner.main(MembersService.self)
/// ```
public protocol PatronService: Sendable {
  /// The service's own settings; ``NoSettings`` when it has none.
  associatedtype Settings: SettingsGroup

  /// The name in lower case: `PATRON_<NAME>_…`, log records, the identity that upstream services see, the schema.
  static var name: String { get }
  /// One sentence for `--help`.
  static var summary: String { get }
  /// The default ports.
  static var ports: ServicePorts { get }
  /// Whether clients outside of the suite call it, so that it speaks HTTP/1.1, gRPC-Web and Connect by default.
  static var isForWeb: Bool { get }
  /// The folder of the numbered SQL files; nil when the service owns no data, and then it needs no database.
  static var migrations: URL? { get }

  /// Puts the service together. The database is reachable and migrated; calls are taken once this has returned.
  static func assemble(_ kit: ServiceResources, _ settings: Settings) async throws -> ServiceParts
}

extension PatronService {
  /// No data of its own.
  public static var migrations: URL? { nil }
  /// Called by other services.
  public static var isForWeb: Bool { false }
}

/// What a service consists of when it is put together.
public struct ServiceParts: Sendable {
  /// What is served.
  public let services: [any RegistrableService]
  /// What is passed on to other services.
  public let forwarded: [ForwardedService]
  /// What goes on beside it.
  public let jobs: [Job]
  /// What GET finds, when the service is served to the web.
  public let pages: [WebPage]
  /// The reasons for which any of the calls may be refused, beside those that its proto declares and those of every service.
  public let reasons: Set<String>

  /// Makes the list of parts.
  public init(
    services: [any RegistrableService],
    forwarded: [ForwardedService] = [],
    jobs: [Job] = [],
    pages: [WebPage] = [],
    reasons: Set<String> = []
  ) {
    self.services = services
    self.forwarded = forwarded
    self.jobs = jobs
    self.pages = pages
    self.reasons = reasons
  }
}
