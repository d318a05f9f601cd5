import SwiftProtobufPluginLibrary

extension ProvidesSourceCodeLocation {
  /// The comment above a declaration; the lines of a paragraph are joined.
  var commentText: String {
    let lines = protoSourceComments(commentPrefix: "")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingPrefix { $0 == " " } }
    return lines.split(whereSeparator: \.isEmpty).map { $0.joined(separator: " ") }.joined(separator: "\n\n")
  }
}

extension String {
  /// The first sentence, without its full stop.
  var firstSentence: String {
    let end = firstRange(of: /[.:](?= |\n|$)/)?.lowerBound ?? endIndex
    return String(self[..<end])
  }
}
