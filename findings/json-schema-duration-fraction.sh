#!/usr/bin/env bash
# "format": "duration" of JSON Schema has no fractions: two validators refuse what .NET writes for a run time, two others go by other rules.
#
# Versions: ajv 8.20.0 with ajv-formats 3.0.1, @cfworker/json-schema 4.1.6, jsonschema 1.5.0, zod 4.6.7 (npm).
# Guess:    the format is ISO 8601, so that the PT9M5.223784S of XmlConvert is valid for all of them, and a sign for none.
# Seen:     the format is the grammar of RFC 3339, whose seconds are whole: ajv and cfworker refuse it. jsonschema looks for that grammar
#           anywhere in the text, so PT9M5.223784S and -PT15M pass, PT545.223784S does not. zod takes fractions, but no sign.
# Matters:  MCP's TypeScript SDK checks results with ajv and these formats; durations here are numbers of seconds for that reason.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  ajv@8.20.0 ajv-formats@3.0.1 @cfworker/json-schema@4.1.6 jsonschema@1.5.0 zod@4.6.7 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { Validator } from '@cfworker/json-schema';
import ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import jsonschema from 'jsonschema';
import { z } from 'zod';

const schema = { type: 'string', format: 'duration' };
const ajvInstance = new ajv.default();
formats.default(ajvInstance);
const validators = {
  ajv: ajvInstance.compile(schema),
  cfworker: text => new Validator(schema, '2020-12').validate(text).valid,
  jsonschema: text => jsonschema.validate(text, schema).valid,
  zod: text => z.iso.duration().safeParse(text).success,
};
for (const text of ['PT9M5S', 'PT9M5.223784S', 'PT545.223784S', '-PT15M']) {
  const words = Object.entries(validators).map(([name, valid]) => `${name} ${valid(text) ? 'takes' : 'refuses'}`);
  console.log(`${text.padEnd(14)} ${words.join(', ')}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
PT9M5S         ajv takes, cfworker takes, jsonschema takes, zod takes
PT9M5.223784S  ajv refuses, cfworker refuses, jsonschema takes, zod takes
PT545.223784S  ajv refuses, cfworker refuses, jsonschema refuses, zod takes
-PT15M         ajv refuses, cfworker refuses, jsonschema takes, zod refuses
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
