import Testing

@testable import Reviews

@Suite struct LanguageTests {
  @Test(arguments: [
    ("The kettle leaks.", "en"),
    ("Trop cher, déçu", "en"),  // Latin script is all that the rule sees.
    ("ＦＵＬＬ　ｗｉｄｔｈ", "en"),
    ("水壶漏水。", "zh"),
    ("𠮷野", "zh"),
    ("这个 kettle 漏水", "zh"),
    ("好 kettles", "en"),
    ("ok 好", "zh"),
    ("Чайник течёт", "und"),
    ("ab Чайник", "und"),
    ("abcdef Чайник", "en"),
    ("5/5 !!! 👍", "und"),
    ("この商品はとても良いです。配送も早くて満足しています。", "und"),
    ("超好吃の店", "zh"),
    ("很差 a1b2c3d4@shop.example", "zh"),
    ("垃圾 https://subdomain.example.com/long/path", "zh"),
    ("and/or either", "en"),
    ("", "und"),
  ])
  func theScriptDecides(text: String, code: String) {
    #expect(Language.code(of: text) == code)
  }

  @Test func aFifthOfTheLettersMakesChinese() {
    #expect(Language.code(of: "好" + "abcd") == "zh")
    #expect(Language.code(of: "好" + "abcde") == "en")
  }

  @Test func halfOfTheLettersMakeEnglish() {
    #expect(Language.code(of: "abжд") == "en")
    #expect(Language.code(of: "abждф") == "und")
  }
}
