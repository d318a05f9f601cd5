import ArgumentParser
import Testing

@testable import TillSimulation
@testable import patron

@Suite("The options of patron load")
struct LoadCommandTests {
  private func parsed(_ arguments: String...) throws -> LoadCommand {
    try LoadCommand.parse(arguments)
  }

  @Test(
    "profiles have the rates of the holiday's peak minute",
    arguments: [
      ("stores-100", 37.0, 100), ("stores-1000", 373, 1_000), ("stores-2742", 922, 2_742),
      ("stores-10750", 3_952, 10_750),
    ]
  )
  func profiles(name: String, rate: Double, stores: Int) throws {
    let command = try parsed("--profile", name)
    #expect(try command.traffic.curve(.recorded) == .constant(rate, seconds: 60))
    #expect(try command.traffic.chosenProfile.storeCount == stores)
  }

  @Test("what is given wins over the profile")
  func given() throws {
    let command = try parsed("--profile", "stores-1000", "--rate", "5", "--seconds", "7", "--members", "3")
    #expect(try command.traffic.curve(.recorded) == .constant(5, seconds: 7))
    #expect(command.members.range(try command.traffic.chosenProfile, service: .loyalty).count == 3)
  }

  @Test("a day has its peak in the busiest hour")
  func day() throws {
    let curve = try parsed("--day", "--rate", "100", "--seconds", "240").traffic.curve(.recorded)
    #expect(curve.steps.count == 24)
    #expect(curve.steps[17].rate == 100)
    #expect(abs(curve.seconds - 240) < 0.001)
  }

  @Test("a ramp begins at a tenth of the rate, unless set otherwise")
  func ramp() throws {
    #expect(try parsed().traffic.climb == nil)
    #expect(try parsed("--ramp", "--rate", "500").traffic.climb?.first == 50)
    let climb = try parsed("--ramp", "--ramp-from", "20", "--limit", "25").traffic.climb
    #expect(climb == LoadSession.Climb(first: 20, stepSeconds: 10, limit: .milliseconds(25)))
  }

  @Test("members are uniform, Zipf or hot")
  func shoppers() throws {
    #expect(try parsed().members.choice == .uniform)
    #expect(try parsed("--shoppers", "zipf").members.choice == .zipf(exponent: 0.99))
    #expect(try parsed("--shoppers", "hot").members.choice == .hot(count: 10, share: 0.5))
  }

  @Test(
    "an option that makes no sense is refused with advice on what to change",
    arguments: [
      (["--profile", "stores-7"], "stores-100"),
      (["--rate", "0"], "--rate must be from"),
      (["--rate", "nan"], "--rate must be from"),
      (["--seconds", "0"], "--seconds must be from"),
      (["--processes", "0"], "--processes must be from"),
      (["--outstanding", "0"], "--outstanding must be from"),
      (["--mix", "earn=1,coupon=1"], "no kind \"coupon\" for loyalty"),
      (["--service", "gateway", "--mix", "earn=1,stored_value=1"], "no kind \"stored_value\" for gateway"),
      (["--mix", "refund=1"], "sells nothing"),
      (["--ramp", "--day"], "choose one"),
      (["--ramp-from", "5"], "needs --ramp"),
      (["--shoppers", "warm"], "warm"),
      (["--hot-share", "2"], "--hot-share must be from 0 to 1"),
      (["--shoppers", "hot", "--members", "5"], "--hot-members must be fewer"),
      (["--zipf-exponent", "0"], "--zipf-exponent must be from"),
      (["--json", "/nowhere/report.json"], "--json"),
      (["--skip-verdict", "--database", "postgresql://x"], "contradict"),
      (["--skip-verdict", "--chain"], "contradict"),
      (["--service", "campaigns"], "campaigns"),
    ] as [([String], String)]
  )
  func refused(arguments: [String], word: String) {
    do {
      _ = try LoadCommand.parse(arguments)
      Issue.record("\(arguments) was accepted")
    } catch {
      let message = LoadCommand.fullMessage(for: error)
      #expect(message.contains(word), "\(message)")
    }
  }

  @Test("the help names every kind, every profile and the exit codes")
  func help() {
    // The terminal determines the line breaks.
    let help = LoadCommand.helpMessage().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for kind in LoadKind.all { #expect(help.contains("\(kind.name):"), "\(kind.name)") }
    for profile in LoadProfile.all { #expect(help.contains(profile.name)) }
    #expect(help.contains("(gateway only)"))
    #expect(help.contains("(loyalty only)"))
    #expect(help.contains("Exit codes"))
  }
}
