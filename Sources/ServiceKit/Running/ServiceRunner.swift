public import Foundation
import Logging

/// Runs a service as a process: reads its settings, starts it, and stops it in good order when it is asked to.
public enum ServiceRunner {
  /// The version of the suite, as `--version` says it.
  public static let version = "0.1.0"

  /// How a process of ours ends.
  enum ExitCode {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let configuration: Int32 = 2
  }

  /// Runs a service until it is asked to stop by SIGTERM or SIGINT; never returns. A second signal ends the process at
  /// once.
  ///
  /// Exit codes: 0 stopped as asked; 1 failed; 2 the configuration is wrong; 128 and the signal's number after a second
  /// signal.
  public static func main<Service: PatronService>(
    _ service: Service.Type,
    arguments: [String] = Array(CommandLine.arguments.dropFirst()),
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) async -> Never {
    do {
      let configuration = try await ServiceConfiguration<ServiceSettings<Service>>(
        service: Service.name,
        arguments: arguments,
        environment: environment
      )
      exit(await run(service, configuration))
    } catch let error as ConfigurationError {
      tell(.standardError, "\(Service.name): the configuration is wrong:")
      for problem in error.problems { tell(.standardError, "  \(problem)") }
      tell(.standardError, "\(Service.name) --help lists every setting.")
      exit(ExitCode.configuration)
    } catch {
      tell(.standardError, "\(Service.name): \(ErrorText.of(error))")
      exit(ExitCode.failed)
    }
  }

  private static func run<Service: PatronService>(
    _ service: Service.Type,
    _ configuration: ServiceConfiguration<ServiceSettings<Service>>
  ) async -> Int32 {
    switch configuration.command {
    case .version:
      tell(.standardOutput, "\(Service.name) \(version)")
    case .help:
      let text = HelpText.help(
        service: Service.name,
        version: version,
        summary: Service.summary,
        declarations: configuration.declarations
      )
      tell(.standardOutput, text)
    case .checkConfiguration:
      tell(.standardOutput, HelpText.effective(configuration.effective) + "the configuration is right")
    case .run:
      guard let settings = configuration.settings else { return ExitCode.configuration }
      return await serve(service, settings)
    }
    return ExitCode.done
  }

  private static func serve<Service: PatronService>(
    _ service: Service.Type,
    _ settings: ServiceSettings<Service>
  ) async -> Int32 {
    let logging = settings.logging
    LoggingSystem.bootstrap { label in
      ServiceLogHandler(label: label, service: Service.name, level: logging.level, format: logging.format)
    }
    let logger = Logger(label: Service.name)
    do {
      let process = ServiceProcess<Service>(settings: settings, logger: logger)
      try await process.run()
      logger.info("stopped")
      return ExitCode.done
    } catch {
      logger.critical("the service ends", metadata: ["error": "\(ErrorText.of(error))"])
      return ExitCode.failed
    }
  }

  private static func tell(_ output: FileHandle, _ text: String) {
    // Whoever closed the other end does not want to know.
    try? output.write(contentsOf: Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
  }
}
