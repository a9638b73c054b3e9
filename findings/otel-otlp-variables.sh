#!/usr/bin/env bash
# The OTLP exporter of .NET ignores the environment variables of one signal, and throws on a header whose value has an encoded comma.
#
# Versions: OpenTelemetry.Exporter.OpenTelemetryProtocol 1.20.1 (.NET); @opentelemetry/exporter-metrics-otlp-http 0.223.0 (npm).
# Guess:    the specification: OTEL_EXPORTER_OTLP_METRICS_* win over the general ones, and header values are percent-encoded.
# Seen:     with AddOtlpExporter the address and the headers for metrics have no effect in .NET and are obeyed in JavaScript; x=a%2Cb
#           is the header "a,b" in JavaScript and an ArgumentException in .NET, which decodes first and splits then.
# Matters:  metrics go to the default address without a word, and an API key with a comma keeps the app from starting.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @opentelemetry/exporter-metrics-otlp-http@0.223.0 @opentelemetry/sdk-metrics@2.12.1 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenTelemetry.Exporter.OpenTelemetryProtocol" Version="1.20.1" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

using var meter = new Meter("find");
try
{
    using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("find").AddOtlpExporter().Build();
    meter.CreateCounter<int>("count").Add(1);
    provider.ForceFlush(3000);
}
catch (ArgumentException e)
{
    Console.Write(e.GetType().Name);
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > export.mjs <<'JS'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] });
provider.getMeter('find').createCounter('count').add(1);
await provider.shutdown();
JS
cat > find.mjs <<'JS'
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

let got;
const server = createServer((request, response) => {
  got = `${request.url}, x: ${request.headers.x}`;
  request.resume().on('end', () => response.end());
}).listen(0, '127.0.0.1');
await new Promise(resolve => server.once('listening', resolve));
const address = `http://127.0.0.1:${server.address().port}`;
for (const [name, variables] of Object.entries({
  'address of metrics': { METRICS_ENDPOINT: `${address}/metrics-only`, METRICS_PROTOCOL: 'http/protobuf' },
  'headers of metrics': { ENDPOINT: address, METRICS_HEADERS: 'x=1' },
  'encoded comma': { ENDPOINT: address, HEADERS: 'x=a%2Cb' },
})) {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
  for (const [key, value] of Object.entries(variables)) env[`OTEL_EXPORTER_OTLP_${key}`] = value;
  for (const [language, command] of [['.NET', ['dotnet', 'out/find.dll']], ['JavaScript', ['node', 'export.mjs']]]) {
    got = undefined;
    const { stdout } = await promisify(execFile)(command[0], command.slice(1), { env });
    console.log(`${name}, ${language}: ${stdout || (got ?? 'nothing arrives')}`);
  }
}
server.closeAllConnections();
server.close();
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
address of metrics, .NET: nothing arrives
address of metrics, JavaScript: /metrics-only, x: undefined
headers of metrics, .NET: /v1/metrics, x: undefined
headers of metrics, JavaScript: /v1/metrics, x: 1
encoded comma, .NET: ArgumentException
encoded comma, JavaScript: /v1/metrics, x: a,b
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
