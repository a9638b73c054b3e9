#!/usr/bin/env bash
# ical.js lets the last day of a month run over into the next month: "the end of each quarter" is 1 July from the second year on.
#
# Versions: ical.js 2.2.1, rrule 2.8.1 (npm).
# Guess:    BYMONTHDAY=-1 is the last day of each named month, and a date that does not exist is left out, as RFC 5545 demands.
# Seen:     YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1 gives 30 June in the first year and 1 July in the second; BYMONTHDAY=31 gives 1 July
#           for June, and a yearly event of 29 February falls on 1 March. rrule is right in each case. MONTHLY rules are right in both.
# Matters:  a change freeze at the end of a quarter is a day late, from the second year on: a test of one year passes.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import rrule from 'rrule';

for (const [start, rule] of [
  ['2026-03-31', 'FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1'],
  ['2026-03-31', 'FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=31'],
  ['2024-02-29', 'FREQ=YEARLY'],
  ['2026-03-31', 'FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1'],
]) {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(`${start}T02:00:00Z`));
  const read = Array.from({ length: 6 }, () => iterator.next().toString().slice(0, 10));
  const right = rrule.rrulestr(`DTSTART:${start.replaceAll('-', '')}T020000Z\nRRULE:${rule}`).all((_, i) => i < 6)
    .map(d => d.toISOString().slice(0, 10));
  console.log(`${rule}\n  ical.js ${read.join(' ')}\n  rrule   ${right.join(' ')}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
  ical.js 2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-07-01
  rrule   2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30
FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=31
  ical.js 2026-03-31 2026-07-01 2026-10-01 2026-12-31 2027-03-31 2027-07-01
  rrule   2026-03-31 2026-12-31 2027-03-31 2027-12-31 2028-03-31 2028-12-31
FREQ=YEARLY
  ical.js 2024-02-29 2025-03-01 2026-03-01 2027-03-01 2028-02-29 2029-03-01
  rrule   2024-02-29 2028-02-29 2032-02-29 2036-02-29 2040-02-29 2044-02-29
FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1
  ical.js 2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30
  rrule   2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
