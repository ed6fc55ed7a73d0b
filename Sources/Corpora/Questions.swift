/// Texts that surely ask nothing, told by their form alone.
enum Questions {
  /// Whether a text has no question mark and no clause that begins or, in Chinese, is built like a
  /// question. Texts that do not pass may ask or not.
  static func areRuledOut(in text: String) -> Bool {
    if text.contains(where: { $0 == "?" || $0 == "？" }) { return false }
    if chineseWords.contains(where: { text.contains($0) }) { return false }
    let clauses = text.split { $0.isNewline || ".!;,:…。！；，：、".contains($0) }
    return clauses.allSatisfy { clause in
      let first = clause.drop { !$0.isLetter }.prefix { $0.isLetter || $0 == "'" || $0 == "’" }
      return !openings.contains(first.lowercased().replacing("’", with: "'"))
    }
  }

  /// Words that a question without its mark begins with.
  private static let openings: Set<String> = [
    "am", "any", "anybody", "anyone", "are", "aren't", "can", "can't", "could", "couldn't", "did",
    "didn't", "do", "does", "doesn't", "don't", "has", "have", "how", "is", "isn't", "may",
    "should", "shouldn't", "was", "wasn't", "were", "what", "what's", "when", "where", "where's",
    "which", "who", "who's", "whom", "whose", "why", "will", "won't", "would", "wouldn't",
  ]

  /// Particles and interrogatives.
  private static let chineseWords = [
    "吗", "呢", "么", "哪", "谁", "几", "多少", "多久", "多大", "如何", "为何", "何时", "是否", "是不是",
    "有没有", "能不能", "会不会", "可不可以", "求问", "请问",
  ]
}
