import Messages

/// Parses a service config from JSON: service_config.proto in proto3's JSON mapping.
enum ServiceConfigReader {
  private typealias ParseError = ServiceConfig.ParseError

  /// Far more than any hand-written service config.
  private static let bytesMaximum = 1 << 20
  private static let depthMaximum = 64

  static func read(_ json: String) throws(ServiceConfig.ParseError) -> ServiceConfig {
    let root = ConfigValue(value: try parse(json), place: "$")
    var config = ServiceConfig()
    config.loadBalancing = try loadBalancing(root) ?? .pickFirst
    config.healthCheckService = try root.member("healthCheckConfig")?.member("serviceName")?.string()
    config.methods = try root.member("methodConfig").map(methods) ?? []
    config.retryThrottling = try root.member("retryThrottling").map(retryThrottling)
    return config
  }

  private static func parse(_ json: String) throws(ParseError) -> JSONValue {
    do throws(MessageError) {
      return try JSONValue(parsing: Array(json.utf8), bytesMaximum: bytesMaximum, depthMaximum: depthMaximum)
    } catch {
      let reason =
        switch error.kind {
        case .duplicateField: "the member is given twice; remove one"
        case .tooDeep: "values are nested deeper than \(depthMaximum) levels"
        case .tooLarge: "the text is longer than \(bytesMaximum) bytes"
        default: "the text is not valid JSON here"
        }
      throw ParseError(place: error.subject, reason: reason)
    }
  }

  // MARK: Balancing

  private static func loadBalancing(_ root: ConfigValue) throws(ParseError) -> LoadBalancingPolicy? {
    let old = try root.member("loadBalancingPolicy").flatMap(oldPolicy)
    guard let list = try root.member("loadBalancingConfig") else { return old }
    var chosen: LoadBalancingPolicy?
    for element in try list.elements() {
      let members = try element.object()
      guard members.count == 1, let name = members.keys.first else {
        throw element.error("write exactly one policy here, by its name, such as {\"round_robin\": {}}")
      }
      _ = try element.member(name)?.object()
      chosen = chosen ?? LoadBalancingPolicy(name: name)
    }
    guard let chosen else {
      throw list.error("none of the policies is known; add {\"pick_first\": {}} or {\"round_robin\": {}}")
    }
    return chosen
  }

  /// Reads the member that `loadBalancingConfig` replaced: an enumeration in the proto file, a policy's name in use.
  private static func oldPolicy(_ value: ConfigValue) throws(ParseError) -> LoadBalancingPolicy? {
    let name = try value.string().lowercased()
    if name.isEmpty || name == "unspecified" { return nil }
    guard let policy = LoadBalancingPolicy(name: name) else {
      throw value.error("this policy is not known; write \"pick_first\" or \"round_robin\"")
    }
    return policy
  }

  // MARK: Methods

  private static func methods(_ list: ConfigValue) throws(ParseError) -> [MethodConfig] {
    var methods: [MethodConfig] = []
    var places: [MethodConfig.Name: String] = [:]
    for entry in try list.elements() {
      var config = MethodConfig(names: [])
      for value in try entry.member("name").map({ value throws(ParseError) in try value.elements() }) ?? [] {
        let name = try name(value)
        if let place = places[name] { throw value.error("the same name stands at \(place); remove one") }
        places[name] = value.place
        config.names.append(name)
      }
      config.waitForReady = try entry.member("waitForReady")?.boolean()
      config.timeout = try entry.member("timeout")?.duration()
      config.requestBytesMaximum = try entry.member("maxRequestMessageBytes")?.integer(bytesRange)
      config.responseBytesMaximum = try entry.member("maxResponseMessageBytes")?.integer(bytesRange)
      config.attempts = try attempts(entry)
      methods.append(config)
    }
    return methods
  }

  private static let bytesRange = 0...Int(UInt32.max)

  private static func name(_ value: ConfigValue) throws(ParseError) -> MethodConfig.Name {
    let name = MethodConfig.Name(
      service: try value.member("service")?.string() ?? "",
      method: try value.member("method")?.string() ?? ""
    )
    if name.service.isEmpty, !name.method.isEmpty {
      throw value.error("a method is named without its service; add \"service\"")
    }
    return name
  }

  // MARK: Attempts

  private static let attemptsRange = 2...Int(UInt32.max)

  private static func attempts(_ entry: ConfigValue) throws(ParseError) -> AttemptPolicy? {
    let retry = try entry.member("retryPolicy")
    let hedging = try entry.member("hedgingPolicy")
    if retry != nil, hedging != nil {
      throw entry.error("retryPolicy and hedgingPolicy exclude each other; remove one")
    }
    if let retry { return .retry(try retryPolicy(retry)) }
    if let hedging { return .hedging(try hedgingPolicy(hedging)) }
    return nil
  }

  private static func retryPolicy(_ value: ConfigValue) throws(ParseError) -> RetryPolicy {
    let codes = try value.required("retryableStatusCodes")
    let policy = RetryPolicy(
      maxAttempts: try maxAttempts(value),
      initialBackoff: try value.required("initialBackoff").positiveDuration(),
      maxBackoff: try value.required("maxBackoff").positiveDuration(),
      backoffMultiplier: try value.required("backoffMultiplier").positiveNumber(),
      retryableStatusCodes: try statusCodes(codes)
    )
    if policy.retryableStatusCodes.isEmpty { throw codes.error("name at least one status, such as \"UNAVAILABLE\"") }
    return policy
  }

  private static func hedgingPolicy(_ value: ConfigValue) throws(ParseError) -> HedgingPolicy {
    HedgingPolicy(
      maxAttempts: try maxAttempts(value),
      hedgingDelay: try value.member("hedgingDelay")?.duration() ?? .zero,
      nonFatalStatusCodes: try value.member("nonFatalStatusCodes").map(statusCodes) ?? []
    )
  }

  /// Reads a number of attempts. Values above the greatest valid one count as that one.
  private static func maxAttempts(_ value: ConfigValue) throws(ParseError) -> Int {
    min(try value.required("maxAttempts").integer(attemptsRange), AttemptPolicy.attemptsMaximum)
  }

  private static func statusCodes(_ list: ConfigValue) throws(ParseError) -> Set<StatusCode> {
    var codes: Set<StatusCode> = []
    for element in try list.elements() {
      let code = try element.statusCode()
      if code == .ok { throw element.error("OK is no failure; remove it") }
      codes.insert(code)
    }
    return codes
  }

  private static func retryThrottling(_ value: ConfigValue) throws(ParseError) -> RetryThrottling {
    let ratio = try value.required("tokenRatio")
    let throttling = RetryThrottling(
      maxTokens: try value.required("maxTokens").integer(1...1000),
      tokenRatio: try ratio.positiveNumber()
    )
    if RetryThrottle.thousandths(throttling.tokenRatio) == 0 {
      throw ratio.error("only three decimal places count; write at least 0.001")
    }
    return throttling
  }
}

extension LoadBalancingPolicy {
  fileprivate init?(name: String) {
    switch name {
    case "pick_first": self = .pickFirst
    case "round_robin": self = .roundRobin
    default: return nil
    }
  }
}
