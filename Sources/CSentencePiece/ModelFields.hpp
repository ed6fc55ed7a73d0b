#ifndef GLOSS_MODEL_FIELDS_HPP
#define GLOSS_MODEL_FIELDS_HPP

#include <cstdint>
#include <string_view>
#include <vector>

// What a serialized model says that the library's headers do not: types of pieces, kinds of search.
// The numbers are those of sentencepiece_model.proto.
struct ModelFields {
  enum PieceType { kNormal = 1, kUnknown = 2, kControl = 3, kUserDefined = 4, kUnused = 5, kByte = 6 };
  struct Piece {
    std::string_view text;  // in the serialized model
    float score = 0;
    uint64_t type = kNormal;
  };

  std::vector<Piece> pieces;
  std::string_view rule_name;      // of normalisation
  std::string_view character_map;  // its rules, compiled
  uint64_t model_type = 1;  // 1: unigram
  bool byte_fallback = false;
  bool white_space_is_suffix = false;
  bool adds_dummy_prefix = true;
  bool removes_extra_white_space = true;
  bool escapes_white_space = true;

  // Bytes of a piece, and of what stands in the place of a character; the trainer's are at most 16
  // characters, NFKC's longest text has 33 bytes.
  static constexpr size_t kLongestText = 64;
  // Bytes of what a rule replaces: the library has room for so many rules that begin one another.
  static constexpr size_t kDeepestRule = 32;

  // False where `model` is not well-formed, or a piece longer than any of ours; it must live as long as
  // the result.
  bool Read(std::string_view model);

  // Whether following the rules of normalisation stays inside of them, which the library does not
  // ask: a double array of Darts-clone and the texts that its units name.
  bool HasSoundCharacterMap() const;

 private:
  class RuleTree;
};

#endif
