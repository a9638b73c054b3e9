#!/usr/bin/env bash
# ical.js ignores the week number of a rule, and the number of a yearly weekday: "the Monday of week 1" is every Monday.
#
# Versions: ical.js 2.2.1, rrule 2.8.1 (npm).
# Guess:    BYWEEKNO and a numbered weekday of the year, both in RFC 5545, work or are refused.
# Seen:     ical.js answers YEARLY;BYWEEKNO=1;BYDAY=MO and YEARLY;BYDAY=20MO with each Monday from the start on, and with BYWEEKNO even
#           leaves out the start itself. rrule gives one Monday a year.
# Matters:  a yearly freeze becomes a weekly one, without an error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import rrule from 'rrule';

for (const [start, rule] of [['2027-01-04', 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO'], ['2027-05-17', 'FREQ=YEARLY;BYDAY=20MO']]) {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(`${start}T02:00:00Z`));
  const read = Array.from({ length: 4 }, () => iterator.next().toString().slice(0, 10));
  const right = rrule.rrulestr(`DTSTART:${start.replaceAll('-', '')}T020000Z\nRRULE:${rule}`).all((_, i) => i < 4)
    .map(d => d.toISOString().slice(0, 10));
  console.log(`${rule} from ${start}\n  ical.js ${read.join(' ')}\n  rrule   ${right.join(' ')}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO from 2027-01-04
  ical.js 2027-01-11 2027-01-18 2027-01-25 2027-02-01
  rrule   2027-01-04 2028-01-03 2029-01-01 2029-12-31
FREQ=YEARLY;BYDAY=20MO from 2027-05-17
  ical.js 2027-05-17 2027-05-24 2027-05-31 2027-06-07
  rrule   2027-05-17 2028-05-15 2029-05-14 2030-05-20
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
