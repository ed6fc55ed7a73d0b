#include "PlainEncoder.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

using sentencepiece::ImmutableSentencePieceText;
using sentencepiece::SentencePieceProcessor;

namespace {

// How much worse than the worst piece a character is that is no piece.
constexpr float kUnknownPenalty = 10;
// Bytes of what a character may become; more is no normalisation that is known here.
constexpr size_t kLongest = 64;

// The characters the library is asked about, by their place in one table.
struct Block {
  uint32_t first, last;
};
constexpr Block kBlocks[] = {
    {0x0000, 0x00FF},  // ASCII, letters of Western Europe
    {0x2010, 0x205E},  // dashes, quotation marks, ellipsis
    {0x3000, 0x303F},  // Chinese punctuation
    {0xFF01, 0xFF5E},  // full-width ASCII
};

// The slot of a character, or -1.
int SlotOf(uint32_t scalar) {
  int slot = 0;
  for (const Block &block : kBlocks) {
    if (scalar < block.first) return -1;
    if (scalar <= block.last) return slot + int(scalar - block.first);
    slot += int(block.last - block.first) + 1;
  }
  return -1;
}

// The rules that normalise character by character in the blocks above, and leave Han alone: of others
// nothing is known.
bool IsKnownRule(std::string_view name) {
  return name == "identity" || name == "nfkc" || name == "nfkc_cf" || name == "nmt_nfkc" ||
         name == "nmt_nfkc_cf";
}

// No known rule of normalisation concerns these: no version of Unicode may decompose them.
bool IsHan(uint32_t scalar) { return scalar >= 0x4E00 && scalar <= 0x9FA5; }

// Bytes of the character that begins with this byte.
int LengthOf(uint8_t byte) { return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4; }

// Whether these are whole characters.
bool IsWhole(std::string_view text) {
  for (size_t place = 0; place < text.size();) {
    const size_t next = place + LengthOf(text[place]);
    if (next > text.size()) return false;
    while (++place < next) {
      if ((text[place] & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

std::string UTF8(uint32_t scalar) {
  std::string text;
  if (scalar < 0x80) {
    text += char(scalar);
  } else if (scalar < 0x800) {
    text += {char(0xC0 | scalar >> 6), char(0x80 | (scalar & 0x3F))};
  } else {
    text += {char(0xE0 | scalar >> 12), char(0x80 | (scalar >> 6 & 0x3F)),
             char(0x80 | (scalar & 0x3F))};
  }
  return text;
}

}  // namespace

PlainEncoder::PlainEncoder(std::string_view model, const SentencePieceProcessor &processor) {
  ModelFields fields;
  if (!fields.Read(model) || fields.model_type != 1 || !fields.byte_fallback ||
      fields.white_space_is_suffix || !fields.adds_dummy_prefix ||
      !fields.removes_extra_white_space || !fields.escapes_white_space ||
      !IsKnownRule(fields.rule_name) || !LearnPieces(fields)) {
    return;
  }
  for (int byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof name, "<0x%02X>", byte);
    byte_ids_.push_back(processor.PieceToId(name));
    if (!processor.IsByte(byte_ids_.back())) return;
  }
  LearnCharacters(processor);
  is_usable_ = longest_ <= kLongest;
}

bool PlainEncoder::LearnPieces(const ModelFields &model) {
  float lowest = std::numeric_limits<float>::max();
  // As the library begins: scores below zero do not count.
  float highest = std::numeric_limits<float>::min();
  for (const auto &piece : model.pieces) {
    if (piece.type != ModelFields::kNormal) continue;
    lowest = std::min(lowest, piece.score);
    highest = std::max(highest, piece.score);
  }
  unknown_score_ = lowest - kUnknownPenalty;
  std::vector<std::pair<std::string_view, int32_t>> keys;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const auto &piece = model.pieces[id];
    scores_.push_back(piece.score);
    switch (piece.type) {
      case ModelFields::kNormal: keys.push_back({piece.text, int32_t(id)}); break;
      case ModelFields::kUserDefined:
        // Text with these is never plain.
        if (piece.text.size() == 4 && uint8_t(piece.text[0]) >= 0xF0) break;
        // Normalisation passes these by; single characters from U+3000 on, which it is asked about
        // one by one, or leaves alone.
        if (piece.text.size() != 3 || uint8_t(piece.text[0]) < 0xE3) return false;
        scores_.back() = piece.text.size() * highest - 0.1;
        keys.push_back({piece.text, int32_t(id)});
        break;
      case ModelFields::kUnknown: unknown_id_ = int32_t(id); break;
      case ModelFields::kByte:
      case ModelFields::kControl: break;
      default: return false;
    }
  }
  return unknown_id_ >= 0 && trie_.Build(std::move(keys));
}

void PlainEncoder::LearnCharacters(const SentencePieceProcessor &processor) {
  // "a", the character, "b" between marks for white space that tell where its part begins.
  ImmutableSentencePieceText encoded;
  const auto normalised = [&](const std::string &text) {
    std::string result;
    if (!processor.Encode(text, encoded.mutable_proto()).ok()) return result;
    for (size_t i = 0; i < encoded.pieces_size(); ++i) {
      const auto piece = encoded.pieces(int(i));
      const auto byte = std::find(byte_ids_.begin(), byte_ids_.end(), int32_t(piece.id()));
      if (byte != byte_ids_.end()) {
        result += char(byte - byte_ids_.begin());
      } else {
        result += piece.piece();
      }
    }
    return result;
  };
  const std::string front = std::string(kSpaceMark) + "a";
  for (const Block &block : kBlocks) {
    for (uint32_t scalar = block.first; scalar <= block.last; ++scalar) {
      std::string result = normalised("a" + UTF8(scalar) + "b");
      const bool is_framed = result.size() > front.size() + 1 &&
                             result.compare(0, front.size(), front) == 0 && result.back() == 'b';
      std::string inner =
          is_framed ? result.substr(front.size(), result.size() - front.size() - 1) : "";
      if (inner == kSpaceMark) {
        inner = " ";
      } else if (inner.find(kSpaceMark) != std::string::npos || !IsWhole(inner)) {
        inner.clear();
      }
      longest_ = std::max(longest_, inner.size());
      characters_.push_back(inner);
    }
  }
}

const std::vector<csp_piece> *PlainEncoder::Encode(std::string_view text, bool starts_word) const {
  static thread_local Scratch scratch;
  if (!is_usable_ || !Normalise(text, starts_word, scratch)) return nullptr;
  FindBestPath(scratch);
  CollectPieces(scratch);
  return &scratch.pieces;
}

// White space at both ends goes, white space between becomes one mark.
bool PlainEncoder::Normalise(std::string_view text, bool starts_word, Scratch &scratch) const {
  const size_t limit = text.size() * longest_ + kSpaceMark.size() + 1;
  if (scratch.text.size() < limit) {
    scratch.text.resize(limit);
    scratch.origins.resize(limit);
  }
  char *bytes = scratch.text.data();
  uint32_t *origins = scratch.origins.data();
  size_t count = 0;
  const auto append = [&](std::string_view part, size_t origin) {
    for (const char byte : part) {
      bytes[count] = byte;
      origins[count++] = uint32_t(origin);
    }
  };
  bool after_space = true;  // or at the text's start
  size_t end = 0;           // of the last character that is no white space
  for (size_t place = 0; place < text.size();) {
    const uint8_t first = text[place];
    const size_t length = LengthOf(first);
    if (place + length > text.size() || length == 4) return false;
    std::string_view character = text.substr(place, length);
    uint32_t scalar = first;
    if (length == 2) scalar = (first & 0x1F) << 6 | (character[1] & 0x3F);
    if (length == 3) {
      scalar = (first & 0x0F) << 12 | uint32_t(character[1] & 0x3F) << 6 | (character[2] & 0x3F);
    }
    if (!IsHan(scalar)) {
      const int slot = SlotOf(scalar);
      if (slot < 0 || characters_[slot].empty()) return false;
      character = characters_[slot];
    }
    if (character == " ") {
      if (!after_space) append(kSpaceMark, place);
      after_space = true;
    } else {
      if (count == 0 && starts_word) append(kSpaceMark, place);
      append(character, place);
      after_space = false;
      end = place + length;
    }
    place += length;
  }
  if (after_space && count > 0) count -= kSpaceMark.size();
  origins[count] = uint32_t(end);
  scratch.count = count;
  return true;
}

// Leaves in each node the last piece of the likeliest way to it. Sums are rounded as the library
// rounds them, so that ties fall as they do there.
void PlainEncoder::FindBestPath(Scratch &scratch) const {
  const std::string_view text(scratch.text.data(), scratch.count);
  scratch.nodes.assign(text.size() + 1, Node{0, -1, -1});
  Node *nodes = scratch.nodes.data();
  for (size_t start = 0; start < text.size();) {
    const size_t next = std::min(start + LengthOf(text[start]), text.size());
    const float score_here = nodes[start].score;
    const auto offer = [&](size_t end, int32_t id, double candidate) {
      Node &node = nodes[end];
      if (node.start < 0 || candidate > node.score) {
        node = {float(candidate), int32_t(start), id};
      }
    };
    bool has_single = false;
    uint32_t unit = PieceTrie::kRoot;
    for (size_t end = start; end < text.size();) {
      unit = trie_.Child(unit, text[end++]);
      if (unit == PieceTrie::kNone) break;
      const int32_t id = trie_.Id(unit);
      if (id < 0) continue;
      offer(end, id, scores_[id] + score_here);
      has_single = has_single || end == next;
    }
    // This sum is one of floats.
    if (!has_single) offer(next, unknown_id_, unknown_score_ + score_here);
    start = next;
  }
}

// Walks the path back. A character that is no piece becomes its bytes, of which the last one has
// its place in the given text.
void PlainEncoder::CollectPieces(Scratch &scratch) const {
  std::vector<csp_piece> &pieces = scratch.pieces;
  pieces.clear();
  for (size_t end = scratch.count; end > 0;) {
    const Node &node = scratch.nodes[end];
    const uint32_t begin = scratch.origins[node.start];
    uint32_t piece_end = scratch.origins[end];
    if (node.id != unknown_id_) {
      pieces.push_back({node.id, begin, piece_end});
    } else {
      for (size_t place = end; place > size_t(node.start); --place) {
        pieces.push_back({byte_ids_[uint8_t(scratch.text[place - 1])], begin, piece_end});
        piece_end = begin;
      }
    }
    end = node.start;
  }
  std::reverse(pieces.begin(), pieces.end());
}
