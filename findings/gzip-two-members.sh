#!/usr/bin/env bash
# fflate's gunzipSync cuts a gzip file of two members to the length of the last one, without an error.
#
# Versions: fflate 0.8.3, pako 3.0.3 (npm), zlib and DecompressionStream of Node.js 20.
# Guess:    both members one after the other, as gzip's specification says, or the first one, or an error.
# Seen:     as many bytes of the first member as the last one has; fflate's own streaming Gunzip, pako and Node.js give both members.
# Matters:  a monthly NDJSON archive that grows by `gzip -c >>` is cut in the middle of a row; a file of one member never shows it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund fflate@0.8.3 pako@3.0.3 >/dev/null || exit 2

printf '{"run":1}\n{"run":2}\n' | gzip -c > runs.gz
printf '{"run":33}\n' | gzip -c >> runs.gz

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { gunzipSync as node } from 'node:zlib';
import { Gunzip, gunzipSync } from 'fflate';
import { ungzip } from 'pako';

const file = readFileSync('runs.gz');
const text = bytes => new TextDecoder().decode(bytes);
const streamed = [];
new Gunzip(chunk => streamed.push(...chunk)).push(file, true);
for (const [name, content] of [
  ['Node.js zlib', text(node(file))],
  ['DecompressionStream', await new Response(new Blob([file]).stream().pipeThrough(new DecompressionStream('gzip'))).text()],
  ['pako ungzip', text(ungzip(file))],
  ['fflate Gunzip', text(Uint8Array.from(streamed))],
  ['fflate gunzipSync', text(gunzipSync(file))],
]) {
  console.log(`${name.padEnd(20)} ${JSON.stringify(content)}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
Node.js zlib         "{\"run\":1}\n{\"run\":2}\n{\"run\":33}\n"
DecompressionStream  "{\"run\":1}\n{\"run\":2}\n{\"run\":33}\n"
pako ungzip          "{\"run\":1}\n{\"run\":2}\n{\"run\":33}\n"
fflate Gunzip        "{\"run\":1}\n{\"run\":2}\n{\"run\":33}\n"
fflate gunzipSync    "{\"run\":1}\n{"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
