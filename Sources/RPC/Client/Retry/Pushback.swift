/// What a failing server asks of those who would repeat a call: `grpc-retry-pushback-ms` (gRFC A6, "Pushback").
enum Pushback: Sendable, Equatable {
  case none
  /// Not before this time is over.
  case after(Duration)
  /// Not at all: the server said so, or something that cannot be read.
  case stop

  init(_ trailers: Metadata) {
    let values = trailers.values(for: "grpc-retry-pushback-ms")
    guard let first = values.first else {
      self = .none
      return
    }
    // A signed 32-bit integer without needless zeros or signs.
    guard values.count == 1, case .string(let text) = first, let milliseconds = Int32(text), milliseconds >= 0,
      text == "\(milliseconds)"
    else {
      self = .stop
      return
    }
    self = .after(.milliseconds(milliseconds))
  }
}
