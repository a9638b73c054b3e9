#!/usr/bin/env bash
# The Zod schemas of hey-api refuse a date-time with an offset and a time as OpenAPI has it, and accept a time without a zone.
#
# Versions: @hey-api/openapi-ts 0.99.0 with zod 4.6.7 (npm); DateTimeOffset of .NET 10 writes +00:00, never Z.
# Guess:    format date-time and time are those of RFC 3339, with Z or any offset, as OpenAPI and JSON Schema define them.
# Seen:     2026-11-30T18:00:00+00:00 is "Invalid ISO datetime"; 02:00:00Z is "Invalid ISO time", and 02:00:00 passes.
# Matters:  the generated client rejects each answer of a .NET service that sends a DateTimeOffset.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @hey-api/openapi-ts@0.99.0 typescript@5.9.3 zod@4.6.7 >/dev/null || exit 2

cat > api.json <<'JSON'
{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{
  "At":{"type":"string","format":"date-time"},"Opens":{"type":"string","format":"time"}}}}
JSON
npx openapi-ts -i api.json -o client -p @hey-api/typescript zod >generate.log 2>&1 || { cat generate.log; exit 2; }
cat > find.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

writeFileSync('zod.mjs', ts.transpile(readFileSync('client/zod.gen.ts', 'utf8'), { module: 'esnext', target: 'esnext' }));
const { zAt, zOpens } = await import('./zod.mjs');
const check = (schema, text) => console.log(`${text}: ${schema.safeParse(text).error?.issues[0].message ?? 'accepted'}`);
for (const text of ['2026-11-30T18:00:00Z', '2026-11-30T18:00:00+00:00', '2026-11-30T19:00:00+01:00']) check(zAt, text);
for (const text of ['02:00:00Z', '02:00:00+01:00', '02:00:00']) check(zOpens, text);
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
2026-11-30T18:00:00Z: accepted
2026-11-30T18:00:00+00:00: Invalid ISO datetime
2026-11-30T19:00:00+01:00: Invalid ISO datetime
02:00:00Z: Invalid ISO time
02:00:00+01:00: Invalid ISO time
02:00:00: accepted
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
