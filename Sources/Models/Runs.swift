/// Cuts a list of counts into runs of neighbours with at most `limit` together, unless one alone has
/// more: how texts are packed into batches and batches into shards.
///
/// Every index is in exactly one run, in order.
public func runs(of counts: some Sequence<Int>, limit: Int) -> [Range<Int>] {
  var runs: [Range<Int>] = []
  var (start, end, sum) = (0, 0, 0)
  for count in counts {
    if end > start, sum + count > limit {
      runs.append(start..<end)
      (start, sum) = (end, 0)
    }
    sum += count
    end += 1
  }
  if start < end { runs.append(start..<end) }
  return runs
}
