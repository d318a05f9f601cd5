import Foundation
import Logging
import Testing

@testable import ServiceKit

private struct ShopSettings: SettingsGroup {
  let logging: LoggingSettings
  let name: String
  let count: Int
  let pause: Duration
  let size: ByteCount
  let isOpen: Bool
  let tags: [String]
  let token: Secret?

  init(_ settings: SettingsReader) {
    logging = LoggingSettings(settings)
    name = settings.value("shop.displayName", default: "corner", "Name on the door.")
    count = settings.value("shop.count", default: 3, in: 1...10, "How many shelves.")
    pause = settings.value("shop.pause", default: .seconds(5), "How long it rests.")
    size = settings.value("shop.size", default: .mebibytes(4), "How big it is.")
    isOpen = settings.value("shop.open", default: false, "Whether it is open.")
    tags = settings.values("shop.tags", default: ["a"], "What it is known for.")
    token = settings.secret("shop.token", "What opens the till.")
  }
}

@Suite("Configuration")
struct ServiceConfigurationTests {
  private func read(
    _ arguments: [String] = [],
    _ environment: [String: String] = [:],
    yaml: String? = nil
  ) async throws -> ServiceConfiguration<ShopSettings> {
    var arguments = arguments
    let path = NSTemporaryDirectory() + "patron-\(UUID().uuidString).yaml"
    if let yaml {
      try yaml.write(toFile: path, atomically: true, encoding: .utf8)
      arguments += ["--config", path]
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await ServiceConfiguration(service: "shop", arguments: arguments, environment: environment)
  }

  private func problems(
    _ arguments: [String] = [],
    _ environment: [String: String] = [:],
    yaml: String? = nil
  ) async -> [String] {
    do {
      _ = try await read(arguments, environment, yaml: yaml)
      return []
    } catch {
      return (error as? ConfigurationError)?.problems ?? ["\(error)"]
    }
  }

  private static let yaml = """
    shop:
      count: 4
      pause: 1m
      tags: [x, y]
      open: true
    log:
      level: warning
    """

  @Test("With no source every setting has its default")
  func defaults() async throws {
    let settings = try #require(try await read().settings)
    #expect(settings.name == "corner" && settings.count == 3 && settings.pause == .seconds(5))
    #expect(settings.size == .mebibytes(4) && !settings.isOpen && settings.tags == ["a"] && settings.token == nil)
  }

  @Test("The file wins over the default")
  func file() async throws {
    let settings = try #require(try await read(yaml: Self.yaml).settings)
    #expect(settings.count == 4 && settings.pause == .seconds(60) && settings.tags == ["x", "y"] && settings.isOpen)
    #expect(settings.logging.level == .warning)
  }

  @Test("The environment wins over the file")
  func environment() async throws {
    let variables = ["PATRON_SHOP_SHOP_COUNT": "5", "PATRON_SHOP_SHOP_TAGS": "p, q"]
    let settings = try #require(try await read([], variables, yaml: Self.yaml).settings)
    #expect(settings.count == 5 && settings.tags == ["p", "q"] && settings.pause == .seconds(60))
  }

  @Test("A flag wins over the environment")
  func flag() async throws {
    let variables = ["PATRON_SHOP_SHOP_COUNT": "5"]
    let arguments = ["--shop-count", "6", "--shop-display-name=a,b", "--shop-open"]
    let settings = try #require(try await read(arguments, variables, yaml: Self.yaml).settings)
    #expect(settings.count == 6 && settings.name == "a,b" && settings.isOpen)
  }

  @Test("A shared variable holds for a service that has none of its own, and only for shared settings")
  func sharedEnvironment() async throws {
    let shared = ["PATRON_LOG_LEVEL": "error", "PATRON_SHOP_COUNT": "9"]
    await #expect(problems([], shared).isEmpty == false)
    let level = try await read([], ["PATRON_LOG_LEVEL": "error"]).settings?.logging.level
    #expect(level == .error)
    let own = ["PATRON_LOG_LEVEL": "error", "PATRON_SHOP_LOG_LEVEL": "debug"]
    #expect(try await read([], own).settings?.logging.level == .debug)
  }

  @Test("An empty variable counts as not set")
  func emptyVariable() async throws {
    #expect(try await read([], ["PATRON_SHOP_SHOP_COUNT": ""]).settings?.count == 3)
  }

  @Test("Unknown flags, variables and keys are problems that name the nearest known one")
  func unknown() async {
    let found = await problems(
      ["--shop-cuont", "4"],
      ["PATRON_SHOP_SHOP_PAUSES": "4s"],
      yaml: "shop: {counts: 4}"
    )
    #expect(found.contains { $0.contains("--shop-cuont") && $0.contains("nearest known one is --shop-count") })
    #expect(found.contains { $0.contains("PATRON_SHOP_SHOP_PAUSES") && $0.contains("PATRON_SHOP_SHOP_PAUSE") })
    #expect(found.contains { $0.contains("unknown key shop.counts") && $0.contains("shop.count") })
  }

  @Test("A wrong value says which setting, where, and what it must be")
  func wrongValues() async {
    #expect(
      await problems(["--shop-count", "many"]) == ["--shop-count must be a whole number, not \"many\""]
    )
    #expect(await problems(["--shop-count", "11"]) == ["--shop-count must be from 1 to 10, not 11"])
    let pause = await problems([], ["PATRON_SHOP_SHOP_PAUSE": "5"])
    #expect(pause.first?.hasPrefix("PATRON_SHOP_SHOP_PAUSE must be a duration such as") == true)
    let level = await problems(yaml: "log: {level: loud}")
    #expect(level.first?.contains("log.level in ") == true && level.first?.contains("must be one of") == true)
  }

