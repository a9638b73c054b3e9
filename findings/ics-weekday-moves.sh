#!/usr/bin/env bash
# ics converts a local start to UTC and leaves the weekday of the rule as it is, so a weekly event just after midnight moves by a day.
#
# Versions: ics 3.12.0, ical.js 2.2.1 (npm), on a machine in Europe/Berlin.
# Guess:    a start in local time with BYDAY=SA happens on Saturdays, or the start keeps its zone, or the two are refused together.
# Seen:     Saturday 00:30 in Berlin becomes Friday 23:30Z with BYDAY=SA: each occurrence is on a Sunday in Berlin. In summer the same
#           file is an hour late as well, since a rule in UTC does not follow the clock. With a start at 02:00 the day is right.
# Matters:  a published window is a day off for an operator east of Greenwich, and right on a build machine in UTC.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ics@3.12.0 ical.js@2.2.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import { createEvent } from 'ics';

const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit', minute: '2-digit' });
for (const [hour, minute] of [[0, 30], [2, 0]]) {
  const { value } = createEvent({ start: [2026, 12, 5, hour, minute], duration: { hours: 1 }, recurrenceRule: 'FREQ=WEEKLY;BYDAY=SA' });
  const iterator = new ICAL.Event(new ICAL.Component(ICAL.parse(value)).getFirstSubcomponent('vevent')).iterator();
  const times = [1, 2].map(() => berlin.format(iterator.next().toJSDate()));
  console.log(`${value.match(/DTSTART\S+/)[0]} ${value.match(/RRULE\S+/)[0]} -> ${times.join(', ')} in Berlin`);
}
JS

seen=$(TZ=Europe/Berlin node find.mjs)
expected=$(cat <<'TEXT'
DTSTART:20261204T233000Z RRULE:FREQ=WEEKLY;BYDAY=SA -> Sun 00:30, Sun 00:30 in Berlin
DTSTART:20261205T010000Z RRULE:FREQ=WEEKLY;BYDAY=SA -> Sat 02:00, Sat 02:00 in Berlin
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
