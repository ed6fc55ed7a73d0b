#include "PieceTrie.hpp"

#include <algorithm>

bool PieceTrie::Build(std::vector<std::pair<std::string_view, int32_t>> pieces) {
  std::sort(pieces.begin(), pieces.end());
  const auto same = [](const auto &left, const auto &right) { return left.first == right.first; };
  if (pieces.empty() || pieces.front().first.empty() ||
      std::adjacent_find(pieces.begin(), pieces.end(), same) != pieces.end()) {
    return false;
  }
  units_.clear();
  base_is_used_.clear();
  open_.clear();
  Grow();
  Grow();
  units_[kRoot].label = kTaken;
  // Under the leaves' base no byte leads anywhere.
  for (uint32_t place = kLeafBase; place < kLeafBase + kBlock; ++place) units_[place].label = kTaken;

  // Pieces [begin, end) share their first `depth` bytes, which lead to `unit`.
  struct Node {
    uint32_t unit;
    size_t begin, end, depth;
  };
  std::vector<Node> open = {{kRoot, 0, pieces.size(), 0}};
  std::vector<uint8_t> labels;
  while (!open.empty()) {
    Node node = open.back();
    open.pop_back();
    if (node.begin < node.end && pieces[node.begin].first.size() == node.depth) {
      units_[node.unit].id = pieces[node.begin++].second;
    }
    labels.clear();
    for (size_t i = node.begin; i < node.end; ++i) {
      const uint8_t label = pieces[i].first[node.depth];
      if (labels.empty() || labels.back() != label) labels.push_back(label);
    }
    if (labels.empty()) {
      units_[node.unit].base = kLeafBase;
      continue;
    }
    const uint32_t base = FindBase(labels);
    if (base == kNone) return false;
    units_[node.unit].base = base;
    base_is_used_[base] = true;
    size_t begin = node.begin;
    for (const uint8_t label : labels) {
      const uint32_t child = base ^ label;
      units_[child].label = label;
      size_t end = begin;
      while (end < node.end && uint8_t(pieces[end].first[node.depth]) == label) ++end;
      open.push_back({child, begin, end, node.depth + 1});
      begin = end;
    }
  }
  return true;
}

// A base that nobody uses and under which the places of all `labels` are free; kNone where there are
// too many units.
uint32_t PieceTrie::FindBase(const std::vector<uint8_t> &labels) {
  while (true) {
    for (const uint32_t place : open_) {
      const uint32_t base = place ^ labels[0];
      if (base_is_used_[base]) continue;
      if (std::all_of(labels.begin(), labels.end(),
                      [&](uint8_t label) { return units_[base ^ label].label == kFree; })) {
        return base;
      }
    }
    if (units_.size() + kBlock > kMaximum) return kNone;
    Grow();
  }
}

// Adds a block, and gives up looking for room in those before the last few.
void PieceTrie::Grow() {
  const uint32_t size = uint32_t(units_.size());
  open_.erase(
      std::remove_if(open_.begin(), open_.end(),
                     [&](uint32_t place) {
                       return units_[place].label != kFree || place + kOpenBlocks * kBlock < size;
                     }),
      open_.end());
  units_.resize(size + kBlock, Unit{0, kFree, -1});
  base_is_used_.resize(units_.size(), false);
  for (uint32_t place = size; place < size + kBlock; ++place) open_.push_back(place);
}
