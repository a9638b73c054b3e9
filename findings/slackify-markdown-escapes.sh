#!/usr/bin/env bash
# slackify-markdown removes Markdown's escapes where Slack then sees its own marks, and writes a backslash for a hard line break.
#
# Versions: slackify-markdown 5.0.0 (npm).
# Guess:    escaped characters stay plain text in Slack (a zero-width space would do), and a hard break is a line break.
# Seen:     \_not\_ becomes _not_, which Slack shows in italics, \*3\* becomes bold 3. Both forms of a hard break, two spaces and a
#           backslash, leave a backslash at the line's end, which Slack shows: its format has no such escape.
# Matters:  names of clusters and upstream's messages are escaped in the Markdown forms; a bot that converts them shows marks again.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund slackify-markdown@5.0.0 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { slackifyMarkdown } from 'slackify-markdown';

for (const markdown of ['cluster \\_not\\_ ready', 'stage \\*3\\* of 4', 'Blocked  \nsince 08:00', 'Blocked\\\nsince 08:00']) {
  console.log(`${JSON.stringify(markdown).padEnd(28)} -> ${JSON.stringify(slackifyMarkdown(markdown).trim())}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
"cluster \\_not\\_ ready"    -> "cluster _not_ ready"
"stage \\*3\\* of 4"         -> "stage *3* of 4"
"Blocked  \nsince 08:00"     -> "Blocked\\\nsince 08:00"
"Blocked\\\nsince 08:00"     -> "Blocked\\\nsince 08:00"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
