#!/usr/bin/env bash
# parse-link-header and li drop a link whose parameter is written "Rel" or has a space beside "="; a second "rel" replaces the first.
#
# Versions: parse-link-header 2.0.0, li 1.3.0, http-link-header 1.1.4 (npm).
# Guess:    RFC 8288: parameter names ignore case, white space around "=" is read, of several "rel" the first counts.
# Seen:     parse-link-header and li return no link at all for the first two, without an error, and "prev" for rel="next"; rel="prev";
#           with two links of one relation they keep the last. http-link-header follows the RFC in each case.
# Matters:  "no next link" is how a client knows the last page: a gateway that rewrites the header ends the list after one page.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund parse-link-header@2.0.0 li@1.3.0 http-link-header@1.1.4 >/dev/null || exit 2

cat > find.mjs <<'JS'
import LinkHeader from 'http-link-header';
import li from 'li';
import parse from 'parse-link-header';

for (const header of [
  '</a>; rel="next"',
  '</a>; Rel="next"',
  '</a>; rel = "next"',
  '</a>; rel="next"; rel="prev"',
  '</a>; rel="item", </b>; rel="item"',
]) {
  const links = [
    LinkHeader.parse(header).refs.map(l => `${l.rel} ${l.uri}`),
    Object.values(parse(header)).map(l => `${l.rel} ${l.url}`),
    Object.entries(li.parse(header)).map(([rel, url]) => `${rel} ${url}`),
  ].map(l => l.join(', ') || 'none');
  console.log(`${header}\n  http-link-header: ${links[0]}; parse-link-header: ${links[1]}; li: ${links[2]}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
</a>; rel="next"
  http-link-header: next /a; parse-link-header: next /a; li: next /a
</a>; Rel="next"
  http-link-header: next /a; parse-link-header: none; li: none
</a>; rel = "next"
  http-link-header: next /a; parse-link-header: none; li: none
</a>; rel="next"; rel="prev"
  http-link-header: next /a; parse-link-header: prev /a; li: prev /a
</a>; rel="item", </b>; rel="item"
  http-link-header: item /a, item /b; parse-link-header: item /b; li: item /b
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
