import GRPCProto
import Messages
import RPC

/// Server reflection, `grpc.reflection.v1`.
struct ReflectionV1: GrpcReflectionV1.ServerReflection {
  let answers: ReflectionAnswers

  func serverReflectionInfo(
    _ requests: RequestStream<GrpcReflectionV1.ServerReflectionRequest>,
    responses: ResponseWriter<GrpcReflectionV1.ServerReflectionResponse>,
    context: ServerContext
  ) async throws {
    for try await request in requests.untilDrain() {
      try await responses.write(
        GrpcReflectionV1.ServerReflectionResponse(
          validHost: request.host,
          originalRequest: request,
          messageResponse: response(to: request.messageRequest)
        )
      )
    }
  }

  private func response(
    to question: GrpcReflectionV1.ServerReflectionRequest.OneOfMessageRequest?
  ) -> GrpcReflectionV1.ServerReflectionResponse.OneOfMessageResponse {
    switch question {
    case .fileByFilename(let name)?: message(answers.file(named: name))
    case .fileContainingSymbol(let symbol)?: message(answers.file(declaring: symbol))
    case .fileContainingExtension(let wanted)?:
      message(answers.file(extending: wanted.containingType, number: wanted.extensionNumber))
    case .allExtensionNumbersOfType(let type)?: message(answers.extensionNumbers(of: type))
    case .listServices?: message(answers.services)
    case nil:
      .errorResponse(
        GrpcReflectionV1.ErrorResponse(
          errorCode: Int32(StatusCode.invalidArgument.rawValue),
          errorMessage: "the request asks nothing"
        )
      )
    }
  }

  private func message(
    _ answer: ReflectionAnswers.Answer
  ) -> GrpcReflectionV1.ServerReflectionResponse.OneOfMessageResponse {
    switch answer {
    case .files(let files):
      .fileDescriptorResponse(GrpcReflectionV1.FileDescriptorResponse(fileDescriptorProto: files))
    case .services(let names):
      .listServicesResponse(
        GrpcReflectionV1.ListServiceResponse(service: names.map { GrpcReflectionV1.ServiceResponse(name: $0) })
      )
    case .extensionNumbers(let type, let numbers):
      .allExtensionNumbersResponse(
        GrpcReflectionV1.ExtensionNumberResponse(baseTypeName: type, extensionNumber: numbers)
      )
    case .notFound(let sentence):
      .errorResponse(
        GrpcReflectionV1.ErrorResponse(
          errorCode: Int32(StatusCode.notFound.rawValue),
          errorMessage: sentence
        )
      )
    }
  }
}

/// Server reflection, `grpc.reflection.v1alpha`, which older tools ask for: the same answers, for its messages are those of
/// v1, field by field.
struct ReflectionV1alpha: RegistrableService {
  static var serviceDescriptor: ServiceDescriptor { GrpcReflectionV1alpha.ServerReflectionMethods.service }
  static var fileDescriptors: FileDescriptors { .grpcProto }

  let current: ReflectionV1

  var methods: [ServerMethod] {
    [
      .bidirectional(GrpcReflectionV1alpha.ServerReflectionMethods.serverReflectionInfo) {
        try await current.serverReflectionInfo($0, responses: $1, context: $2)
      }
    ]
  }
}
