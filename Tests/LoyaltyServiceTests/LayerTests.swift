import Foundation
import Testing

@Suite("The service is built in layers, and calls go down only")
struct LayerTests {
  /// From the highest to the lowest; each is a folder.
  private static let layers = ["API", "Upkeep", "Store", "Batch", "Ledger"]

  /// The files of a layer, by their names.
  private static func files(_ layer: String) throws -> [String: String] {
    let root = URL(filePath: #filePath).appending(path: "../../../services/loyalty/Sources/LoyaltyService").standardized
    let folder = root.appending(path: layer)
    let names = try #require(FileManager.default.enumerator(atPath: folder.path)).compactMap { $0 as? String }
    var files: [String: String] = [:]
    for name in names where name.hasSuffix(".swift") {
      files["\(layer)/\(name)"] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return files
  }

  /// The types that a layer declares for others.
  private static func types(_ layer: String) throws -> Set<String> {
    let declaration = /^(?:public |final |indirect )*(?:struct|class|enum|protocol|actor|typealias) ([A-Za-z0-9]+)/
      .anchorsMatchLineEndings()
    return Set(try files(layer).values.flatMap { $0.matches(of: declaration).map { String($0.1) } })
  }

  /// The names in a file's code; comments do not count.
  private static func names(_ text: String) -> Set<String> {
    let code = text.split(separator: "\n").map { line in
      String(line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line)
    }
    return Set(code.joined(separator: "\n").matches(of: /[A-Za-z_][A-Za-z0-9_]*/).map { String($0.output) })
  }

  @Test("no layer names a type of a higher one", arguments: layers.indices.dropFirst())
  func down(_ index: Int) throws {
    let above = try Self.layers[..<index].reduce(into: Set<String>()) { try $0.formUnion(Self.types($1)) }
    let own = try Self.types(Self.layers[index])
    #expect(!above.isEmpty && !own.isEmpty)
    for (file, text) in try Self.files(Self.layers[index]) {
      #expect(Self.names(text).intersection(above.subtracting(own)).sorted() == [], "\(file)")
    }
  }

  @Test("messages and calls are known to the API alone, and SQL to what is above the ledger's rules")
  func imports() throws {
    for layer in Self.layers.dropFirst() {
      for (file, text) in try Self.files(layer) {
        let modules = text.matches(of: /^(?:public )?import ([A-Za-z0-9]+)$/.anchorsMatchLineEndings()).map { $0.1 }
        let isWrong = modules.contains { module in
          module.hasSuffix("Proto") || module == "RPC"
            || module == "Postgres" && layer == "Ledger"
        }
        #expect(!isWrong, "\(file) imports \(modules)")
      }
    }
  }
}
