#!/usr/bin/env bash
# Adaptive Expressions for JavaScript divide without a fraction whenever both numbers are whole, also when one is written 10.0.
#
# Versions: adaptive-expressions 4.23.3, adaptivecards-templating 2.3.1 (npm).
# Guess:    10.0/4 is 2.5, since the fraction marks a floating-point division.
# Seen:     10.0/4, 10/4 and 9/10*100 give 2, 2 and 0; 545.2/60 does divide. string(3600) is "3,600", but 3600 + "s" is "3600s".
# Matters:  a progress of 9 tasks out of 10 is shown as 0 %, and a run time as text gets separators that a formula cannot read back.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund adaptive-expressions@4.23.3 adaptivecards-templating@2.3.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createRequire } from 'node:module';

const { Template } = createRequire(import.meta.url)('adaptivecards-templating');
const data = { done: 9, total: 10, seconds: 3600 };
for (const text of ['${10/4}', '${10.0/4}', '${done/total*100}', '${100*done/total}', '${545.2/60 > 9}', '${string(seconds)}',
  '${seconds + "s"}']) {
  console.log(`${text} = ${JSON.stringify(new Template({ text }).expand({ $root: data }).text)}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
${10/4} = 2
${10.0/4} = 2
${done/total*100} = 0
${100*done/total} = 90
${545.2/60 > 9} = true
${string(seconds)} = "3,600"
${seconds + "s"} = "3600s"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
