#!/usr/bin/env bash
# A nullable reference of an OpenAPI 3.0 document has three fates in three tools: dropped, left as a 3.0 keyword in 3.1, or honoured.
#
# Versions: Microsoft.OpenApi 3.11.0 (.NET); @scalar/openapi-upgrader 0.1.11, openapi-typescript 7.13.0 (npm).
# Guess:    allOf with nullable true, what .NET generators write for a nullable property of a class type, stays nullable everywhere.
# Seen:     Microsoft.OpenApi writes it without nullable, also to 3.0, so reading and writing alone changes the contract;
#           the upgrader keeps "nullable", which 3.1 does not have; openapi-typescript gives "Point | null".
# Matters:  "blocked by" is null when nothing blocks: generated clients on one path fail on null, on another not.
# Note:     OpenAPI 3.0.3 gives nullable a meaning only beside a type, so each tool can point at the text; such documents are common.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund @scalar/openapi-upgrader@0.1.11 openapi-typescript@7.13.0 typescript@5.9.3 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.OpenApi" Version="3.11.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

File.WriteAllText("api.json", """
    {"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{"Point":{"type":"object"},
      "Summary":{"type":"object","properties":{"blockedBy":{"nullable":true,"allOf":[{"$ref":"#/components/schemas/Point"}]}}}}}}
    """);
var document = (await OpenApiDocument.LoadAsync("api.json")).Document!;
foreach (var (version, name) in new[] { (OpenApiSpecVersion.OpenApi3_0, "3.0"), (OpenApiSpecVersion.OpenApi3_1, "3.1") })
{
    var written = JsonNode.Parse(await document.SerializeAsJsonAsync(version))!;
    var properties = written["components"]!["schemas"]!["Summary"]!["properties"]!;
    Console.WriteLine($"Microsoft.OpenApi {name}: {properties["blockedBy"]!.ToJsonString()}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { upgrade } from '@scalar/openapi-upgrader';

const document = upgrade(JSON.parse(readFileSync('api.json', 'utf8')), '3.1');
console.log(`@scalar/openapi-upgrader 3.1: ${JSON.stringify(document.components.schemas.Summary.properties.blockedBy)}`);
JS

seen=$(dotnet out/find.dll && node find.mjs && npx openapi-typescript api.json 2>/dev/null \
  | sed -n 's/^ *blockedBy/openapi-typescript: blockedBy/p')
expected=$(cat <<'TEXT'
Microsoft.OpenApi 3.0: {"allOf":[{"$ref":"#/components/schemas/Point"}]}
Microsoft.OpenApi 3.1: {"allOf":[{"$ref":"#/components/schemas/Point"}]}
@scalar/openapi-upgrader 3.1: {"nullable":true,"allOf":[{"$ref":"#/components/schemas/Point"}]}
openapi-typescript: blockedBy?: components["schemas"]["Point"] | null;
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
