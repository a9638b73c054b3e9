#!/usr/bin/env bash
# The JavaScript CloudEvents SDK drops the data 0, false and "" of a structured event that it receives; in binary mode they arrive.
#
# Versions: cloudevents 10.0.0 (npm), CloudNative.CloudEvents 2.9.0 (.NET).
# Guess:    data is any JSON value, in both modes and both official SDKs.
# Seen:     "data":0 sent by .NET or JavaScript is read as undefined; as a binary message it is read as 0; .NET reads 0 from both.
# Matters:  "blocked: false" or "0 clusters blocked" as the whole payload turns into "no payload".
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

foreach (var data in new[] { "0", "false", "\"\"" })
{
    var json = $$"""{"specversion":"1.0","id":"1","source":"/upgrades","type":"com.example.blocked","data":{{data}}}""";
    var read = new JsonEventFormatter().DecodeStructuredModeMessage(Encoding.UTF8.GetBytes(json), null, null).Data;
    var shown = read is JsonElement { ValueKind: JsonValueKind.String } text ? $"\"{text}\"" : $"{read}";
    Console.WriteLine($".NET data {data}: read from structured {shown}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { CloudEvent, HTTP } from 'cloudevents';

for (const data of [0, false, '']) {
  const event = new CloudEvent({
    id: '1', source: '/upgrades', type: 'com.example.blocked', datacontenttype: 'application/json', data,
  });
  const structured = HTTP.structured(event);
  const binary = HTTP.binary(event);
  const sent = JSON.stringify({ data: JSON.parse(structured.body).data });
  console.log(`JavaScript data ${JSON.stringify(data)}: sent ${sent}, read from structured ${HTTP.toEvent(structured).data}, `
    + `from binary ${JSON.stringify(HTTP.toEvent(binary).data)}`);
}
JS

seen=$(node find.mjs && dotnet out/find.dll)
expected=$(cat <<'TEXT'
JavaScript data 0: sent {"data":0}, read from structured undefined, from binary 0
JavaScript data false: sent {"data":false}, read from structured undefined, from binary false
JavaScript data "": sent {"data":""}, read from structured undefined, from binary ""
.NET data 0: read from structured 0
.NET data false: read from structured False
.NET data "": read from structured ""
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
