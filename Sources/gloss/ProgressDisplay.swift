import ArgumentParser
import Files
import Foundation
import Inference

/// How far a run is: a line that moves on a terminal, or objects for machines.
final class ProgressDisplay {
  enum Style: String, CaseIterable, ExpressibleByArgument {
    case auto, json, none
  }

  private let style: Style
  private let start = Date()
  private var last = Date()
  /// Bytes of all files; nil where one of them does not say, as a pipe.
  private let totalBytes: Int?

  init(_ style: Style, files: [String]) {
    self.style = style
    let sizes = files.map { RegularFile($0)?.size }
    totalBytes = sizes.contains(nil) ? nil : sizes.compactMap { $0 }.reduce(0, +)
  }

  /// The state, where it is time to show it again.
  func show(_ counts: AnnotationRun.Counts, bytesRead: Int) {
    let seconds = Date().timeIntervalSince(start)
    let rate = Double(counts.read) / max(seconds, 1e-3)
    let left = totalBytes.flatMap { total in
      bytesRead > 0 ? seconds * Double(max(0, total - bytesRead)) / Double(bytesRead) : nil
    }
    switch style {
    case .none: break
    case .auto:
      guard Console.isTerminal else { return }
      Console.progress {
        let eta = left.map { ", \(duration(Int($0.rounded(.up)))) left" } ?? ""
        return "\(counts.read) rows, \(decimals(rate, 0)) rows/s\(eta)"
      }
    case .json:
      guard Date().timeIntervalSince(last) >= 1 else { return }
      last = Date()
      var fields = [
        #""read":\#(counts.read)"#, #""glossed":\#(counts.glossed)"#,
        #""abstained":\#(counts.abstained)"#, #""rejected":\#(counts.rejected)"#,
        #""seconds":\#(decimals(seconds, 3))"#, #""rows_per_second":\#(decimals(rate, 1))"#,
        #""bytes_read":\#(bytesRead)"#,
      ]
      if let totalBytes { fields.append(#""bytes_total":\#(totalBytes)"#) }
      if let left { fields.append(#""seconds_left":\#(decimals(left, 1))"#) }
      Console.note("{\(fields.joined(separator: ","))}")
    }
  }

  /// Takes the line back.
  func finish() { Console.clearProgress() }
}
