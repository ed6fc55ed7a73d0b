#!/bin/sh
# Classifies a large file of JSON lines with GNU parallel, which cuts it between lines:
#   parallel.sh REVIEWS.jsonl [PROCESSES] > RECORDS.jsonl
# Reviews need ids of their own: those made of file and line would name the blocks.
set -eu
export GLOSS="${GLOSS:-gloss}"
# -k keeps the order; status 1, some rows were rejected, is no reason to stop.
parallel --pipepart -a "$1" --block "${BLOCK:-10M}" -k -j "${2:-2}" \
  '"$GLOSS" classify - --format jsonl --threads 1 || [ $? -eq 1 ]'
