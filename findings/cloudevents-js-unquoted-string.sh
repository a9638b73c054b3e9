#!/usr/bin/env bash
# The JavaScript CloudEvents SDK sends a string as the bare text of a JSON body: the version "1.28" arrives in .NET as a number.
#
# Versions: cloudevents 10.0.0 (npm), CloudNative.CloudEvents 2.9.0 (.NET).
# Guess:    with datacontenttype application/json the body is the JSON text "1.28" with quotes, as .NET writes it.
# Seen:     the body is 1.28, and .NET reads a number; "v1.28" is sent as v1.28, which is no JSON, and .NET throws.
# Matters:  "1.30" would become 1.3: a Kubernetes minor version changes between two official SDKs.
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
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

var formatter = new JsonEventFormatter();
var cloudEvent = new CloudEvent
{
    Id = "1", Source = new Uri("/upgrades", UriKind.Relative), Type = "com.example.blocked",
    DataContentType = "application/json", Data = "1.30",
};
Console.WriteLine($".NET binary body of \"1.30\": {Encoding.UTF8.GetString(formatter.EncodeBinaryModeEventData(cloudEvent).Span)}");
foreach (var body in new[] { "1.30", "v1.30" })
{
    try
    {
        formatter.DecodeBinaryModeEventData(File.ReadAllBytes(body + ".body"), cloudEvent);
        var data = (JsonElement)cloudEvent.Data!;
        Console.WriteLine($".NET reads {body}: {data.ValueKind} {data}");
    }
    catch (JsonException e)
    {
        Console.WriteLine($".NET reads {body}: {e.GetType().Name}");
    }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { CloudEvent, HTTP } from 'cloudevents';

for (const data of ['1.30', 'v1.30']) {
  const event = new CloudEvent({
    id: '1', source: '/upgrades', type: 'com.example.blocked', datacontenttype: 'application/json', data,
  });
  const { body } = HTTP.binary(event);
  console.log(`JavaScript binary body of "${data}": ${body}`);
  writeFileSync(`${data}.body`, body);
}
JS

seen=$(node find.mjs && dotnet out/find.dll)
expected=$(cat <<'TEXT'
JavaScript binary body of "1.30": 1.30
JavaScript binary body of "v1.30": v1.30
.NET binary body of "1.30": "1.30"
.NET reads 1.30: Number 1.30
.NET reads v1.30: JsonReaderException
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
