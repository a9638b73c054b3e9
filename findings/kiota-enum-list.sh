#!/usr/bin/env bash
# A list of enum names with one unknown member keeps its length in Kiota's .NET runtime and gets shorter in the TypeScript one.
#
# Versions: Microsoft.Kiota.Serialization.Json 2.1.6 (.NET); @microsoft/kiota-serialization-json 1.0.0-preview.109 (npm).
# Guess:    both do the same, an error or a gap.
# Seen:     [Init, Pause, Success] without a member Pause: .NET gives Init, null, Success; TypeScript gives Init, Success.
#           .NET also reads "1" as the member of that number, and "Init,Success" as Success.
# Matters:  position in a list of task states means the task: after a new state each later task shifts by one, in one language only.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @microsoft/kiota-serialization-json@1.0.0-preview.109 @microsoft/kiota-abstractions@1.0.0-preview.109 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Kiota.Serialization.Json" Version="2.1.6" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text.Json;
using Microsoft.Kiota.Serialization.Json;

var list = Node("""["Init","Pause","Success"]""").GetCollectionOfEnumValues<Phase>();
Console.WriteLine($".NET       list: {string.Join(", ", list.Select(p => p?.ToString() ?? "null"))}");
foreach (var text in new[] { "1", "Init,Success" })
{
    Console.WriteLine($".NET       \"{text}\": {Node($"\"{text}\"").GetEnumValue<Phase>()?.ToString() ?? "null"}");
}

static JsonParseNode Node(string json) => new(JsonDocument.Parse(json).RootElement);

enum Phase { Init, Running, Success }
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { JsonParseNode } from '@microsoft/kiota-serialization-json';

const Phase = { Init: 'Init', Running: 'Running', Success: 'Success' };
const list = new JsonParseNode(['Init', 'Pause', 'Success']).getCollectionOfEnumValues(Phase);
console.log(`TypeScript list: ${list.join(', ')}`);
for (const text of ['1', 'Init,Success']) {
  console.log(`TypeScript "${text}": ${new JsonParseNode(text).getEnumValue(Phase)}`);
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
.NET       list: Init, null, Success
.NET       "1": Running
.NET       "Init,Success": Success
TypeScript list: Init, Success
TypeScript "1": undefined
TypeScript "Init,Success": undefined
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
