import CoreMetrics

/// What the engine measures of itself.
struct LedgerMetrics: Sendable {
  /// Requests in a batch.
  let batchRequests: Recorder
  /// Batches that were decided anew, because something changed after they were read.
  let repeated: Counter
  /// Batches that the database failed.
  let failed: Counter
  /// Requests that were refused for want of room or time.
  let refused: Counter
  /// Requests that nobody waited for any more when their turn came.
  let abandoned: Counter

  init(factory: any MetricsFactory) {
    batchRequests = Recorder(label: "ledger_batch_requests", aggregate: true, factory: factory)
    repeated = Counter(label: "ledger_batches_repeated", factory: factory)
    failed = Counter(label: "ledger_batches_failed", factory: factory)
    refused = Counter(label: "ledger_requests_refused", factory: factory)
    abandoned = Counter(label: "ledger_requests_abandoned", factory: factory)
  }
}
