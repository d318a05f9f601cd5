import Basics

/// How a service follows another one's event log.
public struct EventConsumerSettings: SettingsGroup {
  /// The wait after the first failure; doubled with each further one.
  public var backoffBase: Duration
  /// The longest wait.
  public var backoffMaximum: Duration
  /// How long an instance that stopped applying events keeps its turn.
  public var lease: Duration
  /// A stream on which nothing arrives for this long, not even a sign of life, is given up.
  public var silenceMaximum: Duration
  /// How long nothing may be applied before the service says that it is degraded.
  public var stallMaximum: Duration
  /// The wait before an event that was set aside is tried again; doubled with each further attempt.
  public var retryBase: Duration
  /// The longest such wait.
  public var retryMaximum: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = EventConsumerSettings()
    backoffBase = settings.value(
      "consumer.backoffBase",
      default: defaults.backoffBase,
      in: Duration.milliseconds(1)...Duration.seconds(60),
      shared: true,
      "Wait before subscribing again after a failure; doubled with each further one."
    )
    backoffMaximum = settings.value(
      "consumer.backoffMaximum",
      default: defaults.backoffMaximum,
      in: Duration.milliseconds(1)...Duration.seconds(600),
      shared: true,
      "Longest wait before subscribing again."
    )
    lease = settings.value(
      "consumer.lease",
      default: defaults.lease,
      in: Duration.milliseconds(1)...Duration.seconds(600),
      shared: true,
      "How long the instance that applies events keeps its turn after it was last heard of."
    )
    silenceMaximum = settings.value(
      "consumer.silenceMaximum",
      default: defaults.silenceMaximum,
      in: Duration.milliseconds(10)...Duration.seconds(3600),
      shared: true,
      "A subscription on which nothing arrives for this long, not even a sign of life, is made anew."
    )
    stallMaximum = settings.value(
      "consumer.stallMaximum",
      default: defaults.stallMaximum,
      in: Duration.seconds(1)...Duration.seconds(86_400),
      shared: true,
      "When nothing of another service's events is applied for this long, /readyz says degraded."
    )
    retryBase = settings.value(
      "consumer.retryBase",
      default: defaults.retryBase,
      in: Duration.seconds(1)...Duration.seconds(86_400),
      shared: true,
      "Wait before an event that was set aside is tried again; doubled with each further attempt."
    )
    retryMaximum = settings.value(
      "consumer.retryMaximum",
      default: defaults.retryMaximum,
      in: Duration.seconds(1)...Duration.seconds(86_400),
      shared: true,
      "Longest wait before an event that was set aside is tried again."
    )
    if stallMaximum <= silenceMaximum {
      settings.report("consumer.stallMaximum must be longer than consumer.silenceMaximum")
    }
  }

  /// The documented defaults: 200 ms, 10 s, 15 s, 30 s; stalled after 2 minutes; tried again after 1 minute, at most 1 hour.
  public init() {
    backoffBase = .milliseconds(200)
    backoffMaximum = .seconds(10)
    lease = .seconds(15)
    silenceMaximum = .seconds(30)
    stallMaximum = .seconds(120)
    retryBase = .seconds(60)
    retryMaximum = .seconds(3600)
  }
}

extension EventConsumerSettings {
  /// The waits before subscribing again; chance takes or adds up to a fifth.
  var backoff: Backoff { Backoff(first: backoffBase, maximum: backoffMaximum, spread: 0.8...1.2) }

  /// The waits before an event that was set aside is tried again.
  var retry: Backoff { Backoff(first: retryBase, maximum: retryMaximum) }
}