  @Test("All problems are reported at once")
  func allProblems() async {
    #expect(await problems(["stray", "--shop-count", "x", "--shop-size", "y", "--nothing-like-it"]).count == 4)
  }

  @Test("A secret comes from the environment or from the first line of a file")
  func secret() async throws {
    #expect(try await read([], ["PATRON_SHOP_SHOP_TOKEN": "open"]).settings?.token == Secret("open"))
    let path = NSTemporaryDirectory() + "patron-\(UUID().uuidString).secret"
    try "sesame\nand more".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try await read(["--shop-token-file", path]).settings?.token == Secret("sesame"))
  }

  @Test("A secret as a flag or in the YAML file is refused without being repeated")
  func secretMisplaced() async {
    let flag = await problems(["--shop-token", "sesame"])
    #expect(flag.contains { $0.contains("PATRON_SHOP_SHOP_TOKEN") })
    #expect(flag.count == 1 && !flag.joined().contains("sesame"))
    let file = await problems(yaml: "shop: {token: sesame}")
    #expect(file.contains { $0.contains("is a secret") } && !file.joined().contains("sesame"))
  }

  @Test("A secret never shows itself")
  func secretHidden() async throws {
    let configuration = try await read([], ["PATRON_SHOP_SHOP_TOKEN": "sesame"])
    let settings = try #require(configuration.settings)
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!dumped.contains("sesame") && !"\(settings)".contains("sesame"))
    #expect(!HelpText.effective(configuration.effective).contains("sesame"))
  }

  @Test("Help lists every setting with flag, variable, default and sentence")
  func help() async throws {
    let configuration = try await read(["--help"])
    #expect(configuration.settings == nil)
    let text = HelpText.help(
      service: "shop",
      version: "1",
      summary: "A shop.",
      declarations: configuration.declarations
    )
    for expected in [
      "--shop-display-name text", "Name on the door. Default: corner.", "PATRON_SHOP_SHOP_DISPLAY_NAME",
      "PATRON_SHOP_LOG_LEVEL or PATRON_LOG_LEVEL", "File: shop.pause.", "Default: 5s.", "Default: 3. From 1 to 10.",
      "--config text",
      "Secret: not in the file, not as a flag.", "--shop-token-file",
    ] {
      #expect(text.contains(expected), "\(expected)")
    }
  }

  @Test(
    "Durations and sizes are written as they are read",
    arguments: ["250ms", "5s", "2m", "1h", "30d", "1us", "90s"]
  )
  func durations(_ text: String) throws {
    #expect(try Duration(settingText: text).settingText == text)
  }

  @Test("Sizes are written as they are read", arguments: ["512B", "16KiB", "4MiB", "1GiB", "0B"])
  func sizes(_ text: String) throws {
    #expect(try ByteCount(settingText: text).settingText == text)
  }

  @Test(
    "What is no duration is refused",
    arguments: ["", "5", "s", "-5s", "1.5s", "5 s", "99999999999999999999s", "9223372036854775807d"]
  )
  func notDurations(_ text: String) {
    #expect(throws: SettingMalformed.self) { try Duration(settingText: text) }
  }
}
