import ArgumentParser
import Testing

@testable import patron_lab

@Suite("The options of patron-lab chaos")
struct ChaosCommandTests {
  @Test("are 200 faults of all kinds by default")
  func defaults() throws {
    let command = try ChaosCommand.parse([])
    #expect(command.faults == 200)
    #expect(command.chosenKinds.map(\.name) == FaultKind.all.map(\.name))
    #expect(!command.withoutGuard)
  }

  @Test("name kinds, and refuse those that there are not")
  func kinds() throws {
    let command = try ChaosCommand.parse(["--kinds", "disk-full, kill-caller"])
    #expect(command.chosenKinds.map(\.name) == ["kill-caller", "disk-full"])
    #expect(throws: (any Error).self) { try ChaosCommand.parse(["--kinds", "flood"]) }
    #expect(throws: (any Error).self) { try ChaosCommand.parse(["--faults", "0"]) }
  }
}
