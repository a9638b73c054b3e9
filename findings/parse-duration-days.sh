#!/usr/bin/env bash
# parse-duration reads PT1H and P3W of ISO 8601 but loses the days before the T, and takes P1M for a minute.
#
# Versions: parse-duration 2.1.9, luxon 3.7.2 (npm).
# Guess:    a library that reads PT1H30M, PT0.5S and P3W reads ISO 8601, or refuses the rest.
# Seen:     P1DT2H is 2 hours and P1M one minute, as PT1M is; P1Y2M is a year and two minutes. No error.
# Matters:  an upgrade of 26 hours, as .NET writes it, is shown as one of 2.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund parse-duration@2.1.9 luxon@3.7.2 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { Duration } from 'luxon';
import parse from 'parse-duration';

for (const text of ['PT1H30M', 'PT0.5S', 'P3W', 'P1D', 'P1DT2H', 'P2DT0.5S', 'PT1M', 'P1M']) {
  console.log(`${text.padEnd(8)} parse-duration ${parse(text) / 1000} s, luxon ${Duration.fromISO(text).as('seconds')} s`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
PT1H30M  parse-duration 5400 s, luxon 5400 s
PT0.5S   parse-duration 0.5 s, luxon 0.5 s
P3W      parse-duration 1814400 s, luxon 1814400 s
P1D      parse-duration 86400 s, luxon 86400 s
P1DT2H   parse-duration 7200 s, luxon 93600 s
P2DT0.5S parse-duration 0.5 s, luxon 172800.5 s
PT1M     parse-duration 60 s, luxon 60 s
P1M      parse-duration 60 s, luxon 2592000 s
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
