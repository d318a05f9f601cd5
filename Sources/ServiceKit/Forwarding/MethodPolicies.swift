public import CommonProto
public import Messages
import RPC

/// The policies that protos declare beside methods.
public enum MethodPolicies {
  /// The number of the option `patron.access.v1.policy`.
  private static let option: UInt32 = 50001

  /// Returns a method's policy. One without has the policy without anything.
  public static func policy(of method: ServiceDescription.Method) -> AccessV1.MethodPolicy {
    declared(by: method) ?? AccessV1.MethodPolicy()
  }

  /// Returns the policy that a method declares, nil if it declares none.
  public static func declared(by method: ServiceDescription.Method) -> AccessV1.MethodPolicy? {
    method.option(option).flatMap { try? AccessV1.MethodPolicy(serializedBytes: $0) }
  }
}

extension MethodPolicies {
  /// Returns what is refused first under load, by `service/method`.
  static func priorities(of services: [String], in files: FileDescriptors) -> [String: CallPriority] {
    var priorities: [String: CallPriority] = [:]
    for service in services {
      for method in files.service(service)?.methods ?? [] {
        switch policy(of: method).priority {
        case .checkout: priorities["\(service)/\(method.name)"] = .checkout
        case .browsing: priorities["\(service)/\(method.name)"] = .browsing
        default: priorities["\(service)/\(method.name)"] = .normal
        }
      }
    }
    return priorities
  }
}
