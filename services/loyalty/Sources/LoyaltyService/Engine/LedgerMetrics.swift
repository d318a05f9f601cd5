import CoreMetrics

/// What the engine measures of itself.
struct LedgerMetrics: Sendable {
  /// Requests in a batch.
  let batchSize: Recorder
  /// Batches that were decided anew, because something changed after they were read.
  let repeated: Counter
  /// Requests that were refused for want of room.
  let refused: Counter

  init(factory: any MetricsFactory) {
    batchSize = Recorder(label: "ledger_batch_size", aggregate: true, factory: factory)
    repeated = Counter(label: "ledger_batches_repeated", factory: factory)
    refused = Counter(label: "ledger_requests_refused", factory: factory)
  }
}
