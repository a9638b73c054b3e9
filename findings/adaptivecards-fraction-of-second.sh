#!/usr/bin/env bash
# The Adaptive Cards renderer for JavaScript shows {{DATE()}} and {{TIME()}} as raw text when the time has a fraction of a second.
#
# Versions: adaptivecards 3.0.6 with happy-dom 21.0.4 as the page (npm).
# Guess:    each RFC 3339 time is formatted, since the card schema asks for RFC 3339.
# Seen:     …04Z is shown as a date; …04.592Z and …04.5929720+00:00 leave the braces and the function name in the card.
# Matters:  .NET serializes a DateTimeOffset with its fraction, so the card works in each test with whole seconds and not in production.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund adaptivecards@3.0.6 happy-dom@21.0.4 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createRequire } from 'node:module';
import { Window } from 'happy-dom';

const window = new Window();
Object.assign(globalThis, { window, document: window.document, HTMLElement: window.HTMLElement, Node: window.Node });
const { AdaptiveCard } = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js');

for (const time of ['2023-11-25T07:20:04Z', '2023-11-25T07:20:04.592Z', '2023-11-25T07:20:04.5929720+00:00']) {
  const card = new AdaptiveCard();
  card.parse({
    type: 'AdaptiveCard', version: '1.5',
    body: [{ type: 'TextBlock', text: `Since {{DATE(${time}, SHORT)}} {{TIME(${time})}}` }],
  });
  console.log(`${time} => ${card.render().textContent.replace(/\u202f/g, ' ')}`);
}
JS

seen=$(TZ=UTC node find.mjs | grep '^2023')
expected=$(cat <<'TEXT'
2023-11-25T07:20:04Z => Since Sat, Nov 25, 2023 7:20 AM
2023-11-25T07:20:04.592Z => Since {{DATE(2023-11-25T07:20:04.592Z, SHORT)}} {{TIME(2023-11-25T07:20:04.592Z)}}
2023-11-25T07:20:04.5929720+00:00 => Since {{DATE(2023-11-25T07:20:04.5929720+00:00, SHORT)}} {{TIME(2023-11-25T07:20:04.5929720+00:00)}}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
