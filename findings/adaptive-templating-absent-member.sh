#!/usr/bin/env bash
# In an Adaptive Cards template an absent member is a text, its own placeholder, so coalesce() never reaches the value behind it.
#
# Versions: adaptivecards-templating 2.3.1, adaptive-expressions 4.23.3 (npm).
# Guess:    coalesce(absent, 'unknown') gives 'unknown', as for a member that is null.
# Seen:     it gives the literal text ${absent}; for null it gives 'unknown'. if() takes 0 and the empty text as true, yet null as
#           false, while bool(0) is false.
# Matters:  an upgrade that is not blocked has no reason member: the card shows ${blocking.reason} to the person on call.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund adaptive-expressions@4.23.3 adaptivecards-templating@2.3.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createRequire } from 'node:module';

const { Template } = createRequire(import.meta.url)('adaptivecards-templating');
const data = { nothing: null, zero: 0, empty: '' };
for (const text of ["${coalesce(absent, 'unknown')}", "${coalesce(nothing, 'unknown')}", '${exists(absent)}',
  "${if(zero, 'yes', 'no')}", "${if(empty, 'yes', 'no')}", "${if(nothing, 'yes', 'no')}", '${bool(zero)}']) {
  console.log(`${text} = ${JSON.stringify(new Template({ text }).expand({ $root: data }).text)}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
${coalesce(absent, 'unknown')} = "${absent}"
${coalesce(nothing, 'unknown')} = "unknown"
${exists(absent)} = false
${if(zero, 'yes', 'no')} = "yes"
${if(empty, 'yes', 'no')} = "yes"
${if(nothing, 'yes', 'no')} = "no"
${bool(zero)} = false
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
