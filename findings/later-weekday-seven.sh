#!/usr/bin/env bash
# Later, the schedule library below Bree, runs a cron expression for weekday 7 on Saturday, and one for FRI-MON on Saturday only.
#
# Versions: @breejs/later 4.2.0, cron-parser 5.10.6 (npm).
# Guess:    7 is Sunday like 0, as in crontab(5), or an error; a range that passes the end of the week is an error or goes over it.
# Seen:     7 is Saturday, though 0 and SUN are Sunday; FRI-MON is Saturday, neither of the days it names; no error. 31 February is the
#           1st of March in 500 years. cron-parser takes 7 for Sunday and refuses the other two.
# Matters:  window and quiet times are copied between tools: a Sunday job of one runs on Saturday in the other.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @breejs/later@4.2.0 cron-parser@5.10.6 >/dev/null || exit 2

cat > find.mjs <<'JS'
import later from '@breejs/later';
import { CronExpressionParser } from 'cron-parser';

const from = new Date('2026-11-30T13:40:00Z');
const day = time => time.toUTCString().slice(0, 16);
for (const expression of ['0 4 * * 0', '0 4 * * SUN', '0 4 * * 7', '0 4 * * FRI-MON', '0 4 31 2 *']) {
  const times = later.schedule(later.parse.cron(expression)).next(2, from);
  let other;
  try {
    const schedule = CronExpressionParser.parse(expression, { currentDate: from, tz: 'UTC' });
    other = [schedule.next(), schedule.next()].map(time => day(time.toDate())).join(', ');
  } catch (error) {
    other = 'refused';
  }
  console.log(`${expression.padEnd(15)} later: ${times.map(day).join(', ')}; cron-parser: ${other}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
0 4 * * 0       later: Sun, 06 Dec 2026, Sun, 13 Dec 2026; cron-parser: Sun, 06 Dec 2026, Sun, 13 Dec 2026
0 4 * * SUN     later: Sun, 06 Dec 2026, Sun, 13 Dec 2026; cron-parser: Sun, 06 Dec 2026, Sun, 13 Dec 2026
0 4 * * 7       later: Sat, 05 Dec 2026, Sat, 12 Dec 2026; cron-parser: Sun, 06 Dec 2026, Sun, 13 Dec 2026
0 4 * * FRI-MON later: Sat, 05 Dec 2026, Sat, 12 Dec 2026; cron-parser: refused
0 4 31 2 *      later: Fri, 01 Mar 2526, Wed, 01 Mar 3026; cron-parser: refused
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
