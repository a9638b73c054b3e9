#!/usr/bin/env bash
# The AI SDK passes a model neither the structured content of an MCP tool's result nor that the result is an error.
#
# Versions: ai 6.0.326, @ai-sdk/mcp 1.0.102, @modelcontextprotocol/sdk 1.32.2 (npm).
# Guess:    the model's next prompt has the structured content, or the text that repeats it, and marks an isError result as an error.
# Seen:     the prompt has the text blocks alone, as type "content", for both; the caller's copy of the result has all of it.
# Matters:  a text that is shorter than the structured content is all that such an assistant knows, and "No such cluster" reads like an
#           answer: the text of a tool must be whole and must say itself that it is an error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  ai@6.0.326 @ai-sdk/mcp@1.0.102 @modelcontextprotocol/sdk@1.32.2 zod@4.6.7 >/dev/null || exit 2

cat > server.mjs <<'JS'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const server = new McpServer({ name: 'example', version: '1.0.0' });
server.registerTool('state', { outputSchema: { blocked: z.number() } }, async () => ({
  content: [{ type: 'text', text: 'See the structured content.' }],
  structuredContent: { blocked: 3 },
}));
server.registerTool('failing', {}, async () => ({ content: [{ type: 'text', text: 'No such cluster' }], isError: true }));
await server.connect(new StdioServerTransport());
JS
cat > find.mjs <<'JS'
import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';

const client = await createMCPClient({ transport: new Experimental_StdioMCPTransport({ command: 'node', args: ['server.mjs'] }) });
const tools = await client.tools();
for (const toolName of ['state', 'failing']) {
  const answers = [{ type: 'tool-call', toolCallId: '1', toolName, input: '{}' }, { type: 'text', text: 'done' }];
  let prompt;
  const model = new MockLanguageModelV3({
    doGenerate: async options => {
      prompt = options.prompt;
      const content = [answers.shift()];
      const finishReason = { unified: answers.length ? 'tool-calls' : 'stop' };
      return { content, finishReason, usage: { inputTokens: {}, outputTokens: {} }, warnings: [] };
    },
  });
  const { steps } = await generateText({ model, tools, prompt: 'How is it?', stopWhen: stepCountIs(2) });
  const { structuredContent, isError } = steps[0].toolResults[0].output;
  console.log(`${toolName}: the caller sees structuredContent ${JSON.stringify(structuredContent)}, isError ${isError}`);
  console.log(`${toolName}: the model sees ${JSON.stringify(prompt.at(-1).content[0].output)}`);
}
await client.close();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
state: the caller sees structuredContent {"blocked":3}, isError false
state: the model sees {"type":"content","value":[{"type":"text","text":"See the structured content."}]}
failing: the caller sees structuredContent undefined, isError true
failing: the model sees {"type":"content","value":[{"type":"text","text":"No such cluster"}]}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
