#!/usr/bin/env bash
# openapi-fetch reports a failure without a body with an error that is false: `if (error)` takes 503, 502 and 304 for a success.
#
# Versions: openapi-fetch 0.17.0 (npm).
# Guess:    of data and error exactly one is set, as its types say: an answer that is not 2xx always has a true error.
# Seen:     a 503 or 304 without a body has the error "", with Content-Length: 0 the error undefined; data is undefined each time.
# Matters:  gateways answer 502 and 503 without a body, and a conditional GET gets 304: the page then reads a member of undefined.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund openapi-fetch@0.17.0 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createServer } from 'node:http';
import createClient from 'openapi-fetch';

const server = createServer((incoming, answer) => {
  const [, status, kind] = incoming.url.split('/');
  if (kind === 'problem') answer.setHeader('Content-Type', 'application/problem+json');
  if (kind === 'length') answer.setHeader('Content-Length', 0);
  answer.writeHead(Number(status)).end(kind === 'problem' ? '{"title":"Not found"}' : undefined);
});
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
const client = createClient({ baseUrl: `http://127.0.0.1:${server.address().port}` });
for (const path of ['/404/problem', '/503/chunked', '/503/length', '/304/chunked']) {
  const { data, error } = await client.GET(path);
  console.log(`${path.padEnd(13)} data ${data}, error ${JSON.stringify(error)}: ${error ? 'a failure' : 'taken for a success'}`);
}
process.exit();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
/404/problem  data undefined, error {"title":"Not found"}: a failure
/503/chunked  data undefined, error "": taken for a success
/503/length   data undefined, error undefined: taken for a success
/304/chunked  data undefined, error "": taken for a success
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
