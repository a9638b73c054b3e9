#!/usr/bin/env bash
# An exclusion date written by ics excludes nothing when the start is in UTC, floating or a whole day.
#
# Versions: ics 3.12.0, ical.js 2.2.1 (npm), on a machine in Europe/Berlin.
# Guess:    exclusionDates follow startInputType and startOutputType, and are dates when the start is a date.
# Seen:     they are always read as local time and written in UTC: a start given in UTC or written as local time is off by the machine's
#           offset and still happens; a start that is a date gets EXDATE without VALUE=DATE, and ical.js throws on the whole rule.
# Matters:  the week that was taken out of a maintenance calendar stays in, and an all-day freeze makes the file unreadable.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ics@3.12.0 ical.js@2.2.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import { createEvent } from 'ics';

for (const [name, event] of Object.entries({
  'local to UTC': { start: [2026, 12, 5, 2, 0], exclusionDates: [[2026, 12, 12, 2, 0]] },
  'UTC to UTC': { start: [2026, 12, 5, 2, 0], startInputType: 'utc', exclusionDates: [[2026, 12, 12, 2, 0]] },
  'local to local': { start: [2026, 12, 5, 2, 0], startOutputType: 'local', exclusionDates: [[2026, 12, 12, 2, 0]] },
  'whole day': { start: [2026, 12, 5], exclusionDates: [[2026, 12, 12]] },
})) {
  const { value } = createEvent({ duration: { hours: 1 }, recurrenceRule: 'FREQ=WEEKLY;BYDAY=SA', ...event });
  let read;
  try {
    const iterator = new ICAL.Event(new ICAL.Component(ICAL.parse(value)).getFirstSubcomponent('vevent')).iterator();
    read = [1, 2, 3].map(() => iterator.next().toString().slice(5, 10)).join(', ');
  } catch (e) {
    read = e.message;
  }
  console.log(`${name}: ${value.match(/DTSTART\S+/)[0]} ${value.match(/EXDATE\S+/)[0]} -> ${read}`);
}
JS

seen=$(TZ=Europe/Berlin node find.mjs)
expected=$(cat <<'TEXT'
local to UTC: DTSTART:20261205T010000Z EXDATE:20261212T010000Z -> 12-05, 12-19, 12-26
UTC to UTC: DTSTART:20261205T020000Z EXDATE:20261212T010000Z -> 12-05, 12-12, 12-19
local to local: DTSTART:20261205T020000 EXDATE:20261212T010000Z -> 12-05, 12-12, 12-19
whole day: DTSTART;VALUE=DATE:20261205 EXDATE:20261212 -> invalid date-time value: "2026-12-12T::"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
