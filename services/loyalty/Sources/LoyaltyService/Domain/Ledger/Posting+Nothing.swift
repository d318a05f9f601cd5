extension Posting {
  /// What a request leaves in the register of request ids when it moves nothing.
  static func nothing(available: Int64) -> Posting {
    Posting(type: .nothing, from: .available, to: .available, amount: 0, available: available, lots: [])
  }
}
