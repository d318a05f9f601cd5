import Testing

@testable import LocalSuite

@Suite("The catalogue of services")
struct ServiceCatalogueTests {
  private let services = ServiceCatalogue.services

  @Test("names, ports and colours are given once")
  func distinct() {
    #expect(Set(services.map(\.name)).count == services.count)
    #expect(Set(services.map(\.portOffset)).count == services.count)
    #expect(Set(services.map(\.colour)).count == services.count)
  }

  @Test("the gateway has the suite's own port, and no port reaches the admin ports")
  func ports() {
    #expect(SuitePorts().address("gateway") == "127.0.0.1:7400")
    #expect(SuitePorts(base: 9_000).admin("gateway") == 9_090)
    #expect(services.allSatisfy { (0..<SuitePorts.adminOffset).contains($0.portOffset) })
  }

  @Test("a service starts no earlier than those that it calls")
  func stages() {
    for service in services {
      for peer in service.peers {
        #expect(ServiceCatalogue.entry(of: peer).startStage <= service.startStage, "\(service.name) and \(peer)")
      }
    }
  }

  @Test("a service gets the addresses of its peers, and its database if it owns one")
  func settings() {
    let command = ServiceCommand(
      ports: SuitePorts(base: 9_000),
      executables: "/opt",
      logFormat: "json",
      databaseURL: { "postgresql://\($0)" }
    )
    for service in services {
      let environment = command.command(service.name).environment
      let prefix = "PATRON_\(service.name.uppercased())"
      #expect(environment["\(prefix)_LISTEN"] == "127.0.0.1:\(9_000 + service.portOffset)")
      #expect(environment["\(prefix)_DATABASE_URL"] == (service.ownsDatabase ? "postgresql://\(service.name)" : nil))
      for peer in services {
        let address = environment["\(prefix)_\(peer.name.uppercased())_ADDRESS"]
        #expect((address != nil) == service.peers.contains(peer.name))
      }
    }
  }
}
