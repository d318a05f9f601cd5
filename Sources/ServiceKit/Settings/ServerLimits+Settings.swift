import RPC

extension ServerLimits {
  /// Reads `server.<name>` for every limit of a server but the limits of single methods, which are the service's own to
  /// set.
  init(_ settings: SettingsReader) {
    self.init()
    let group = ServerSettingsGroup(settings)
    readCalls(group)
    readBytes(group)
    readTimes(group)
    readFloods(group)
    if bufferedRequestBytesMaximum < requestBytesMaximum {
      settings.report("server.bufferedRequestBytesMaximum must not be below server.requestBytesMaximum")
    }
    if headerListBytesTolerated < headerListBytesMaximum {
      settings.report("server.headerListBytesTolerated must not be below server.headerListBytesMaximum")
    }
  }

  private mutating func readCalls(_ group: ServerSettingsGroup) {
    group.count("connectionsMaximum", &connectionsMaximum, "Connections at once; a further one is closed.")
    group.count("streamsMaximum", &streamsMaximum, "Calls one connection may have open at once.")
    group.count(
      "runningHandlersMaximum",
      &runningHandlersMaximum,
      "Handlers one connection may have running at once, reset calls included."
    )
    group.count("callsInFlightMaximum", &callsInFlightMaximum, "Calls in flight on the whole server.")
    group.time("retryPushback", &retryPushback, from: .zero, "When a caller that was refused for load may come back.")
  }

  private mutating func readBytes(_ group: ServerSettingsGroup) {
    group.size("requestBytesMaximum", &requestBytesMaximum, "Largest request message.")
    group.size(
      "bufferedRequestBytesMaximum",
      &bufferedRequestBytesMaximum,
      "Request bytes one connection may have waiting for handlers."
    )
    group.size("unpackedBytesAtOnce", &unpackedBytesAtOnce, "Bytes of gzip a thread unpacks before others come first.")
    group.size("headerListBytesMaximum", &headerListBytesMaximum, "Largest header list of a request.")
    group.size(
      "headerListBytesTolerated",
      &headerListBytesTolerated,
      "Header list that ends the connection instead of the call."
    )
    group.size(
      "statusBytesMaximum",
      &statusBytesMaximum,
      in: .kibibytes(2)...(.kibibytes(60)),
      "Header fields that carry the status of a failed call; message and details are cut to it."
    )
    group.size("streamWindowBytes", &streamWindowBytes, "Bytes a client may send on one call before they are taken.")
    group.size("connectionWindowBytes", &connectionWindowBytes, "Bytes a client may send on one connection unread.")
    group.size(
      "streamOutboundBytesMaximum",
      &streamOutboundBytesMaximum,
      "Response bytes of one call that may wait before its handler waits."
    )
    group.size(
      "connectionOutboundBytesMaximum",
      &connectionOutboundBytesMaximum,
      "Response bytes of one connection that may wait before its handlers wait."
    )
  }

  private mutating func readTimes(_ group: ServerSettingsGroup) {
    group.time("handshakeTimeout", &handshakeTimeout, "How long a connection may take to say what it is.")
    group.time(
      "progressTimeout",
      &progressTimeout,
      "How long a stream may stall in the middle of a message before it is ended."
    )
    group.size(
      "progressBytesMinimum",
      &progressBytesMinimum,
      in: ByteCount(bytes: 1)...(.mebibytes(1)),
      "Bytes of a message that must move within server.progressTimeout."
    )
    group.time("requestTimeout", &requestTimeout, "How long the request of a unary call may take to arrive.")
    group.time("unaryTimeout", &unaryTimeout, "Deadline of unary calls whose callers set none; 0s sets none.")
    group.time(
      "memoryReturnDelay",
      &memoryReturnDelay,
      "How long after it was freed memory is given back to the system; 0s leaves that to malloc."
    )
  }

  private mutating func readFloods(_ group: ServerSettingsGroup) {
    group.count("resetBurst", &resetBurst, "Calls a client may reset at once.")
    group.count("resetsPerSecond", &resetsPerSecond, "Resets that a client wins back each second.")
    group.count("streamErrorBurst", &streamErrorBurst, "Calls a client may have reset at once by breaking HTTP/2.")
    group.count("streamErrorsPerSecond", &streamErrorsPerSecond, "How many of those it wins back each second.")
    group.count("controlFrameBurst", &controlFrameBurst, "Frames that serve no call a client may send at once.")
    group.count("controlFramesPerSecond", &controlFramesPerSecond, "How many of those it wins back each second.")
    group.count("continuationsMaximum", &continuationsMaximum, "CONTINUATION frames of one header block.")
    group.count(
      "outboundAcknowledgementsMaximum",
      &outboundAcknowledgementsMaximum,
      "Acknowledgements that may wait for a client that does not read."
    )
    group.count(
      "outboundFramesMaximum",
      &outboundFramesMaximum,
      "Frames other than DATA that may wait for a client that does not read."
    )
  }
}

/// Reads settings `server.…` in place: what holds before is the default.
struct ServerSettingsGroup {
  private let settings: SettingsReader

  init(_ settings: SettingsReader) { self.settings = settings }

  func count(_ name: String, _ value: inout Int, from minimum: Int = 1, _ sentence: String) {
    value = settings.value("server.\(name)", default: value, in: minimum...10_000_000, shared: true, sentence)
  }

  func flag(_ name: String, _ value: inout Bool, _ sentence: String) {
    value = settings.value("server.\(name)", default: value, shared: true, sentence)
  }

  func size(
    _ name: String,
    _ value: inout Int,
    in range: ClosedRange<ByteCount> = .kibibytes(1)...(.mebibytes(1024)),
    _ sentence: String
  ) {
    let bytes = ByteCount(bytes: value)
    value = settings.value("server.\(name)", default: bytes, in: range, shared: true, sentence).bytes
  }

  func time(_ name: String, _ value: inout Duration, from minimum: Duration = .milliseconds(10), _ sentence: String) {
    value = settings.value("server.\(name)", default: value, in: minimum...Self.longest, shared: true, sentence)
  }

  /// A time that need not be; 0s stands for none.
  func time(_ name: String, _ value: inout Duration?, _ sentence: String) {
    let time = settings.value(
      "server.\(name)",
      default: value ?? .zero,
      in: Duration.zero...Self.longest,
      shared: true,
      sentence
    )
    value = time == .zero ? nil : time
  }

  private static let longest = Duration.seconds(7 * 86_400)
}
