// Connects with an official client, runs the calls given as JSON on standard input and writes what came back as JSON. With a protocol version it is the client of version 2.
import { Client as ClientOfVersion2, StreamableHTTPClientTransport as TransportOfVersion2 } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const { url, headers, calls, version } = JSON.parse(text);

const info = { name: 'autopilot-tests', version: '1.0.0' };
const newest = version === '2026-07-28';
const client = version
  ? new ClientOfVersion2(info, newest ? { versionNegotiation: { mode: { pin: version } } } : { supportedProtocolVersions: [version] })
  : new Client(info);
const Transport = version ? TransportOfVersion2 : StreamableHTTPClientTransport;
const answer = { tools: [], results: [] };
try {
  await client.connect(new Transport(new URL(url), { requestInit: { headers } }));
  answer.version = client.getNegotiatedProtocolVersion?.();
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
