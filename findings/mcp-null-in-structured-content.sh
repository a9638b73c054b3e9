#!/usr/bin/env bash
# The C# SDK of MCP leaves out null members that its own output schema requires, so the TypeScript client rejects the whole answer.
#
# Versions: ModelContextProtocol 2.3.1 (C#), @modelcontextprotocol/sdk 1.32.2 (TypeScript).
# Guess:    a nullable member is sent as null, as the schema says, or is not listed as required.
# Seen:     the schema has Reason as ["string","null"] and required; the result lacks it; the client throws -32602
#           "must have required property". With a value the same call works.
# Matters:  a tool that answers "not blocked, no reason" fails in the other official SDK, and only while nothing is blocked.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="ModelContextProtocol" Version="2.3.1" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.13" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddMcpServer().WithStdioServerTransport().WithTools<Tools>();
await builder.Build().RunAsync();

public record Summary(string Id, string? Reason);

[McpServerToolType]
public class Tools
{
    [McpServerTool(UseStructuredContent = true)]
    public static Summary Summarize(string id, bool blocked) => new(id, blocked ? "PreCheck failed" : null);
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const client = new Client({ name: 'find', version: '1' });
await client.connect(new StdioClientTransport({ command: 'dotnet', args: ['out/find.dll'] }));
const { outputSchema } = (await client.listTools()).tools[0];
console.log(`schema: required=${JSON.stringify(outputSchema.required.map(n => n.toLowerCase()))} `
  + `reason=${JSON.stringify(outputSchema.properties.reason)}`);
const call = blocked => client.callTool({ name: 'summarize', arguments: { id: 'w1', blocked } });
console.log(`with a reason: ${JSON.stringify((await call(true)).structuredContent)}`);
await call(false).catch(e => console.log(`without one: code ${e.code}, ${/must have required property '\w+'/.exec(e.message)?.[0]}`));
await client.close();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
schema: required=["id","reason"] reason={"type":["string","null"]}
with a reason: {"id":"w1","reason":"PreCheck failed"}
without one: code -32602, must have required property 'reason'
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
