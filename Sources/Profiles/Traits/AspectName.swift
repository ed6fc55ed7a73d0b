import Foundation

/// Brings the ways to write an aspect together: "The batteries" and "battery", 螢幕 and 屏幕.
final class AspectNames {
  private var known: [String: String] = [:]
  private static let mostKnown = 100_000

  /// The name under which mentions of `text` are counted; empty where it has no letter or digit.
  func name(of text: String) -> String {
    if let name = known[text] { return name }
    let name = Self.name(of: text)
    if known.count >= Self.mostKnown { known.removeAll() }
    known[text] = name
    return name
  }

  /// Full-width and other forms become plain ones, capitals small ones, traditional characters
  /// simplified ones, hyphens blanks; articles, possessives and marks around the name go, and its
  /// last word becomes a singular.
  static func name(of text: String) -> String {
    var name = text.precomposedStringWithCompatibilityMapping.lowercased()
    guard name.unicodeScalars.allSatisfy(\.isASCII) else {
      if name.unicodeScalars.contains(where: \.properties.isIdeographic) {
        name = name.applyingTransform(StringTransform("Hant-Hans"), reverse: false) ?? name
        let plain = name.filter { !$0.isWhitespace }.trimmingMarks
        let core = plain.count > 2 && plain.hasSuffix("的") ? String(plain.dropLast()) : plain
        return chinese[core] ?? core
      }
      return english(name)
    }
    return english(name)
  }

  private static func english(_ text: String) -> String {
    var words = text.split { $0.isWhitespace || "-_/".contains($0) }.map {
      String($0).trimmingMarks
    }.filter { !$0.isEmpty }
    while words.count > 1, let first = words.first, determiners.contains(first) {
      words.removeFirst()
    }
    if let last = words.popLast() { words.append(singular(last)) }
    return words.map { british[$0] ?? $0 }.joined(separator: " ")
  }

  private static let determiners: Set = [
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our",
    "their", "any", "some", "all",
  ]

  /// One way to write what is written in two.
  private static let british = [
    "colour": "color", "flavour": "flavor", "odour": "odor", "centre": "center",
    "theatre": "theater", "grey": "gray", "favourite": "favorite", "behaviour": "behavior",
    "tyre": "tire", "aluminium": "aluminum", "programme": "program",
  ]

  /// Names for the same thing, under the commonest.
  private static let chinese = [
    "荧幕": "屏幕", "屏": "屏幕", "萤幕": "屏幕", "显示屏": "屏幕", "价钱": "价格", "价位": "价格",
    "售价": "价格", "软体": "软件", "硬体": "硬件", "程式": "程序", "质素": "质量", "品质": "质量",
    "照相": "拍照", "口味": "味道", "服务态度": "服务", "快递": "物流", "送货": "物流",
    "电池续航": "续航", "待机": "续航", "外型": "外观", "外形": "外观",
    "滑鼠": "鼠标", "行动电源": "充电宝", "早饭": "早餐", "宾馆": "酒店",
  ]
}

/// The singular of an English noun, by the rules of spelling and the commonest exceptions.
func singular(_ word: String) -> String {
  if let exception = irregular[word] { return exception }
  guard word.count > 3, word.hasSuffix("s") else { return word }
  for ending in ["ss", "us", "is", "'s"] where word.hasSuffix(ending) {
    return ending == "'s" ? String(word.dropLast(2)) : word
  }
  if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
  for ending in ["ches", "shes", "sses", "xes", "zzes"] where word.hasSuffix(ending) {
    return String(word.dropLast(2))
  }
  return String(word.dropLast())
}

private let irregular = [
  "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot",
  "teeth": "tooth", "mice": "mouse", "knives": "knife", "wives": "wife", "lives": "life",
  "leaves": "leaf", "shelves": "shelf", "halves": "half", "loaves": "loaf", "wolves": "wolf",
  "potatoes": "potato", "tomatoes": "tomato", "heroes": "hero", "movies": "movie",
  "cookies": "cookie", "calories": "calorie", "selfies": "selfie", "zombies": "zombie",
  "ties": "tie", "pies": "pie", "lies": "lie", "smoothies": "smoothie", "brownies": "brownie",
  "series": "series", "species": "species", "lens": "lens", "news": "news", "gas": "gas",
  "canvas": "canvas", "atlas": "atlas", "bias": "bias", "christmas": "christmas",
  "lenses": "lens", "buses": "bus", "gases": "gas", "bonuses": "bonus", "viruses": "virus",
  "statuses": "status", "menus": "menu", "gurus": "guru", "analyses": "analysis",
  "always": "always", "wireless": "wireless",
]

extension String {
  /// Without marks and blanks at both ends.
  fileprivate var trimmingMarks: String {
    func isMark(_ character: Character) -> Bool { !character.isLetter && !character.isNumber }
    return String(drop(while: isMark).reversed().drop(while: isMark).reversed())
  }
}
