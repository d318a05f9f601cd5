import RPC

extension ServerLimits {
  /// Reads `server.<name>` for every limit of a server but the limits of single methods, which are the service's own to
  /// set.
  init(_ settings: SettingsReader) {
    self.init()
    ServerSetting.read(Self.settings, of: &self, settings)
    if bufferedRequestBytesMaximum < requestBytesMaximum {
      settings.report("server.bufferedRequestBytesMaximum must not be below server.requestBytesMaximum")
    }
    if headerListBytesTolerated < headerListBytesMaximum {
      settings.report("server.headerListBytesTolerated must not be below server.headerListBytesMaximum")
    }
  }

  private static var settings: [ServerSetting<ServerLimits>] {
    [
      .count("connectionsMaximum", \.connectionsMaximum, "Connections at once; a further one is closed."),
      .count("streamsMaximum", \.streamsMaximum, "Calls one connection may have open at once."),
      .count(
        "runningHandlersMaximum",
        \.runningHandlersMaximum,
        "Handlers one connection may have running at once, reset calls included."
      ),
      .count("callsInFlightMaximum", \.callsInFlightMaximum, "Calls in flight on the whole server."),
      .time("retryPushback", \.retryPushback, from: .zero, "When a caller that was refused for load may come back."),

      .size("requestBytesMaximum", \.requestBytesMaximum, "Largest request message."),
      .size(
        "bufferedRequestBytesMaximum",
        \.bufferedRequestBytesMaximum,
        "Request bytes one connection may have waiting for handlers."
      ),
      .size("unpackedBytesAtOnce", \.unpackedBytesAtOnce, "Bytes of gzip a thread unpacks before others come first."),
      .size("headerListBytesMaximum", \.headerListBytesMaximum, "Largest header list of a request."),
      .size(
        "headerListBytesTolerated",
        \.headerListBytesTolerated,
        "Header list that ends the connection instead of the call."
      ),
      .size(
        "statusBytesMaximum",
        \.statusBytesMaximum,
        in: .kibibytes(2)...(.kibibytes(60)),
        "Header fields that carry the status of a failed call; message and details are cut to it."
      ),
      .size("streamWindowBytes", \.streamWindowBytes, "Bytes a client may send on one call before they are taken."),
      .size("connectionWindowBytes", \.connectionWindowBytes, "Bytes a client may send on one connection unread."),
      .size(
        "streamOutboundBytesMaximum",
        \.streamOutboundBytesMaximum,
        "Response bytes of one call that may wait before its handler waits."
      ),
      .size(
        "connectionOutboundBytesMaximum",
        \.connectionOutboundBytesMaximum,
        "Response bytes of one connection that may wait before its handlers wait."
      ),

      .time("handshakeTimeout", \.handshakeTimeout, "How long a connection may take to say what it is."),
      .time(
        "progressTimeout",
        \.progressTimeout,
        "How long a stream may stall in the middle of a message before it is ended."
      ),
      .size(
        "progressBytesMinimum",
        \.progressBytesMinimum,
        in: ByteCount(bytes: 1)...(.mebibytes(1)),
        "Bytes of a message that must move within server.progressTimeout."
      ),
      .time("requestTimeout", \.requestTimeout, "How long the request of a unary call may take to arrive."),
      .time("unaryTimeout", \.unaryTimeout, "Deadline of unary calls whose callers set none; 0s sets none."),
      .time(
        "memoryReturnDelay",
        \.memoryReturnDelay,
        "How long after it was freed memory is given back to the system; 0s leaves that to malloc."
      ),

      .count("resetBurst", \.resetBurst, "Calls a client may reset at once."),
      .count("resetsPerSecond", \.resetsPerSecond, "Resets that a client wins back each second."),
      .count("streamErrorBurst", \.streamErrorBurst, "Calls a client may have reset at once by breaking HTTP/2."),
      .count("streamErrorsPerSecond", \.streamErrorsPerSecond, "How many of those it wins back each second."),
      .count("controlFrameBurst", \.controlFrameBurst, "Frames that serve no call a client may send at once."),
      .count("controlFramesPerSecond", \.controlFramesPerSecond, "How many of those it wins back each second."),
      .count("continuationsMaximum", \.continuationsMaximum, "CONTINUATION frames of one header block."),
      .count(
        "outboundAcknowledgementsMaximum",
        \.outboundAcknowledgementsMaximum,
        "Acknowledgements that may wait for a client that does not read."
      ),
      .count(
        "outboundFramesMaximum",
        \.outboundFramesMaximum,
        "Frames other than DATA that may wait for a client that does not read."
      ),
    ]
  }
}
