/// What a generated service protocol refines: a set of methods that a ``Server`` can offer.
public protocol RegistrableService: Sendable {
  /// The service's name and methods.
  static var serviceDescriptor: ServiceDescriptor { get }
  /// The methods with the code that serves them.
  var methods: [ServerMethod] { get }
}
