/// Texts that are hardly texts.
enum OddText: String, CaseIterable {
  case wordless = "without a letter or digit"
  case endless = "longer than 50,000 characters"
  case repetitive = "of one character over and over"
  case damaged = "with control characters or U+FFFD"

  /// What is odd about a text; nil where nothing is.
  init?(_ text: String) {
    var (letters, count, damage) = (0, 0, 0)
    var (run, longestRun) = (0, 0)
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      count += 1
      run = scalar == previous ? run + 1 : 1
      longestRun = max(longestRun, run)
      previous = scalar
      let value = scalar.value
      if value < 0x80 {
        let isLetter = (0x41...0x5A).contains(value & 0xDF) || (0x30...0x39).contains(value)
        if isLetter { letters += 1 }
        if value < 0x20 && !(0x09...0x0D).contains(value) || value == 0x7F { damage += 1 }
      } else if value == 0xFFFD {
        damage += 1
      } else if letters == 0, scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      {
        letters += 1
      }
    }
    if damage > 0 {
      self = .damaged
    } else if letters == 0 {
      self = .wordless
    } else if count > 50_000 {
      self = .endless
    } else if longestRun > 20, longestRun > count / 2 {
      self = .repetitive
    } else {
      return nil
    }
  }
}
