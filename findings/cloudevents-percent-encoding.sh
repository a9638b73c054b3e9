#!/usr/bin/env bash
# In binary mode the CloudEvents SDK for .NET percent-encodes attributes, and the JavaScript one neither encodes nor decodes them.
#
# Versions: cloudevents 10.0.0 (npm), CloudNative.CloudEvents 2.9.0 (.NET).
# Guess:    the HTTP binding's rule (space, quote, percent and what is not ASCII are encoded) is in both official SDKs, unseen by the user.
# Seen:     the subject "stage 3" sent by .NET arrives in JavaScript as "stage%203"; "50%" sent by JavaScript makes .NET's reader throw
#           an ArgumentException, and "a%20b" sent by JavaScript arrives in .NET as "a b".
# Matters:  subjects and extensions hold names that people gave: a rule that compares them misses the event, or the event is lost.
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
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;

var formatter = new JsonEventFormatter();
if (args is ["send"])
{
    foreach (var subject in new[] { "stage 3", "50%", "a%20b" })
    {
        var sent = new CloudEvent { Id = "1", Source = new("https://example.com/"), Type = "com.example.stage", Subject = subject };
        using var content = sent.ToHttpContent(ContentMode.Binary, formatter);
        Console.WriteLine(JsonSerializer.Serialize(content.Headers.ToDictionary(h => h.Key, h => h.Value.First())));
    }
}

while (args is ["receive"] && Console.ReadLine() is { } line)
{
    using var received = new HttpRequestMessage { Content = new ByteArrayContent([]) };
    foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(line)!)
    {
        received.Headers.TryAddWithoutValidation(name, value);
    }

    string read;
    try
    {
        read = (await received.ToCloudEventAsync(formatter)).Subject!;
    }
    catch (ArgumentException e)
    {
        read = e.GetType().Name;
    }

    Console.WriteLine($"sent by JavaScript as {received.Headers.GetValues("ce-subject").First(),-9} read by .NET as {read}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > receive.mjs <<'JS'
import { createInterface } from 'node:readline';
import { HTTP } from 'cloudevents';

for await (const line of createInterface({ input: process.stdin })) {
  const headers = JSON.parse(line);
  console.log(`sent by .NET as ${headers['ce-subject'].padEnd(15)} read by JavaScript as ${HTTP.toEvent({ headers, body: '' }).subject}`);
}
JS
cat > send.mjs <<'JS'
import { CloudEvent, HTTP } from 'cloudevents';

for (const subject of ['stage 3', '50%', 'a%20b']) {
  const event = new CloudEvent({ id: '1', source: 'https://example.com/', type: 'com.example.stage', subject });
  console.log(JSON.stringify(HTTP.binary(event).headers));
}
JS

seen=$(dotnet out/find.dll send | node receive.mjs && node send.mjs | dotnet out/find.dll receive)
expected=$(cat <<'TEXT'
sent by .NET as stage%203       read by JavaScript as stage%203
sent by .NET as 50%25           read by JavaScript as 50%25
sent by .NET as a%2520b         read by JavaScript as a%2520b
sent by JavaScript as stage 3   read by .NET as stage 3
sent by JavaScript as 50%       read by .NET as ArgumentException
sent by JavaScript as a%20b     read by .NET as a b
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
