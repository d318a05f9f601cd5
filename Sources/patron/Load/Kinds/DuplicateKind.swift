extension LoadKind {
  /// An answered sale of this run, or movement of a stored value, sent once more under the same request id, as a till does
  /// that missed the answer. The two answers must be the same, byte for byte. A sale as long as none has been answered.
  static let duplicate = LoadKind(
    name: "duplicate",
    summary: "an answered sale or movement of a stored value, sent again: the answer must be the same",
    faces: [.loyalty, .gateway],
    sells: false,
    standardWeight: { _ in 3 },
    draft: { till in
      guard let answered = till.repeatable() else { return earn.draft(till) }
      return [LoadCall(kind: "duplicate") { try await $0.sendAgain(answered) }]
    }
  )
}
