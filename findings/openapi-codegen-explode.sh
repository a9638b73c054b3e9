#!/usr/bin/env bash
# openapi-typescript-codegen repeats a query parameter that the document wants as one list with commas.
#
# Versions: openapi-typescript-codegen 0.31.0, openapi-fetch 0.17.0 (npm).
# Guess:    style form with explode false gives state=Running,Failed, as in openapi-fetch when it is set up so, or the document is refused.
# Seen:     the generated client sends state=Running&state=Failed, and nothing in it knows of explode.
# Matters:  a service that reads one list of states sees one of them: the page shows half of the upgrades.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund openapi-typescript-codegen@0.31.0 openapi-fetch@0.17.0 typescript@5.9.3 >/dev/null || exit 2

cat > api.json <<'JSON'
{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/upgrades":{"get":{"operationId":"list","parameters":[
  {"name":"state","in":"query","style":"form","explode":false,"schema":{"type":"array","items":{"type":"string"}}}],
  "responses":{"200":{"description":"ok"}}}}}}
JSON
npx openapi --input api.json --output client >generate.log 2>&1 || { cat generate.log; exit 2; }
npx tsc --outDir compiled --module esnext --target es2022 --moduleResolution bundler --skipLibCheck client/index.ts >compile.log || true
[ -f compiled/index.js ] || { cat compile.log; exit 2; }
find compiled -name '*.js' -exec sed -i -E "s#from '(\.[^']*)'#from '\1.js'#" {} +
echo '{"type":"module"}' >compiled/package.json
cat > find.mjs <<'JS'
import createClient from 'openapi-fetch';
import { DefaultService, OpenAPI } from './compiled/index.js';

const seen = name => async request => {
  console.log(`${name}: ${new URL(request.url ?? request).search}`);
  return Response.json({});
};
OpenAPI.BASE = 'http://example.com';
globalThis.fetch = seen('openapi-typescript-codegen');
await DefaultService.list(['Running', 'Failed']);
const client = createClient({
  baseUrl: OpenAPI.BASE, fetch: seen('openapi-fetch'), querySerializer: { array: { style: 'form', explode: false } },
});
await client.GET('/upgrades', { params: { query: { state: ['Running', 'Failed'] } } });
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
openapi-typescript-codegen: ?state=Running&state=Failed
openapi-fetch: ?state=Running,Failed
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
