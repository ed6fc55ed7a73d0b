/// What the system's own `spm_train` and `spm_encode` made of the fixture's sentences.
enum Reference {
  static let pieces: [(text: String, pieces: [String])] = [
    (
      "The battery was great.",
      [
        "▁Th", "e", "▁b", "at", "ter", "y", "▁wa", "s", "▁", "g", "r", "e", "at", ".",
      ]
    ),
    (
      "This PHONE felt rather slow, 2 days after",
      [
        "▁Th", "i", "s", "▁", "<0x50>", "<0x48>", "<0x4F>", "<0x4E>", "<0x45>", "▁", "f", "el",
        "t", "▁", "ra", "the", "r", "▁", "s", "lo", "w", "<0x2C>", "▁", "2", "▁", "d", "a",
        "y", "s", "▁", "a", "f", "ter",
      ]
    ),
    (
      "电池真的值得推荐。",
      [
        "▁", "电", "池", "真", "的", "值", "得", "推", "荐", "。",
      ]
    ),
    (
      "服务员 is 非常 rude 🚀",
      [
        "▁", "服", "务", "员", "▁", "i", "s", "▁", "非", "常", "▁", "r", "u", "d", "e", "▁",
        "<0xF0>", "<0x9F>", "<0x9A>", "<0x80>",
      ]
    ),
    (
      "Ｔｈｅ　ｗａｉｔｅｒ ﬁne ㍿",
      [
        "▁Th", "e", "▁wa", "i", "ter", "▁", "f", "i", "ne", "▁", "<0xE6>", "<0xA0>", "<0xAA>",
        "<0xE5>", "<0xBC>", "<0x8F>", "<0xE4>", "<0xBC>", "<0x9A>", "<0xE7>", "<0xA4>",
        "<0xBE>",
      ]
    ),
  ]
}
