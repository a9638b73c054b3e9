#!/usr/bin/env bash
# aws-cron-parser runs a job of the 31st on the 1st of the next month, and one of 29 February on 1 March.
#
# Versions: aws-cron-parser 1.1.12, cron-parser 5.10.6 (npm).
# Guess:    a month without the day has no run, as in cron-parser.
# Seen:     "0 2 31 * ? *" runs on 1 December for November and on 3 March for February; "0 2 29 2 ? *" runs on 1 March.
# Matters:  a page that shows the next upgrade window of a schedule in AWS's form names days on which nothing runs.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cron-parser@1.1.12 cron-parser@5.10.6 >/dev/null || exit 2

cat > find.mjs <<'JS'
import aws from 'aws-cron-parser';
import { CronExpressionParser } from 'cron-parser';

const from = new Date('2026-11-30T13:40:00Z');
for (const day of ['31 *', '29 2']) {
  const runs = [];
  const schedule = aws.parse(`0 2 ${day} ? *`);
  for (let time = from; runs.length < 4; runs.push(time.toISOString().slice(0, 10))) time = aws.next(schedule, time);
  const other = CronExpressionParser.parse(`0 2 ${day} *`, { currentDate: from, tz: 'UTC' });
  console.log(`0 2 ${day} ? *\n  aws-cron-parser ${runs.join(' ')}`);
  console.log(`  cron-parser     ${[1, 2, 3, 4].map(() => other.next().toDate().toISOString().slice(0, 10)).join(' ')}`);
}
JS

seen=$(TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
0 2 31 * ? *
  aws-cron-parser 2026-12-01 2026-12-31 2027-01-31 2027-03-03
  cron-parser     2026-12-31 2027-01-31 2027-03-31 2027-05-31
0 2 29 2 ? *
  aws-cron-parser 2027-03-01 2028-02-29 2029-03-01 2030-03-01
  cron-parser     2028-02-29 2032-02-29 2036-02-29 2040-02-29
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
