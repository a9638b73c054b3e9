#!/usr/bin/env bash
# Kiota's TypeScript runtime pads the fraction of a time of day on the wrong side: half a second becomes half a microsecond.
#
# Versions: @microsoft/kiota-abstractions and @microsoft/kiota-serialization-json 1.0.0-preview.109 (npm).
# Guess:    a time of day that is read and written again is the same time.
# Seen:     02:00:00.5 comes out as 02:00:00.0000005, 06:32:34.923248 as 06:32:34.0923248; seven digits survive.
# Matters:  .NET writes TimeOnly with as many digits as it needs, so a window's start moves when a generated client saves it unchanged.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @microsoft/kiota-serialization-json@1.0.0-preview.109 @microsoft/kiota-abstractions@1.0.0-preview.109 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { JsonParseNode } from '@microsoft/kiota-serialization-json';

for (const text of ['02:00:00', '02:00:00.5', '06:32:34.923248', '06:32:34.9232480']) {
  console.log(`${text} -> ${new JsonParseNode(text).getTimeOnlyValue().toString()}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
02:00:00 -> 02:00:00.0000000
02:00:00.5 -> 02:00:00.0000005
06:32:34.923248 -> 06:32:34.0923248
06:32:34.9232480 -> 06:32:34.9232480
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
