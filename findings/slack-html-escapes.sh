#!/usr/bin/env bash
# Text escaped as Slack asks for is shown with its escapes by slack-markdown, and turned into a quotation by slack-hawk-down.
#
# Versions: slack-markdown 0.3.0, slack-hawk-down 0.3.5, @clearfeed-ai/slack-to-html 1.2.7 (npm).
# Guess:    &lt; &gt; and &amp; in Slack's text are the characters < > and & in HTML, since Slack requires these three escapes.
# Seen:     slack-markdown gives &amp;lt;, also inside the address of a link; slack-hawk-down takes each &gt; for the start of a quotation,
#           in the middle of a line too. @clearfeed-ai/slack-to-html, made from the latter, is right.
# Matters:  a preview of "version &gt; 1.28" shows the escape, or a quotation of "1.28"; a link with two parameters leads elsewhere.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund slack-markdown@0.3.0 slack-hawk-down@0.3.5 @clearfeed-ai/slack-to-html@1.2.7 >/dev/null || exit 2

cat > find.mjs <<'JS'
import clearfeed from '@clearfeed-ai/slack-to-html';
import hawk from 'slack-hawk-down';
import { toHTML } from 'slack-markdown';

for (const text of ['nodes &lt; 3', 'version &gt; 1.28', '<https://example.com/?a=1&amp;b=2|link>']) {
  console.log(text);
  console.log(`  slack-markdown:  ${toHTML(text)}`);
  console.log(`  slack-hawk-down: ${hawk.escapeForSlackWithMarkdown(text)}`);
  console.log(`  slack-to-html:   ${clearfeed.escapeForSlackWithMarkdown(text)}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
nodes &lt; 3
  slack-markdown:  nodes &amp;lt; 3
  slack-hawk-down: nodes &lt; 3
  slack-to-html:   nodes &lt; 3
version &gt; 1.28
  slack-markdown:  version &amp;gt; 1.28
  slack-hawk-down: version <span class="slack_block"> 1.28</span>
  slack-to-html:   version &gt; 1.28
<https://example.com/?a=1&amp;b=2|link>
  slack-markdown:  <a href="https://example.com/?a=1&amp;amp;b=2">link</a>
  slack-hawk-down: <a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">link</a>
  slack-to-html:   <a href="https://example.com/?a=1&amp;b=2" target="&#95;blank" rel="noopener noreferrer">link</a>
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
