#!/usr/bin/env bash
# One run of hey-api makes a TypeScript type and a Zod schema that disagree, on int64 and on additional members.
#
# Versions: @hey-api/openapi-ts 0.99.0 with zod 4.6.7 (npm).
# Guess:    what the schema returns has the generated type.
# Seen:     an int64 is "number" in the type and a bigint after parse, which JSON.stringify refuses; a problem with additionalProperties
#           true has an index signature in the type, and its extension members are removed by parse.
# Matters:  the extension members of problem details, which say what blocks and since when, are lost when answers are checked.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @hey-api/openapi-ts@0.99.0 typescript@5.9.3 zod@4.6.7 >/dev/null || exit 2

cat > api.json <<'JSON'
{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{
  "Problem":{"type":"object","properties":{"title":{"type":"string"}},"additionalProperties":true},
  "Count":{"type":"object","required":["count"],"properties":{"count":{"type":"integer","format":"int64"}}}}}}
JSON
npx openapi-ts -i api.json -o client -p @hey-api/typescript zod >generate.log 2>&1 || { cat generate.log; exit 2; }
cat > find.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

writeFileSync('zod.mjs', ts.transpile(readFileSync('client/zod.gen.ts', 'utf8'), { module: 'esnext', target: 'esnext' }));
const { zCount, zProblem } = await import('./zod.mjs');
const types = readFileSync('client/types.gen.ts', 'utf8');
console.log(`type: ${types.match(/count: .*;/)[0]} schema: ${typeof zCount.parse({ count: 5 }).count}`);
try {
  JSON.stringify(zCount.parse({ count: 5 }));
} catch (e) {
  console.log(`JSON.stringify: ${e.name}`);
}
console.log(`type: ${types.match(/\[key: string\].*;/)[0]} schema: ${JSON.stringify(zProblem.parse({ title: 't', blockedBy: 'x' }))}`);
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
type: count: number; schema: bigint
JSON.stringify: TypeError
type: [key: string]: unknown; schema: {"title":"t"}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
