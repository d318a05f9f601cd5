import ServiceKit

/// Something that the ledger's own rules make impossible was found. Callers learn only that the call failed.
struct BrokenInvariant: LoggableError {
  /// What was found; no values from the ledger.
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
