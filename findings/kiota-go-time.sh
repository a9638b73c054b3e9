#!/usr/bin/env bash
# Kiota's .NET and TypeScript runtimes disagree about a time in Go's String() form, and the TypeScript one can be 14 hours off.
#
# Versions: Microsoft.Kiota.Serialization.Json 2.1.6 (.NET); @microsoft/kiota-serialization-json 1.0.0-preview.109 (npm), Node.js 20.
# Guess:    both report a format error, since the text is not RFC 3339.
# Seen:     .NET gives null for both texts, the same as for an absent member. TypeScript reads "+0000 UTC" rightly, but takes
#           "+0800 CST" as US Central time and drops the offset: 13:40 in China becomes 19:40 UTC instead of 05:40.
# Matters:  CCE upgrade times have exactly this form, and its China regions print CST; a generated client gives no error, only a wrong time.
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

foreach (var text in new[] { "2023-11-25 06:32:34.923248 +0000 UTC", "2022-12-16 13:40:20.75671 +0800 CST" })
{
    using var document = JsonDocument.Parse(JsonSerializer.Serialize(text));
    var time = new JsonParseNode(document.RootElement).GetDateTimeOffsetValue();
    Console.WriteLine($".NET       {text,-36} -> {time?.UtcDateTime.ToString("O") ?? "null"}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { JsonParseNode } from '@microsoft/kiota-serialization-json';

for (const text of ['2023-11-25 06:32:34.923248 +0000 UTC', '2022-12-16 13:40:20.75671 +0800 CST']) {
  console.log(`TypeScript ${text.padEnd(36)} -> ${new JsonParseNode(text).getDateValue().toISOString()}`);
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
.NET       2023-11-25 06:32:34.923248 +0000 UTC -> null
.NET       2022-12-16 13:40:20.75671 +0800 CST  -> null
TypeScript 2023-11-25 06:32:34.923248 +0000 UTC -> 2023-11-25T06:32:34.923Z
TypeScript 2022-12-16 13:40:20.75671 +0800 CST  -> 2022-12-16T19:40:20.756Z
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
