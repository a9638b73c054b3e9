#!/usr/bin/env bash
# The TypeScript SDK of MCP lets a server send a member more than its output schema has, and its own client then rejects the answer.
#
# Versions: @modelcontextprotocol/sdk 1.32.2, zod 4.6.7.
# Guess:    the server checks its result against the schema it publishes, so what it lets pass its own client accepts.
# Seen:     the server passes { days: 1, note: … } for the schema { days }, and publishes it with additionalProperties false;
#           the client throws -32602 "must NOT have additional properties". A wrong type is caught by the server.
# Matters:  one more member in an answer, a compatible addition elsewhere, breaks each client that has listed the tools.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 zod@4.6.7 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const server = new McpServer({ name: 'find', version: '1' });
server.registerTool('left', { outputSchema: { days: z.number() } },
  async () => ({ content: [], structuredContent: { days: 1, note: 'soon' } }));
const client = new Client({ name: 'find', version: '1' });
const [near, far] = InMemoryTransport.createLinkedPair();
await server.connect(near);
await client.connect(far);

const before = await client.callTool({ name: 'left', arguments: {} });
const { outputSchema } = (await client.listTools()).tools[0];
console.log(`published: additionalProperties=${outputSchema.additionalProperties}`);
console.log(`before the client lists the tools: ${JSON.stringify(before.structuredContent)}`);
await client.callTool({ name: 'left', arguments: {} }).then(
  r => console.log(`after it listed them: ${JSON.stringify(r.structuredContent)}`),
  e => console.log(`after it listed them: code ${e.code}, ${/must NOT have additional properties/.exec(e.message)?.[0]}`));
await client.close();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
published: additionalProperties=false
before the client lists the tools: {"days":1,"note":"soon"}
after it listed them: code -32602, must NOT have additional properties
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
