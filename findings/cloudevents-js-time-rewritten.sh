#!/usr/bin/env bash
# The JavaScript CloudEvents SDK shows the time of an event as it was given, and sends another text: milliseconds in UTC.
#
# Versions: cloudevents 10.0.0 (npm), CloudNative.CloudEvents 2.9.0 (.NET).
# Guess:    a valid RFC 3339 time passes through unchanged, as in .NET.
# Seen:     event.time keeps seven digits and the offset +08:00; the structured and the binary message have neither.
#           An event that is received and forwarded loses the same digits; .NET forwards both texts with the digits they came with.
# Matters:  receivers that order or de-duplicate by time see two transitions of one millisecond as equal after one JavaScript hop.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund cloudevents@10.0.0 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="CloudNative.CloudEvents" Version="2.9.0" />
    <PackageReference Include="CloudNative.CloudEvents.SystemTextJson" Version="2.9.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents.SystemTextJson;

const string Received = """
    {"specversion":"1.0","id":"1","source":"/upgrades","type":"com.example.blocked","time":"2023-11-25T14:32:34.9232481+08:00"}
    """;
var formatter = new JsonEventFormatter();
var cloudEvent = formatter.DecodeStructuredModeMessage(Encoding.UTF8.GetBytes(Received), null, null);
using var sent = JsonDocument.Parse(formatter.EncodeStructuredModeMessage(cloudEvent, out _));
Console.WriteLine($".NET forwarded:             {sent.RootElement.GetProperty("time").GetString()}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { CloudEvent, HTTP } from 'cloudevents';

const time = '2023-11-25T14:32:34.9232481+08:00';
const event = new CloudEvent({ id: '1', source: '/upgrades', type: 'com.example.blocked', time, data: { blocked: true } });
const received = HTTP.toEvent({
  headers: { 'content-type': 'application/cloudevents+json' },
  body: JSON.stringify({ specversion: '1.0', id: '1', source: '/upgrades', type: 'com.example.blocked', time, data: {} }),
});
console.log(`JavaScript event.time:      ${event.time}`);
console.log(`JavaScript structured sent: ${JSON.parse(HTTP.structured(event).body).time}`);
console.log(`JavaScript binary sent:     ${HTTP.binary(event).headers['ce-time']}`);
console.log(`JavaScript forwarded:       ${JSON.parse(HTTP.structured(received).body).time}`);
JS

seen=$(node find.mjs && dotnet out/find.dll)
expected=$(cat <<'TEXT'
JavaScript event.time:      2023-11-25T14:32:34.9232481+08:00
JavaScript structured sent: 2023-11-25T06:32:34.923Z
JavaScript binary sent:     2023-11-25T06:32:34.923Z
JavaScript forwarded:       2023-11-25T06:32:34.923Z
.NET forwarded:             2023-11-25T14:32:34.9232481+08:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
