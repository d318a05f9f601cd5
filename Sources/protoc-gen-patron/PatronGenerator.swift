import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The protoc plugin: one Swift file per proto file, a file of namespaces, and the C that belongs to them.
struct PatronGenerator: CodeGenerator {
  var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] { [.proto3Optional] }

  func generate(
    files: [FileDescriptor],
    parameter: any CodeGeneratorParameter,
    protoCompilerContext: any ProtoCompilerContext,
    generatorOutputs: any GeneratorOutputs
  ) throws {
    let options = try GeneratorOptions(parameter)
    for file in files where file.edition != .proto3 {
      throw GeneratorOptions.InvalidOption(description: "\(file.name): only proto3 is supported")
    }
    switch options.language {
    case .swift:
      for file in files {
        let source = try FileGenerator(file: file, generated: files, options: options).source()
        try generatorOutputs.add(fileName: SwiftNames.sourceFile(of: file), contents: source)
      }
      let module = ModuleGenerator(files: files, options: options)
      try generatorOutputs.add(fileName: "\(options.module).swift", contents: module.source)
    case .c:
      let generator = CModuleGenerator(files: files, options: options)
      try generatorOutputs.add(fileName: "include/\(options.cModule).h", contents: generator.header)
      try generatorOutputs.add(fileName: "include/module.modulemap", contents: generator.moduleMap)
      try generatorOutputs.add(fileName: "file_descriptor_set.c", contents: generator.descriptorSet)
    }
  }
}
