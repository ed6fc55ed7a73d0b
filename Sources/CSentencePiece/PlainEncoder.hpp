#ifndef GLOSS_PLAIN_ENCODER_HPP
#define GLOSS_PLAIN_ENCODER_HPP

#include <sentencepiece_processor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "CSentencePiece.h"
#include "ModelFields.hpp"
#include "PieceTrie.hpp"

// Encodes plain text as the library does, to the same pieces, in a fraction of its time.
//
// Plain is what normalisation takes character by character: ASCII, Han, the usual marks and the
// letters of Western Europe. Any other text is left to the library, which also tells this encoder,
// when it is made, what it makes of each plain character.
// Source of the search: Kudo, Subword Regularization (2018), section 3.1, by Viterbi's algorithm.
class PlainEncoder {
 public:
  // An encoder for the model, which `processor` has loaded; both are only asked here.
  PlainEncoder(
      std::string_view model, const sentencepiece::SentencePieceProcessor &processor);

  // The pieces of `text`, kept until this thread's next call; null where the text is not plain.
  // `starts_word` says that it goes on from no other text, so the mark for white space is put in
  // front as the library does.
  const std::vector<csp_piece> *Encode(std::string_view text, bool starts_word) const;

 private:
  static constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581

  struct Node {
    float score;
    int32_t start;  // of the piece that ends here; -1 where no path has come yet
    int32_t id;
  };
  // What one thread needs for a text, kept for the next one.
  struct Scratch {
    size_t count = 0;               // bytes of the normalised text
    std::vector<char> text;         // those, and room
    std::vector<uint32_t> origins;  // where in the given text each of them is from; then its end
    std::vector<Node> nodes;
    std::vector<csp_piece> pieces;
  };

  bool LearnPieces(const ModelFields &model);
  void LearnCharacters(const sentencepiece::SentencePieceProcessor &processor);
  bool Normalise(std::string_view text, bool starts_word, Scratch &scratch) const;
  void FindBestPath(Scratch &scratch) const;
  void CollectPieces(Scratch &scratch) const;

  bool is_usable_ = false;
  PieceTrie trie_;
  std::vector<double> scores_;     // by id
  float unknown_score_ = 0;        // of a character that is no piece
  int32_t unknown_id_ = -1;
  std::vector<int32_t> byte_ids_;  // by byte
  // What the character of each slot becomes: empty where it is not plain, " " for white space.
  std::vector<std::string> characters_;
  size_t longest_ = kSpaceMark.size();  // bytes of what any character becomes
};

#endif
