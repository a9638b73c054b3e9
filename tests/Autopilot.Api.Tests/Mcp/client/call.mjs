// Connects with the official client, runs the calls given as JSON on standard input and writes what came back as JSON.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { url, headers, calls } = JSON.parse(text);

const client = new Client({ name: 'autopilot-tests', version: '1.0.0' });
const answer = { tools: [], results: [] };
try {
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  answer.server = client.getServerVersion();
  answer.instructions = client.getInstructions();
  // From here on the client itself holds every structured answer against the tool's output schema.
  answer.tools = (await client.listTools()).tools;
  for (const call of calls) {
    try {
      answer.results.push({ result: await client.callTool(call) });
    } catch (error) {
      answer.results.push({ error: String(error) });
    }
  }
  await client.close();
} catch (error) {
  answer.error = String(error);
}
process.stdout.write(JSON.stringify(answer));
