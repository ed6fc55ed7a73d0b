/// The language of a text, by its script.
public enum Language {
  /// `zh` where at least a fifth of the letters are Chinese characters, else `en` where at least
  /// half are Latin, else `und`, as is what holds a kana for every four of them: Japanese.
  ///
  /// One Chinese character carries about as much as a Latin word, hence the low bar. Addresses are
  /// of no language: words with `@` or `://` in them count without their Latin letters.
  public static func code(of text: String) -> String {
    var (chinese, kana, latin, others) = (0, 0, 0, 0)
    // Of the word that is being read.
    var (latinInWord, isAddress) = (0, false)
    var last: Unicode.Scalar = " "
    func endWord() {
      if !isAddress { latin += latinInWord }
      (latinInWord, isAddress) = (0, false)
    }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20, 0x09, 0x0A, 0x0D, 0x3000: endWord()
      case 0x40: isAddress = true
      case 0x2F where last == "/" || last == ":": isAddress = true
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0xFB00...0xFB06,
        0xFF21...0xFF3A, 0xFF41...0xFF5A:
        latinInWord += 1
      case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3134F: chinese += 1
      case 0x3041...0x3096, 0x30A1...0x30FA, 0x31F0...0x31FF, 0xFF66...0xFF9D: kana += 1
      default: if scalar.properties.isAlphabetic { others += 1 }
      }
      last = scalar
    }
    endWord()
    let letters = chinese + kana + latin + others
    if letters == 0 { return "und" }
    if 5 * chinese >= letters { return 4 * kana > chinese ? "und" : "zh" }
    return 2 * latin >= letters ? "en" : "und"
  }
}
