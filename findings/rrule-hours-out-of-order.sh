#!/usr/bin/env bash
# rrule keeps the hours of a weekly rule in the order they are written, so "the next occurrence" skips one, and COUNT and UNTIL cut others.
#
# Versions: rrule 2.8.1, rrule-temporal 2.2.8 (npm).
# Guess:    BYHOUR=22,2 is a set, like each BY part in RFC 5545: the same as BYHOUR=2,22, and the result is in order of time.
# Seen:     22:00 comes before 02:00 of the same day; after(midnight) is 22:00 though 02:00 comes first, between() up to noon is empty,
#           and UNTIL loses an occurrence. With BYHOUR=2,22, and in rrule-temporal with both, all is right.
# Matters:  the page names the wrong next window, and a check "is there a window before noon" says no.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1 rrule-temporal@2.2.8 >/dev/null || exit 2

cat > find.mjs <<'JS'
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';

const short = d => (d.epochMilliseconds === undefined ? d : new Date(d.epochMilliseconds)).toISOString().slice(5, 16).replace('T', ' ');
for (const hours of ['22,2', '2,22']) {
  const text = end => `DTSTART:20261201T020000Z\nRRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=${hours};${end}`;
  const whole = rrule.rrulestr(text('COUNT=4'));
  const noon = [new Date('2026-12-07T00:00:00Z'), new Date('2026-12-08T12:00:00Z')];
  console.log(`BYHOUR=${hours}`);
  console.log(`  rrule, COUNT=4:          ${whole.all().map(short).join(', ')}`);
  console.log(`  rrule, after 12-08 0:00: ${short(whole.after(new Date('2026-12-08T00:00:00Z')))}`);
  console.log(`  rrule, 12-07 to noon of 12-08: ${whole.between(...noon).map(short).join(', ') || 'none'}`);
  console.log(`  rrule, UNTIL 12-08 noon: ${rrule.rrulestr(text('UNTIL=20261208T120000Z')).all().map(short).join(', ')}`);
  console.log(`  rrule-temporal, COUNT=4: ${new RRuleTemporal({ rruleString: text('COUNT=4') }).all().map(short).join(', ')}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
BYHOUR=22,2
  rrule, COUNT=4:          12-01 22:00, 12-01 02:00, 12-08 22:00, 12-08 02:00
  rrule, after 12-08 0:00: 12-08 22:00
  rrule, 12-07 to noon of 12-08: none
  rrule, UNTIL 12-08 noon: 12-01 22:00, 12-01 02:00
  rrule-temporal, COUNT=4: 12-01 02:00, 12-01 22:00, 12-08 02:00, 12-08 22:00
BYHOUR=2,22
  rrule, COUNT=4:          12-01 02:00, 12-01 22:00, 12-08 02:00, 12-08 22:00
  rrule, after 12-08 0:00: 12-08 02:00
  rrule, 12-07 to noon of 12-08: 12-08 02:00
  rrule, UNTIL 12-08 noon: 12-01 02:00, 12-01 22:00, 12-08 02:00
  rrule-temporal, COUNT=4: 12-01 02:00, 12-01 22:00, 12-08 02:00, 12-08 22:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
