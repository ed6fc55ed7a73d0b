#include "ModelFields.hpp"

#include <cstring>
#include <vector>

namespace {

// One field of a protocol buffer message.
struct Field {
  enum Kind { kVarint = 0, kString = 2, kReal = 5 };
  uint64_t number = 0;
  uint8_t kind = kVarint;
  uint64_t value = 0;      // of a varint
  float real = 0;          // of 32 bits
  std::string_view bytes;  // of a string or message
};

bool ReadVarint(std::string_view &rest, uint64_t &value) {
  value = 0;
  for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const uint8_t byte = rest.front();
    rest.remove_prefix(1);
    value |= uint64_t(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Calls `body` with each field; false where the message is broken or `body` says so.
template <typename Body>
bool ForEachField(std::string_view rest, Body body) {
  while (!rest.empty()) {
    uint64_t key = 0, length = 0;
    if (!ReadVarint(rest, key)) return false;
    // The library would read its lower half alone.
    if (key >> 32) return false;
    Field field;
    field.number = key >> 3;
    field.kind = key & 7;
    switch (field.kind) {
      case Field::kVarint:
        if (!ReadVarint(rest, field.value)) return false;
        break;
      case 1: length = 8; break;
      case Field::kString:
        if (!ReadVarint(rest, length)) return false;
        break;
      case Field::kReal: length = 4; break;
      default: return false;
    }
    if (length > rest.size()) return false;
    field.bytes = rest.substr(0, length);
    if (field.kind == Field::kReal) std::memcpy(&field.real, field.bytes.data(), 4);
    rest.remove_prefix(length);
    if (!body(field)) return false;
  }
  return true;
}

}  // namespace

bool ModelFields::Read(std::string_view model) {
  *this = ModelFields();
  // A field of another kind than it should be is none, as for the library.
  return ForEachField(model, [&](const Field &part) {
    if (part.kind != Field::kString) return true;
    switch (part.number) {
      case 1: {
        Piece piece;
        const bool is_whole = ForEachField(part.bytes, [&](const Field &field) {
          if (field.number == 1 && field.kind == Field::kString) piece.text = field.bytes;
          if (field.number == 2 && field.kind == Field::kReal) piece.score = field.real;
          if (field.number == 3 && field.kind == Field::kVarint) piece.type = field.value;
          return true;
        });
        pieces.push_back(piece);
        // The library makes C strings of pieces, goes down a level for each byte, and has room for 64
        // that begin one another.
        const bool is_short = piece.text.size() <= kLongestText;
        return is_whole && is_short && piece.text.find('\0') == std::string_view::npos;
      }
      case 2:
        return ForEachField(part.bytes, [&](const Field &field) {
          if (field.kind != Field::kVarint) return true;
          if (field.number == 3) model_type = field.value;
          if (field.number == 24) white_space_is_suffix = field.value != 0;
          if (field.number == 35) byte_fallback = field.value != 0;
          return true;
        });
      case 3:
        return ForEachField(part.bytes, [&](const Field &field) {
          if (field.kind == Field::kString) {
            if (field.number == 1) rule_name = field.bytes;
            if (field.number == 2) character_map = field.bytes;
          }
          if (field.kind != Field::kVarint) return true;
          if (field.number == 3) adds_dummy_prefix = field.value != 0;
          if (field.number == 4) removes_extra_white_space = field.value != 0;
          if (field.number == 5) escapes_white_space = field.value != 0;
          return true;
        });
      case 5:
        // Rules for decoding, which a model of ours has none of.
        return ForEachField(part.bytes, [&](const Field &field) {
          return field.kind != Field::kString || field.number != 2 || field.bytes.empty();
        });
      default: return true;
    }
  });
}

// Darts-clone's double array, its units of four bytes.
class ModelFields::RuleTree {
 public:
  explicit RuleTree(std::string_view units) : units_(units) {}

  size_t count() const { return units_.size() / 4; }
  uint32_t operator[](size_t index) const {
    uint32_t unit = 0;
    std::memcpy(&unit, units_.data() + 4 * index, 4);
    return unit;
  }
  // Where the unit's children begin: that of a label is this place XOR the label.
  size_t Children(size_t index) const {
    const uint32_t unit = (*this)[index];
    return index ^ ((unit >> 10) << ((unit & 1u << 9) >> 6));
  }
  // Whether no text is longer than `most` bytes, whatever way leads to it.
  bool IsNoDeeperThan(size_t most) const {
    // Shared parts are met on several ways, at one depth once.
    std::vector<size_t> met(count(), SIZE_MAX);
    std::vector<size_t> level = {0}, next;
    size_t visited = 0;
    for (size_t depth = 0; !level.empty(); ++depth) {
      visited += level.size();
      // A tree meets each unit once; one that is built of shared parts, some of them twice.
      if (depth > most || visited > 2 * count()) return false;
      next.clear();
      for (const size_t index : level) {
        const size_t children = Children(index);
        for (uint32_t label = 1; label < 256; ++label) {
          const size_t child = children ^ label;
          if (((*this)[child] & (1u << 31 | 0xFF)) != label || met[child] == depth) continue;
          met[child] = depth;
          next.push_back(child);
        }
      }
      level.swap(next);
    }
    return true;
  }

 private:
  std::string_view units_;
};

bool ModelFields::HasSoundCharacterMap() const {
  if (character_map.empty()) return true;
  // The size of a tree in bytes, the tree, then texts that end with a zero each.
  if (character_map.size() < 4) return false;
  uint32_t tree_size = 0;
  std::memcpy(&tree_size, character_map.data(), 4);
  if (tree_size == 0 || tree_size % 4 != 0 || tree_size > character_map.size() - 4) return false;
  const RuleTree tree(character_map.substr(4, tree_size));
  const std::string_view texts = character_map.substr(4 + tree_size);
  for (size_t i = 0; i < tree.count(); ++i) {
    const uint32_t unit = tree[i];
    // A unit that holds the place of a text leads nowhere, but for the root, which is always followed.
    if (unit >> 31) {
      if (i == 0) return false;
      continue;
    }
    const size_t children = tree.Children(i);
    if ((children | 0xFF) >= tree.count()) return false;
    const bool has_text = unit >> 8 & 1;
    if (!has_text) continue;
    const size_t text = tree[children] & 0x7FFFFFFF;
    if (text >= texts.size()) return false;
    if (texts.substr(text, kLongestText + 1).find('\0') == std::string_view::npos) return false;
  }
  return tree.IsNoDeeperThan(kDeepestRule);
}
