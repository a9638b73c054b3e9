#!/usr/bin/env bash
# One OpenTelemetry metric has two Prometheus names: the .NET exporter adds the unit, the JavaScript one does not and repeats a label.
#
# Versions: OpenTelemetry.Exporter.Prometheus.HttpListener 1.20.1-beta.1 (.NET); @opentelemetry/exporter-prometheus 0.223.0 (npm).
# Guess:    both follow the specification's rules: unit as suffix, attributes that clash joined with ";".
# Seen:     a histogram in "s" is task_duration_seconds in .NET and task_duration in JavaScript; the attributes cluster.name and
#           cluster_name become one label "a;b" in .NET, and the label twice in one sample in JavaScript.
# Matters:  a dashboard for one service shows nothing for the other, and Prometheus has no place for a sample with a label twice.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @opentelemetry/exporter-prometheus@0.223.0 @opentelemetry/sdk-metrics@2.12.1 @opentelemetry/api@1.9.1 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenTelemetry" Version="1.20.1" />
    <PackageReference Include="OpenTelemetry.Exporter.Prometheus.HttpListener" Version="1.20.1-beta.1" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using OpenTelemetry;
using OpenTelemetry.Metrics;

var probe = new TcpListener(IPAddress.Loopback, 0);
probe.Start();
var port = ((IPEndPoint)probe.LocalEndpoint).Port;
probe.Stop();
using var meter = new Meter("find");
using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("find")
    .AddPrometheusHttpListener(o => (o.Host, o.Port) = ("127.0.0.1", port)).Build();
meter.CreateHistogram<double>("task.duration", "s").Record(60.5, new("cluster.name", "a"), new("cluster_name", "b"));

using var client = new HttpClient();
foreach (var line in (await client.GetStringAsync($"http://127.0.0.1:{port}/metrics")).Split('\n'))
{
    if (line.Contains("_sum{"))
    {
        Console.WriteLine($".NET       {line}");
    }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const reader = new PrometheusExporter({ preventServerStart: true });
const provider = new MeterProvider({ readers: [reader] });
provider.getMeter('find').createHistogram('task.duration', { unit: 's' }).record(60.5, { 'cluster.name': 'a', cluster_name: 'b' });
const text = new PrometheusSerializer().serialize((await reader.collect()).resourceMetrics);
for (const line of text.split('\n').filter(l => l.includes('_sum{'))) console.log(`JavaScript ${line}`);
JS

seen=$({ dotnet out/find.dll && node find.mjs; } | sed -E 's/,?otel_scope_[a-z]+="[^"]*",?//g')
expected=$(cat <<'TEXT'
.NET       task_duration_seconds_sum{cluster_name="a;b"} 60.5
JavaScript task_duration_sum{cluster_name="a",cluster_name="b"} 60.5
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
