import CommonProto
import CoreMetrics
import Logging
import Messages
import Metrics
public import RPC

/// Proves that the documentation of errors is complete: a call fails only for a reason that its proto declares
/// (`errors` in patron/access/v1/policy.proto), or for one of those that every method may have.
///
/// Costs successful calls nothing but a comparison.
public struct DeclaredReasonCheck: CallEndObserver {
  /// The reasons for which every method of every service may fail. Those about members are declared where they occur.
  public static let ofEveryMethod =
    Set(CommonReason.allCases.filter { $0 != .memberNotFound && $0 != .membersUnavailable }.map(\.rawValue))
    .union(CommonFieldReason.allCases.map(\.rawValue))
    .union([FieldChecks.mixedReason])

  /// By the path of the method. Methods without a policy are none of Patron's.
  private let declared: [String: Set<String>]
  private let ofEveryCall: Set<String>
  private let report: @Sendable (_ method: String, _ reason: String) -> Void

  /// Makes a check of the methods that a service consists of.
  ///
  /// - Parameter report: Is called with the method and the reason of each call that failed for an undeclared one.
  public init(_ parts: ServiceParts, report: @escaping @Sendable (_ method: String, _ reason: String) -> Void) {
    let served =
      parts.services.map { (type(of: $0).serviceDescriptor.fullName, type(of: $0).fileDescriptors) }
      + parts.forwarded.map { ($0.descriptor.fullName, $0.fileDescriptors) }
    var declared: [String: Set<String>] = [:]
    for (name, files) in served {
      for method in files.service(name)?.methods ?? [] {
        declared["/\(name)/\(method.name)"] = MethodPolicies.declared(by: method).map { Set($0.errors) }
      }
    }
    self.declared = declared
    ofEveryCall = Self.ofEveryMethod.union(parts.reasons)
    self.report = report
  }

  /// Makes a check that counts and logs what it finds.
  init(_ parts: ServiceParts, metrics: any MetricsFactory, logger: Logger) {
    let count = Counter(label: "undeclared_reasons", factory: metrics)
    self.init(parts) { method, reason in
      count.increment()
      logger.error(
        "a call failed for a reason that its proto does not declare",
        metadata: ["rpc.method": "\(method)", "reason": "\(reason)"]
      )
    }
  }

  /// Looks at a failed call.
  public func ended(_ context: ServerContext, _ error: RPCError?) {
    guard let info = error?.info, info.domain != RuntimeReason.domain, !ofEveryCall.contains(info.reason),
      let own = declared[context.method.path], !own.contains(info.reason)
    else { return }
    report(context.method.fullName, info.reason)
  }
}
