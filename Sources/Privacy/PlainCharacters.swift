/// A text as its recognisers see it: a byte for every character.
///
/// ASCII stands for itself, for its full-width forms, and for other digits, blanks, hyphens and, as
/// "$", signs of money.
/// What is not seen (zero-width and direction marks, variation selectors) belongs to the character
/// before it.
struct PlainCharacters {
  /// A letter of another alphabet, to which words may go on.
  static let letter: UInt8 = 0x80
  /// A character of a script without spaces, beside which anything may begin or end.
  static let ideograph: UInt8 = 0x81
  /// Anything else.
  static let other: UInt8 = 0x82

  private(set) var codes: [UInt8] = []
  /// Characters of several scalars, in order: which, how many scalars beyond the first, and whether
  /// those are of an escape or of what is not seen.
  private var wide: [(index: Int, more: Int, isHidden: Bool)] = []

  /// The characters of a text.
  init(_ text: String) {
    codes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(scalar, scalarCount: 1) }
  }

  /// The characters of a text in which JSON's escapes stand for characters.
  init(escaped text: String) {
    codes.reserveCapacity(text.utf8.count)
    var rest = text.unicodeScalars[...]
    while let (scalar, count) = rest.popEscaped() { append(scalar, scalarCount: count) }
  }

  private mutating func append(_ scalar: Unicode.Scalar, scalarCount: Int) {
    let code = Self.code(of: scalar, after: codes.last ?? Self.other)
    if code == nil, let last = codes.indices.last {
      wide.append((last, scalarCount, true))
    } else {
      if scalarCount > 1 { wide.append((codes.count, scalarCount - 1, false)) }
      codes.append(code ?? Self.other)
    }
  }

  /// Nil for what is not seen.
  private static func code(of scalar: Unicode.Scalar, after last: UInt8) -> UInt8? {
    switch scalar.value {
    case 0..<0x80: return UInt8(scalar.value)
    case 0xFF01...0xFF5E: return UInt8(scalar.value - 0xFEE0)
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return UInt8(ascii: " ")
    case 0x2010...0x2015, 0x2212, 0xFE63: return UInt8(ascii: "-")
    // Variation selectors, and the frame of a keycap.
    case 0xFE00...0xFE0F, 0x20E3: return nil
    // Thai to Myanmar and Khmer, Hangul, kana, Han.
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3001...0x33FF,
      0x3400...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFF5F...0xFFDC, 0x20000...0x3FFFF:
      return cueCodes[scalar.value] ?? ideograph
    default: break
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .format: return nil
    case .currencySymbol: return UInt8(ascii: "$")
    case .decimalNumber: return UInt8(0x30 + Int(properties.numericValue ?? 0))
    case .nonspacingMark, .spacingMark: return last.isLetter || last == letter ? letter : other
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return letter
    default: return other
    }
  }

  /// Ideographs that cues are made of have codes of their own, so that cues are bytes too.
  private static let cueCodes: [UInt32: UInt8] = {
    let characters = "电话電話手机機致拨打微信热线座版本号地址订单编元块塊万萬".unicodeScalars
    let codes = zip(characters, UInt8(0x90)...).map { ($0.value, $1) }
    return Dictionary(uniqueKeysWithValues: codes)
  }()

  var count: Int { codes.count }

  /// NUL beyond the ends, which no recogniser takes.
  subscript(index: Int) -> UInt8 { codes.indices.contains(index) ? codes[index] : 0 }

  func isDigit(_ index: Int) -> Bool { self[index].isDigit }

  /// The first index from `start` on whose character does not fit, `limit` further on at most.
  func end(from start: Int, limit: Int = .max, while fits: (UInt8) -> Bool) -> Int {
    let stop = limit < count - start ? start + limit : count
    var index = start
    while index < stop && fits(codes[index]) { index += 1 }
    return index
  }

  /// Whether the text goes on here with `word`, in whatever case.
  func matches(_ word: [UInt8], at start: Int) -> Bool {
    guard start >= 0, word.count <= count - start else { return false }
    return word.indices.allSatisfy { codes[start + $0].lowercased == word[$0] }
  }

  /// The scalars of ranges of characters, which are in order; without what is not seen at the end.
  func scalars(of ranges: [Range<Int>]) -> [Range<Int>] {
    var (passed, before) = (0, 0)
    func scalar(_ index: Int) -> Int {
      while passed < wide.count, wide[passed].index < index {
        before += wide[passed].more
        passed += 1
      }
      return index + before
    }
    return ranges.map { range in
      let start = scalar(range.lowerBound)
      let last = scalar(range.upperBound - 1)
      let isEscape =
        passed < wide.count && wide[passed].index == range.upperBound - 1 && !wide[passed].isHidden
      return start..<last + 1 + (isEscape ? wide[passed].more : 0)
    }
  }
}

extension UInt8 {
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
  var isHexDigit: Bool {
    isDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
  }
  var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}
