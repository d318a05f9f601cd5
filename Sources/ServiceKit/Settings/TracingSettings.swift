public import RPC

/// Which calls are recorded as spans of traces, and where the spans go.
public struct TracingSettings: SettingsGroup {
  /// The collector; nil records nothing.
  public let target: ChannelTarget?
  /// Whether the collector is called by TLS, as other services are.
  public let isEncrypted: Bool
  /// The share of new traces that are recorded.
  public let sampleRatio: Double
  /// How spans are kept and sent.
  public let export: SpanExportSettings

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let text = settings.value(
      "tracing.otlpTarget",
      default: "",
      shared: true,
      "Where spans are sent by OTLP/gRPC, such as collector:4317, in the forms of other addresses; empty records none."
    )
    target = text.isEmpty ? nil : try? ChannelTarget(settingText: text)
    if !text.isEmpty, target == nil {
      settings.report("tracing.otlpTarget must be host:port, dns:///host:port, ipv4:…, ipv6:… or unix:/path")
    }
    isEncrypted = settings.value(
      "tracing.otlpTls",
      default: false,
      shared: true,
      "Call the collector by TLS, as peerTls says; in the clear otherwise."
    )
    sampleRatio = settings.value(
      "tracing.sampleRatio",
      default: 1,
      in: 0...1,
      shared: true,
      "Share of new traces that are recorded; traces that callers began are recorded if the callers say so."
    )
    export = SpanExportSettings(settings)
  }
}

/// How spans are kept and sent.
public struct SpanExportSettings: SettingsGroup {
  /// Spans that wait to be sent.
  public var queueSpans = 16_384
  /// Spans sent in one call.
  public var batchSpans = 512
  /// The longest that a span waits for its batch to fill.
  public var interval = Duration.seconds(5)
  /// How long one call may take.
  public var timeout = Duration.seconds(10)
  /// The pause after a first failure; it doubles up to ``retryMaximum``.
  public var retryInitial = Duration.seconds(1)
  /// The longest pause between failures.
  public var retryMaximum = Duration.seconds(30)

  /// The defaults: at most 16,384 spans (about 4 MB) wait, 512 are sent at once, after 5 s at the latest.
  public init() {}

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    queueSpans = settings.value(
      "tracing.queueSpans",
      default: queueSpans,
      in: 1...1_000_000,
      shared: true,
      "Spans that may wait to be sent; more are dropped and counted (patron_spans_dropped_total)."
    )
    batchSpans = settings.value(
      "tracing.batchSpans",
      default: batchSpans,
      in: 1...10_000,
      shared: true,
      "Most spans in one call to the collector."
    )
    interval = settings.value(
      "tracing.interval",
      default: interval,
      in: Duration.milliseconds(10)...Duration.seconds(600),
      shared: true,
      "Longest time that spans wait for a batch to fill."
    )
    timeout = settings.value(
      "tracing.timeout",
      default: timeout,
      in: Duration.milliseconds(10)...Duration.seconds(600),
      shared: true,
      "Time limit of one call to the collector; also how long the last spans hold up the end of the process."
    )
  }
}
