#!/usr/bin/env bash
# SVGO's standard plugins delete the dark theme of a class that one element uses, keep it for one that two use, and delete role="img".
#
# Versions: svgo 4.1.0 (npm).
# Guess:    the standard plugins keep the look in each theme and what assistive software reads: media queries and roles stay.
# Seen:     .back is used once: its fill becomes a style attribute and its rule for dark disappears; .bar is used twice and keeps both.
#           The picture then has a white background with the dark theme's text on it. role goes, aria-labelledby stays.
# Matters:  timelines are SVG for light and dark with each of these; a site that optimizes its pictures makes them illegible at night.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund svgo@4.1.0 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { optimize } from 'svgo';

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" role="img" aria-labelledby="title">
  <title id="title">Upgrade of checkout-eu-1</title>
  <style>.back{fill:#fff}.bar{fill:#1a7f37}@media(prefers-color-scheme:dark){.back{fill:#0d1117}.bar{fill:#3fb950}}</style>
  <rect class="back" width="40" height="20"/>
  <rect class="bar" x="2" y="4" width="9" height="4"/>
  <rect class="bar" x="9" y="12" width="20" height="4"/>
</svg>`;
console.log(optimize(svg, { js2svg: { pretty: true, indent: 2 } }).data.trim());
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
<svg xmlns="http://www.w3.org/2000/svg" aria-labelledby="title" viewBox="0 0 40 20">
  <title id="title">Upgrade of checkout-eu-1</title>
  <style>
    .bar{fill:#1a7f37}@media (prefers-color-scheme:dark){.bar{fill:#3fb950}}
  </style>
  <path d="M0 0h40v20H0z" style="fill:#fff"/>
  <path d="M2 4h9v4H2zM9 12h20v4H9z" class="bar"/>
</svg>
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
