#!/usr/bin/env bash
# Two HTTP caches for Node.js do not revalidate "private, no-cache" with the ETag they got: one never, the other every second time.
#
# Versions: axios-cache-interceptor 1.12.3 with axios 1.21.1, undici 7.30.2, make-fetch-happen 15.0.6 (npm, on Node.js 20).
# Guess:    no-cache means "keep it, ask before each use", as max-age=0 does: after the first answer each request is answered with 304.
# Seen:     make-fetch-happen does so. axios-cache-interceptor takes no-cache, and on a server private, for no-store. undici's private
#           cache forgets an answer with the 304 that confirms it, so that every second answer is a whole one.
# Matters:  answers that may still change carry just these headers; pollers with such a cache fetch whole lists where a 304 would do.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  axios@1.21.1 axios-cache-interceptor@1.12.3 make-fetch-happen@15.0.6 undici@7.30.2 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createServer } from 'node:http';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import fetch from 'make-fetch-happen';
import { Agent, interceptors, request } from 'undici';

const answers = [];
let cacheControl;
const server = createServer((incoming, answer) => {
  const status = incoming.headers['if-none-match'] === '"1"' ? 304 : 200;
  answers.push(status);
  answer.writeHead(status, { ETag: '"1"', 'Cache-Control': cacheControl });
  answer.end(status === 200 ? '{"assessment":"Progressing"}' : undefined);
});
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
const at = `http://127.0.0.1:${server.address().port}/`;

const cached = setupCache(axios.create(), { etag: true, interpretHeader: true });
const dispatcher = new Agent().compose(interceptors.cache({ type: 'private' }));
const clients = {
  'axios-cache-interceptor': url => cached.get(url),
  'make-fetch-happen': async url => (await fetch(url, { cachePath: './cache' })).text(),
  undici: async url => (await request(url, { dispatcher })).body.text(),
};
let path = 0;
for (cacheControl of ['private, no-cache', 'no-cache', 'max-age=0']) {
  for (const [name, get] of Object.entries(clients)) {
    answers.length = 0;
    path++;
    for (let i = 0; i < 5; i++) await get(`${at}${path}`);
    console.log(`${cacheControl.padEnd(17)} ${name.padEnd(23)} ${answers.join(' ')}`);
  }
}
process.exit();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
private, no-cache axios-cache-interceptor 200 200 200 200 200
private, no-cache make-fetch-happen       200 304 304 304 304
private, no-cache undici                  200 304 200 304 200
no-cache          axios-cache-interceptor 200 200 200 200 200
no-cache          make-fetch-happen       200 304 304 304 304
no-cache          undici                  200 304 200 304 200
max-age=0         axios-cache-interceptor 200 304 304 304 304
max-age=0         make-fetch-happen       200 304 304 304 304
max-age=0         undici                  200 304 200 304 200
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
