import Foundation
import FuzzTargets
import Testing

@Suite("Inputs found by fuzzing")
struct CorpusTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz")
    .standardized

  private static func inputs(_ folder: String, _ target: FuzzTarget) throws -> [URL] {
    let folder = root.appending(path: folder).appending(path: target.rawValue)
    guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { !$0.lastPathComponent.hasPrefix(".") }
  }

  @Test("every input of the corpus keeps the properties of its target", arguments: FuzzTarget.allCases)
  func corpus(_ target: FuzzTarget) throws {
    let inputs = try Self.inputs("corpus", target)
    #expect(!inputs.isEmpty, "the corpus of \(target) is missing")
    for input in inputs { target.run(Array(try Data(contentsOf: input))) }
  }

  @Test("every input that once failed keeps them now", arguments: FuzzTarget.allCases)
  func failures(_ target: FuzzTarget) throws {
    for input in try Self.inputs("failures", target) { target.run(Array(try Data(contentsOf: input))) }
  }

  @Test("inputs changed at random keep them", arguments: FuzzTarget.allCases)
  func mutations(_ target: FuzzTarget) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of \(target): \(seed)")
    var mutator = Mutator(seed: seed)
    let inputs = try Self.inputs("corpus", target).sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
    try #require(!inputs.isEmpty)
    for _ in 0..<300 { target.run(mutator.mutate(inputs)) }
  }
}
