#!/usr/bin/env bash
# rrule-temporal forgets the weekday of a rule by day of the year, and moves "the last Sunday" a week forward when its hour is skipped.
#
# Versions: rrule-temporal 2.2.8, rrule 2.8.1 (npm).
# Guess:    BYDAY limits BYYEARDAY, as in the table of RFC 5545; -1SU and SU with BYSETPOS=-1 are two ways to write the last Sunday.
# Seen:     YEARLY;BYYEARDAY=1;BYDAY=FR falls on 1 January of each year, Friday or not; in March, when 02:00 of the last Sunday does
#           not exist in Berlin, -1SU has no occurrence and BYSETPOS=-1 has one on the Sunday before.
# Matters:  a window opens a week early, once a year, and not in every way to write the rule.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule-temporal@2.2.8 rrule@2.8.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';

const read = text => new RRuleTemporal({ rruleString: text }).all((_, i) => i < 4).map(d => d.toString().slice(0, 16)).join(' ');
const year = 'DTSTART:20270101T020000Z\nRRULE:FREQ=YEARLY;BYYEARDAY=1;BYDAY=FR';
console.log(`day 1, Friday:  ${read(year)}`);
console.log(`  rrule:        ${rrule.rrulestr(year).all((_, i) => i < 4).map(d => d.toISOString().slice(0, 16)).join(' ')}`);
for (const rule of ['BYDAY=-1SU', 'BYDAY=SU;BYSETPOS=-1']) {
  console.log(`${rule}: ${read(`DTSTART;TZID=Europe/Berlin:20270131T020000\nRRULE:FREQ=MONTHLY;${rule}`)}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
day 1, Friday:  2027-01-01T02:00 2028-01-01T02:00 2029-01-01T02:00 2030-01-01T02:00
  rrule:        2027-01-01T02:00 2038-01-01T02:00 2044-01-01T02:00 2049-01-01T02:00
BYDAY=-1SU: 2027-01-31T02:00 2027-02-28T02:00 2027-04-25T02:00 2027-05-30T02:00
BYDAY=SU;BYSETPOS=-1: 2027-01-31T02:00 2027-02-28T02:00 2027-03-21T02:00 2027-04-25T02:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
