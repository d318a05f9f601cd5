import CZlib

/// Reads files that gzip compressed (RFC 1952).
enum GzipFile {
  /// The most a file may hold once inflated: many times the largest file of the examples, and far from all memory.
  static let bytesMaximum = 256 << 20

  /// The inflated content of the file at `path`.
  static func read(_ path: String) throws(DataFileError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else { throw DataFileError(path: path, problem: "it can't be opened") }
    defer { gzclose(file) }
    gzbuffer(file, 128 << 10)

    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { gzread(file, $0.baseAddress, UInt32($0.count)) }
      guard count >= 0 else { throw DataFileError(path: path, problem: "it is not a sound gzip file") }
      if count == 0 { break }
      content += chunk[..<Int(count)]
      guard content.count <= bytesMaximum else { throw DataFileError(path: path, problem: "it is too large") }
    }
    // A file cut short reads to its end without complaint; only closing or the error number tells.
    var number: Int32 = 0
    gzerror(file, &number)
    guard number == Z_OK else { throw DataFileError(path: path, problem: "it is cut short") }
    return content
  }
}
