import Logging
import RPC
import ServiceKit

/// What the service itself failed with while it answered many requests of one call, for one line in the log. What failed in
/// the ledger is logged there, once for each of its batches.
struct InternalFailures {
  private var count = 0
  private var first: (any Error)?

  /// Counts a failure.
  mutating func count(_ error: any Error) {
    count += 1
    first = first ?? error
  }

  /// Logs how many failed, and the text of the first; nothing if none did.
  func log(to logger: Logger, _ method: MethodDescriptor) {
    guard let first else { return }
    logger.error(
      "requests of a call failed",
      metadata: ["rpc.method": "\(method.fullName)", "requests": "\(count)", "error": "\(ErrorText.of(first))"]
    )
  }
}
