public import Messages
public import RPC

/// What reflection answers (grpc/grpc doc/server-reflection.md), whatever version of the protocol asks.
struct ReflectionAnswers: Sendable {
  enum Answer: Hashable, Sendable {
    case files([[UInt8]])
    case services([String])
    case extensionNumbers(type: String, numbers: [Int32])
    /// NOT_FOUND, with a sentence.
    case notFound(String)
  }

  let descriptors: FileDescriptors
  /// Full names of the services that this process serves.
  let serviceNames: [String]

  /// The file and all that it imports, so that one answer is enough to use it.
  func file(named name: String) -> Answer {
    let files = descriptors.closure(ofFile: name)
    return files.isEmpty ? .notFound("there is no file \(name)") : .files(files.map(\.serializedBytes))
  }

  /// The file that declares a message, enum, service, method or field.
  func file(declaring symbol: String) -> Answer {
    guard let file = descriptors.file(declaring: symbol) else { return .notFound("there is no symbol \(symbol)") }
    return self.file(named: file.name)
  }

  /// Every service of the process, reflection included.
  var services: Answer { .services(serviceNames.sorted()) }

  /// proto3 messages have no extensions.
  func extensionNumbers(of type: String) -> Answer {
    descriptors.file(declaring: type) == nil
      ? .notFound("there is no type \(type)")
      : .extensionNumbers(type: type, numbers: [])
  }

  /// proto3 messages have no extensions.
  func file(extending type: String, number: Int32) -> Answer {
    .notFound("there is no extension \(number) of \(type)")
  }
}

/// Server reflection, in the two versions that tools ask for.
public enum Reflection {
  /// Makes the reflection services of a process that serves `serviceNames`.
  public static func services(_ descriptors: FileDescriptors, serviceNames: [String]) -> [any RegistrableService] {
    let answers = ReflectionAnswers(descriptors: descriptors, serviceNames: serviceNames)
    return [ReflectionV1(answers: answers), ReflectionV1alpha(current: ReflectionV1(answers: answers))]
  }
}
