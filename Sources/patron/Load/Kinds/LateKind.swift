extension LoadKind {
  /// Sales of a till that was offline: they wait until a batch is full, then come one quickly after the other, under
  /// request ids and times of hours ago.
  static let late = LoadKind(
    name: "late",
    summary: "sales of hours ago, in batches of \(batchSize) from tills that were offline",
    faces: [.loyalty, .gateway],
    sells: true,
    standardWeight: { _ in 1 },
    draft: { till in till.queueLate(batchSize: batchSize) ? calls(till) : [] },
    rest: calls
  )

  /// How many sales an offline till has collected.
  private static let batchSize = 20
  /// The time from one sale of a batch to the next, answered or not.
  private static let distance: Duration = .milliseconds(1)

  private static let calls: @Sendable (LoadTill) -> [LoadCall] = { till in
    till.takeLate().enumerated().map { index, sale in
      LoadCall(kind: "late", delay: distance * index) { try await $0.post(sale) }
    }
  }
}
