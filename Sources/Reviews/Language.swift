/// The language of a text, by its script.
public enum Language {
  /// `zh` where at least a fifth of the letters are Chinese characters, else `en` where at least
  /// half are Latin, else `und`.
  ///
  /// One Chinese character carries about as much as a Latin word, hence the low bar.
  public static func code(of text: String) -> String {
    var (chinese, latin, letters) = (0, 0, 0)
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
      letters += 1
      switch scalar.value {
      case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0xFB00...0xFB06, 0xFF21...0xFF3A,
        0xFF41...0xFF5A:
        latin += 1
      case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3134F: chinese += 1
      default: break
      }
    }
    if letters > 0, 5 * chinese >= letters { return "zh" }
    return letters > 0 && 2 * latin >= letters ? "en" : "und"
  }
}
