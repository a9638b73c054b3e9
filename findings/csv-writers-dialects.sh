#!/usr/bin/env bash
# Three CSV writers put one row in three dialects: false is empty beside csv-stringify, a time is a number, or a text without milliseconds.
#
# Versions: csv-stringify 6.9.0, fast-csv 5.0.8, papaparse 5.7.1 (npm).
# Guess:    false and true are "false" and "true", and a Date is in ISO 8601 as in JSON.
# Seen:     csv-stringify writes true as 1, false as nothing, like null, and a Date as milliseconds since 1970; fast-csv writes a Date in
#           the machine's zone, to the second; papaparse writes what was guessed.
# Matters:  "blocked: false" and "not known" are the same cell; two exports of one history have times that no reader can compare.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund csv-stringify@6.9.0 fast-csv@5.0.8 papaparse@5.7.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { stringify } from 'csv-stringify/sync';
import { writeToString } from 'fast-csv';
import Papa from 'papaparse';

const rows = [{ blocked: false, done: true, reason: null, at: new Date('2026-11-30T18:00:00.123Z') }];
console.log(`csv-stringify ${stringify(rows).trim()}`);
console.log(`fast-csv      ${await writeToString(rows)}`);
console.log(`papaparse     ${Papa.unparse(rows, { header: false })}`);
JS

seen=$(TZ=Asia/Shanghai node find.mjs)
expected=$(cat <<'TEXT'
csv-stringify ,1,,1796061600123
fast-csv      false,true,,Tue Dec 01 2026 02:00:00 GMT+0800 (China Standard Time)
papaparse     false,true,,2026-11-30T18:00:00.123Z
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
