import CoreMetrics

/// How often reservations that were due could be settled, and could not.
struct SettlementMetrics: Sendable {
  let settled: Counter
  let failed: Counter

  init(_ factory: any MetricsFactory) {
    settled = Counter(label: "reservations_settled", factory: factory)
    failed = Counter(label: "reservations_settle_failed", factory: factory)
  }
}
