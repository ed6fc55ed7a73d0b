import Foundation
import TestSupport

/// Rows in which invented personal data are planted: good ones and bad ones, with and without ids,
/// plain, escaped and full-width.
struct PlantedRows {
  /// Parts of what is planted, long enough to be found by no accident.
  private(set) var secrets: [String] = []
  private(set) var users: [String] = []
  private(set) var count = 0
  private var lines: [Data] = []
  private var table = "user,text,time\n"

  init(seed: UInt64) {
    var maker = PersonalCaseMaker(seed: seed)
    for number in 0..<480 {
      let example = maker.positive(PersonalCaseMaker.kinds[number % PersonalCaseMaker.kinds.count])
      // Ten digits without anything around them are nobody's for sure, and stay.
      if example.secret.count == 10, example.secret.allSatisfy(\.isNumber) { continue }
      add(example, number)
    }
  }

  private mutating func add(_ example: PersonalCase, _ number: Int) {
    let user = "ursula.quill.\(number)\(number % 5 == 0 ? "李" : "")"
    users.append(user)
    let scalars = Array(example.secret.unicodeScalars)
    secrets.append(example.secret)
    if scalars.count >= 16 {
      secrets += [scalars[..<(scalars.count / 2)], scalars[(scalars.count / 2)...]]
        .map { String(String.UnicodeScalarView($0)) }
    }
    count += 1
    // The numbers have no common factors: every kind comes in every row.
    let style = number / 6 % 3
    let text = Self.quoted(example.text, style)
    let id = number / 18 % 2 == 0 ? "\"id\":\"r-\(number)\"," : ""
    let start = "{\(id)\"user\":\(Self.quoted(user, style)),"
    switch (number % 7, number / 7 % 4) {
    // No text, broken JSON, a time that is none, bytes that are no UTF-8.
    case (6, 0): add("\(start)\"body\":\(text)}")
    case (6, 1): add("\(start)\"text\":\(text.dropLast())")
    case (6, 2): add("\(start)\"text\":\"Fine\",\"time\":\(text)}")
    case (6, _): add("\(start)\"body\":\(text)", [0xFF])
    case (5, _):
      table += "\(user),\"\(example.text.replacing("\"", with: "\"\""))\",2024-05-02\n"
    default: add("\(start)\"item\":\"lamp\",\"text\":\(text),\"time\":1714579200}")
    }
  }

  private mutating func add(_ line: String, _ end: [UInt8] = []) {
    lines.append(Data(line.utf8) + Data(end) + Data("\n".utf8))
  }

  /// A JSON string: as it is, with escaped signs, or with nothing but escapes.
  private static func quoted(_ text: String, _ style: Int) -> String {
    let characters = text.unicodeScalars.map { scalar -> String in
      let isSign = scalar.isASCII && !scalar.properties.isAlphabetic && scalar != " "
      let isEscaped = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      guard isEscaped || style == 1 && isSign || style == 2 else { return String(scalar) }
      return scalar.utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
    return "\"\(characters.joined())\""
  }

  /// Writes `rows.jsonl`, `rows.csv` and `key`.
  func write(to folder: URL) throws {
    try lines.reduce(Data(), +).write(to: folder.appendingPathComponent("rows.jsonl"))
    try Data(table.utf8).write(to: folder.appendingPathComponent("rows.csv"))
    try Data("sixteen letters!\n".utf8).write(to: folder.appendingPathComponent("key"))
  }
}
