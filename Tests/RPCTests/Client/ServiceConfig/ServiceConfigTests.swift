import Testing

@testable import RPC

@Suite("Service config in JSON")
struct ServiceConfigTests {
  private func method(_ members: String) throws -> MethodConfig {
    try #require(try ServiceConfig(json: #"{"methodConfig": [{\#(members)}]}"#).methods.first)
  }

  /// Returns the place and the reason of a refusal.
  private func refusal(_ json: String) -> ServiceConfig.ParseError? {
    do throws(ServiceConfig.ParseError) {
      _ = try ServiceConfig(json: json)
      return nil
    } catch {
      return error
    }
  }

  private func expectRefusal(
    _ json: String,
    at place: String,
    _ advice: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = refusal(json)
    #expect(error?.place == place, sourceLocation: sourceLocation)
    #expect(error?.reason.contains(advice) == true, "\(error?.reason ?? "accepted")", sourceLocation: sourceLocation)
  }

  @Test(
    "an empty one has the defaults",
    arguments: ["{}", " { \"unknown\": [1, {\"a\": null}] } ", #"{"methodConfig":null}"#]
  )
  func empty(_ json: String) throws {
    #expect(try ServiceConfig(json: json) == ServiceConfig())
  }

  @Test("everything at once")
  func everything() throws {
    let config = try ServiceConfig(
      json: """
        {
          "loadBalancingConfig": [{"grpclb": {}}, {"round_robin": {}}, {"pick_first": {"shuffleAddressList": true}}],
          "methodConfig": [
            {
              "name": [{"service": "a.B", "method": "C"}, {"service": "a.D"}],
              "waitForReady": true,
              "timeout": "1.500000001s",
              "maxRequestMessageBytes": 1000,
              "maxResponseMessageBytes": "2000",
              "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 1.6,
                "retryableStatusCodes": ["UNAVAILABLE", 10]
              }
            },
            {
              "name": [{}],
              "hedgingPolicy": {"maxAttempts": 3, "hedgingDelay": "0.5s", "nonFatalStatusCodes": ["INTERNAL"]}
            }
          ],
          "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
          "healthCheckConfig": {"serviceName": "a.B"}
        }
        """
    )
    let retry = RetryPolicy(
      maxAttempts: 4,
      initialBackoff: .milliseconds(100),
      maxBackoff: .seconds(1),
      backoffMultiplier: 1.6,
      retryableStatusCodes: [.unavailable, .aborted]
    )
    let hedging = HedgingPolicy(maxAttempts: 3, hedgingDelay: .milliseconds(500), nonFatalStatusCodes: [.internalError])
    let expected = ServiceConfig(
      loadBalancing: .roundRobin,
      healthCheckService: "a.B",
      methods: [
        MethodConfig(
          names: [.init(service: "a.B", method: "C"), .init(service: "a.D")],
          waitForReady: true,
          timeout: .nanoseconds(1_500_000_001),
          requestBytesMaximum: 1000,
          responseBytesMaximum: 2000,
          attempts: .retry(retry)
        ),
        MethodConfig(names: [.init()], attempts: .hedging(hedging)),
      ],
      retryThrottling: RetryThrottling(maxTokens: 10, tokenRatio: 0.1)
    )
    #expect(config == expected)
  }

  @Test(
    "the first policy that is known balances the load",
    arguments: [
      (#"{"loadBalancingConfig": [{"pick_first": {}}, {"round_robin": {}}]}"#, LoadBalancingPolicy.pickFirst),
      (#"{"loadBalancingConfig": [{"xds": {}}, {"round_robin": {}}]}"#, .roundRobin),
      (#"{"loadBalancingPolicy": "ROUND_ROBIN"}"#, .roundRobin),
      (#"{"loadBalancingPolicy": "pick_first"}"#, .pickFirst),
      (#"{"loadBalancingPolicy": "UNSPECIFIED"}"#, .pickFirst),
      (#"{"loadBalancingPolicy": "round_robin", "loadBalancingConfig": [{"pick_first": {}}]}"#, .pickFirst),
    ]
  )
  func balancing(_ json: String, _ policy: LoadBalancingPolicy) throws {
    #expect(try ServiceConfig(json: json).loadBalancing == policy)
  }

  @Test("balancing that cannot be done is refused")
  func balancingRefused() {
    expectRefusal(#"{"loadBalancingConfig": [{"xds": {}}]}"#, at: "$.loadBalancingConfig", "none of the policies")
    expectRefusal(#"{"loadBalancingConfig": []}"#, at: "$.loadBalancingConfig", "add {\"pick_first\"")
    expectRefusal(
      #"{"loadBalancingConfig": [{"pick_first": {}, "round_robin": {}}]}"#,
      at: "$.loadBalancingConfig[0]",
      "exactly one"
    )
    expectRefusal(#"{"loadBalancingConfig": {}}"#, at: "$.loadBalancingConfig", "a list")
    expectRefusal(
      #"{"loadBalancingConfig": [{"round_robin": 1}]}"#,
      at: "$.loadBalancingConfig[0].round_robin",
      "object"
    )
    expectRefusal(#"{"loadBalancingPolicy": "grpclb"}"#, at: "$.loadBalancingPolicy", "not known")
  }

  @Test("names that are given twice or lack their service are refused")
  func names() throws {
    #expect(try method(#""name": []"#).names.isEmpty)
    #expect(try method(#""name": [{"service": "", "method": ""}]"#).names == [.init()])
    expectRefusal(
      #"{"methodConfig": [{"name": [{"method": "M"}]}]}"#,
      at: "$.methodConfig[0].name[0]",
      "add \"service\""
    )
    expectRefusal(
      #"{"methodConfig": [{"name": [{"service": "S"}]}, {"name": [{}, {"service": "S", "method": ""}]}]}"#,
      at: "$.methodConfig[1].name[1]",
      "$.methodConfig[0].name[0]"
    )
  }

  @Test(
    "times are seconds with up to nine decimal places",
    arguments: [
      ("\"0s\"", Duration.zero), ("\"1s\"", .seconds(1)), ("\".25s\"", .milliseconds(250)),
      ("\"3.000000001s\"", .nanoseconds(3_000_000_001)),
    ]
  )
  func times(_ text: String, _ time: Duration) throws {
    #expect(try method("\"timeout\": \(text)").timeout == time)
  }

  @Test(
    "an invalid duration is refused",
    arguments: ["1", "\"1\"", "\"1m\"", "\"-1s\"", "\"1.0000000001s\"", "\"s\"", "true"]
  )
  func badTimes(_ text: String) {
    #expect(refusal(#"{"methodConfig": [{"timeout": \#(text)}]}"#)?.place == "$.methodConfig[0].timeout")
  }

  @Test("values of another kind or out of range are refused")
  func values() {
    for (members, place, advice) in [
      (#""waitForReady": 1"#, "waitForReady", "true or false"),
      (#""maxRequestMessageBytes": -1"#, "maxRequestMessageBytes", "0 to 4294967295"),
      (#""maxResponseMessageBytes": 1.5"#, "maxResponseMessageBytes", "an integer"),
      (#""name": [{"service": 1}]"#, "name[0].service", "a string"),
      (#""retryPolicy": [], "hedgingPolicy": null"#, "retryPolicy", "an object"),
    ] {
      expectRefusal("{\"methodConfig\": [{\(members)}]}", at: "$.methodConfig[0].\(place)", advice)
    }
    expectRefusal(#"{"healthCheckConfig": {"serviceName": 5}}"#, at: "$.healthCheckConfig.serviceName", "a string")
    expectRefusal("[]", at: "$", "an object")
  }

  private func retryPolicy(_ changes: [String: String?]) -> String {
    var members: [String: String] = [
      "maxAttempts": "4", "initialBackoff": "\"0.1s\"", "maxBackoff": "\"1s\"", "backoffMultiplier": "2",
      "retryableStatusCodes": "[\"UNAVAILABLE\"]",
    ]
    for (name, value) in changes { members[name] = value }
    let text = members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    return "{\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {\(text)}}]}"
  }

  @Test("each part of a retry policy is required and checked")
  func retryPolicies() {
    #expect(refusal(retryPolicy([:])) == nil)
    let place = "$.methodConfig[0].retryPolicy"
    for name in ["maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier", "retryableStatusCodes"] {
      expectRefusal(retryPolicy([name: nil]), at: "\(place).\(name)", "missing")
    }
    expectRefusal(retryPolicy(["maxAttempts": "1"]), at: "\(place).maxAttempts", "it is 1; write 2")
    expectRefusal(retryPolicy(["initialBackoff": "\"0s\""]), at: "\(place).initialBackoff", "greater than zero")
    expectRefusal(retryPolicy(["maxBackoff": "\"0s\""]), at: "\(place).maxBackoff", "greater than zero")
    expectRefusal(retryPolicy(["backoffMultiplier": "0"]), at: "\(place).backoffMultiplier", "greater than zero")
    expectRefusal(retryPolicy(["retryableStatusCodes": "[]"]), at: "\(place).retryableStatusCodes", "at least one")
    for code in ["\"NO_SUCH\"", "17", "-1", "true", "\"unavailable\""] {
      let json = retryPolicy(["retryableStatusCodes": "[14, \(code)]"])
      expectRefusal(json, at: "\(place).retryableStatusCodes[1]", "not a status")
    }
    expectRefusal(retryPolicy(["retryableStatusCodes": "[0]"]), at: "\(place).retryableStatusCodes[0]", "no failure")
  }

  @Test("more than five attempts are five")
  func attemptsMaximum() throws {
    let config = try ServiceConfig(json: retryPolicy(["maxAttempts": "100"]))
    guard case .retry(let policy) = config.methods.first?.attempts else {
      Issue.record("there is no retry policy")
      return
    }
    #expect(policy.maxAttempts == 5)
  }

  @Test("a hedging policy needs its number of attempts only, and excludes a retry policy")
  func hedgingPolicies() throws {
    let policy = try method(#""hedgingPolicy": {"maxAttempts": 2}"#).attempts
    #expect(policy == .hedging(HedgingPolicy(maxAttempts: 2)))
    let place = "$.methodConfig[0]"
    expectRefusal(#"{"methodConfig": [{"hedgingPolicy": {}}]}"#, at: "\(place).hedgingPolicy.maxAttempts", "missing")
    expectRefusal(
      #"{"methodConfig": [{"hedgingPolicy": {"maxAttempts": 2, "hedgingDelay": "-1s"}}]}"#,
      at: "\(place).hedgingPolicy.hedgingDelay",
      "negative"
    )
    expectRefusal(
      #"{"methodConfig": [{"hedgingPolicy": {"maxAttempts": 2}, "retryPolicy": {}}]}"#,
      at: place,
      "remove one"
    )
  }

  @Test("throttling is checked")
  func throttling() {
    for (members, place, advice) in [
      (#""maxTokens": 0, "tokenRatio": 1"#, "maxTokens", "1 to 1000"),
      (#""maxTokens": 1001, "tokenRatio": 1"#, "maxTokens", "1 to 1000"),
      (#""tokenRatio": 1"#, "maxTokens", "missing"),
      (#""maxTokens": 10"#, "tokenRatio", "missing"),
      (#""maxTokens": 10, "tokenRatio": 0"#, "tokenRatio", "greater than zero"),
      (#""maxTokens": 10, "tokenRatio": 0.0001"#, "tokenRatio", "0.001"),
    ] {
      expectRefusal("{\"retryThrottling\": {\(members)}}", at: "$.retryThrottling.\(place)", advice)
    }
  }

  @Test("text that is no JSON is refused where it goes wrong")
  func noJSON() {
    expectRefusal("", at: "$", "not valid JSON")
    expectRefusal(#"{"methodConfig": [{"timeout": }]}"#, at: "$.methodConfig[0].timeout", "not valid JSON")
    expectRefusal(#"{"timeout": 1, "timeout": 2}"#, at: "$.timeout", "twice")
    expectRefusal("{} {}", at: "$", "not valid JSON")
    #expect(refusal(String(repeating: "[", count: 100_000))?.reason.contains("nested") == true)
    #expect(refusal(String(repeating: " ", count: 2 << 20))?.reason.contains("longer") == true)
  }
}
