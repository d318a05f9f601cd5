import Foundation

/// What an operator can choose about a suite on this machine.
package struct SuiteOptions: Sendable {
  /// The folder for what belongs to the suite.
  package var local = ".local"
  /// Where the services listen.
  package var ports = SuitePorts()
  /// The services that are started.
  package var services = ServiceCatalogue.names
  /// Whether a part that dies is started again, with a loud word, instead of ending everything.
  var keepsGoing = false
  /// Where the lines of the processes go.
  package var output = SuiteConsole.Destination.terminal
  /// Settings of the private PostgreSQL that differ from the usual ones.
  package var postgresSettings: [String: String] = [:]
  /// Environment variables of the services that differ from the usual ones.
  package var serviceSettings: [String: String] = [:]

  package init(
    local: String = ".local",
    ports: SuitePorts = SuitePorts(),
    services: [String] = ServiceCatalogue.names,
    keepsGoing: Bool = false,
    output: SuiteConsole.Destination = SuiteConsole.Destination.terminal,
    postgresSettings: [String: String] = [:],
    serviceSettings: [String: String] = [:]
  ) {
    self.local = local
    self.ports = ports
    self.services = services
    self.keepsGoing = keepsGoing
    self.output = output
    self.postgresSettings = postgresSettings
    self.serviceSettings = serviceSettings
  }
}

/// One process of a suite and how it is looked after.
struct SuitePart: Sendable {
  var name: String
  /// Parts of one stage start together and stop together, later stages first.
  var stage: Int
  var command: Command
  /// The signal that asks it to finish what it is doing and end.
  var stopSignal: Int32
  /// Whether it can do its work.
  var isReady: @Sendable () async -> Bool
  /// What is to be done before it counts as ready, such as making databases.
  var prepare: @Sendable () async throws -> Void = {}
}

/// Where the services listen on this machine.
package struct SuitePorts: Hashable, Sendable {
  /// The distance of a service's admin port from its gRPC port.
  package static let adminOffset = 90

  /// The port of `gateway`; the others' follow from it.
  package var base = 7400

  package init(base: Int = 7400) {
    self.base = base
  }

  /// The port of a service's gRPC.
  func listen(_ service: String) -> Int {
    base + ServiceCatalogue.entry(of: service).portOffset
  }

  /// The port of a service's health, readiness and metrics over HTTP.
  func admin(_ service: String) -> Int {
    base + Self.adminOffset + ServiceCatalogue.entry(of: service).portOffset
  }

  /// A service's gRPC address.
  package func address(_ service: String) -> String {
    "127.0.0.1:\(listen(service))"
  }
}

/// Why the suite can't be started or went down, in words for the operator.
package struct SuiteError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  package var description: String

  package init(_ description: String) {
    self.description = description
  }

  /// A call of the operating system that failed.
  package static func system(_ action: String, _ number: Int32) -> SuiteError {
    SuiteError("\(action) failed: \(String(cString: strerror(number)))")
  }
}
