#!/bin/sh
# Classifies a large file of JSON lines in parts, several processes at a time:
#   xargs.sh REVIEWS.jsonl [PROCESSES] > RECORDS.jsonl
# Reviews need ids of their own: those made of file and line would name the parts.
set -eu
gloss=${GLOSS:-gloss}
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT
split -a 4 -l "${ROWS:-20000}" "$1" "$parts/part."
# Status 1, some rows were rejected, is no reason to stop.
printf '%s\n' "$parts"/part.???? | xargs -P "${2:-2}" -I{} sh -c \
  '"$0" classify "$1" --format jsonl --threads 1 --out "$1.out" || [ $? -eq 1 ]' "$gloss" {}
cat "$parts"/part.????.out
