#!/usr/bin/env bash
# ical-generator writes a JavaScript Date in the machine's wall-clock time under the name of the event's time zone.
#
# Versions: ical-generator 11.1.2, luxon 3.7.2 (npm), on a machine in America/New_York.
# Guess:    the instant 13:40 UTC in the zone Europe/Berlin is written as 14:40 with TZID=Europe/Berlin, or as 13:40Z.
# Seen:     DTSTART;TZID=Europe/Berlin:20261130T084000, which is 07:40 UTC. With the zone set on the calendar DTSTART has no zone at all,
#           and neither has DTSTAMP, which must be UTC. A luxon DateTime of the zone is written rightly.
# Matters:  upgrade windows made on a laptop move by its distance from the zone; on a server in UTC they move by the zone's own offset.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical-generator@11.1.2 luxon@3.7.2 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { ICalCalendar } from 'ical-generator';
import { DateTime } from 'luxon';

const at = '2026-11-30T13:40:00Z';
const berlin = { timezone: 'Europe/Berlin' };
const show = (name, onCalendar, event) => {
  const calendar = new ICalCalendar(onCalendar);
  calendar.createEvent({ id: '1', stamp: event.start, summary: 'window', ...event });
  const lines = calendar.toString().split('\r\n').filter(line => /^DT(START|STAMP)/.test(line));
  console.log(`${name}: ${lines.join(', ')}`);
};
show('Date, zone of the event   ', {}, { start: new Date(at), ...berlin });
show('Date, zone of the calendar', berlin, { start: new Date(at) });
show('luxon, zone of the event  ', {}, { start: DateTime.fromISO(at, { zone: 'Europe/Berlin' }), ...berlin });
JS

seen=$(TZ=America/New_York node find.mjs)
expected=$(cat <<'TEXT'
Date, zone of the event   : DTSTAMP:20261130T134000Z, DTSTART;TZID=Europe/Berlin:20261130T084000
Date, zone of the calendar: DTSTAMP:20261130T084000, DTSTART:20261130T084000
luxon, zone of the event  : DTSTAMP:20261130T134000Z, DTSTART;TZID=Europe/Berlin:20261130T144000
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
