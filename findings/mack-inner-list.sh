#!/usr/bin/env bash
# @tryfabric/mack drops the inner items of a list, counts from 1, and joins two words at a hard line break.
#
# Versions: @tryfabric/mack 1.2.1 (npm).
# Guess:    Markdown that Slack cannot show as it is loses its form, not its text.
# Seen:     "- a / - b inside a / - c" becomes "a" and "c"; a list from 5 starts at 1; "stage  ⏎failed" becomes "stagefailed"; done and
#           open items of a task list look the same. No error.
# Matters:  a message "node pool, below it: what blocks" arrives in Slack without what blocks.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @tryfabric/mack@1.2.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import mack from '@tryfabric/mack';

for (const text of ['- pool a\n  - blocked by x\n- pool b', '5. drain\n6. replace', 'stage  \nfailed', '- [x] drain\n- [ ] replace']) {
  const blocks = await mack.markdownToBlocks(text);
  console.log(`${JSON.stringify(text)} -> ${JSON.stringify(blocks.map(b => b.text.text).join('|'))}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
"- pool a\n  - blocked by x\n- pool b" -> "• pool a\n• pool b"
"5. drain\n6. replace" -> "1. drain\n2. replace"
"stage  \nfailed" -> "stagefailed"
"- [x] drain\n- [ ] replace" -> "• drain\n• replace"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
