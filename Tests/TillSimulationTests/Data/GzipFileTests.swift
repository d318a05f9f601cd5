import Foundation
import Testing

@testable import TillSimulation

@Suite("Gzip files")
struct GzipFileTests {
  private let file = "\(JourneyFixture.directory)/campaign_descriptions.csv.gz"

  @Test("a file is inflated whole")
  func whole() throws {
    let content = try GzipFile.read(file)
    #expect(
      String(decoding: content, as: UTF8.self).hasPrefix("campaign_id,campaign_type,start_date,end_date\n1,Type B,")
    )
    #expect(content.filter { $0 == UInt8(ascii: "\n") }.count == 28)
  }

  @Test("a file cut short is refused")
  func cutShort() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cut-\(UUID()).gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
    #expect(throws: DataFileError.self) { try GzipFile.read(path) }
  }

  @Test("a missing file is refused with its path")
  func missing() {
    #expect(throws: DataFileError(path: "/nowhere.gz", problem: "it can't be opened")) {
      try GzipFile.read("/nowhere.gz")
    }
  }
}
