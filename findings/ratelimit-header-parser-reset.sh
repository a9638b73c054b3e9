#!/usr/bin/env bash
# ratelimit-header-parser takes Retry-After for a time in 1970, and reads NaN from the newest headers of its sister express-rate-limit.
#
# Versions: ratelimit-header-parser 0.1.0, express-rate-limit 8.7.4 with express 5.2.1 (npm).
# Guess:    Retry-After: 30 is half a minute from now, and two packages of one project agree on the newest draft of the standard.
# Seen:     with X-RateLimit-Limit, Retry-After: 30 gives a reset of 1970-01-01T00:00:30Z. For draft-8 it returns
#           an object with NaN for limit and remaining and an invalid date for reset; drafts 6 and 7 are read.
# Matters:  a poller that waits until "reset" does not wait at all, and "remaining === 0" is never true.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund express@5.2.1 express-rate-limit@8.7.4 ratelimit-header-parser@0.1.0 >/dev/null || exit 2

cat > find.mjs <<'JS'
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { parseRateLimit } from 'ratelimit-header-parser';

const { reset } = parseRateLimit({ 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'retry-after': '30' });
console.log(`Retry-After: 30 -> ${reset.toISOString()}`);
for (const draft of ['draft-6', 'draft-7', 'draft-8']) {
  const app = express();
  app.use(rateLimit({ windowMs: 60_000, limit: 100, standardHeaders: draft, legacyHeaders: false }));
  app.get('/', (request, response) => response.end());
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { limit, remaining, reset } = parseRateLimit(await fetch(`http://127.0.0.1:${server.address().port}`));
  console.log(`${draft}: limit ${limit}, remaining ${remaining}, reset ${Number.isNaN(+reset) ? reset : 'a time'}`);
  server.closeAllConnections();
  server.close();
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
Retry-After: 30 -> 1970-01-01T00:00:30.000Z
draft-6: limit 100, remaining 99, reset a time
draft-7: limit 100, remaining 99, reset a time
draft-8: limit NaN, remaining NaN, reset Invalid Date
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
