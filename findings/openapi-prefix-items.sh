#!/usr/bin/env bash
# Microsoft.OpenApi writes the keyword prefixItems of an OpenAPI 3.1 document as a member named "unrecognizedKeywords".
#
# Versions: Microsoft.OpenApi 3.11.0.
# Guess:    a keyword of JSON Schema 2020-12 that the model does not know is written back as it was read.
# Seen:     3.1 in, 3.1 out: {"type":"array","unrecognizedKeywords":{"prefixItems":…}}; no error and no warning when reading.
#           patternProperties beside it survives.
# Matters:  a build step that only sorts or filters a document turns a typed pair into an array of anything.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"


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
    {"openapi":"3.1.1","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":{"T":{"type":"object","properties":{
      "pair":{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}]},
      "named":{"type":"object","patternProperties":{"^x":{"type":"string"}}}}}}}}
    """);
var result = await OpenApiDocument.LoadAsync("api.json");
Console.WriteLine($"errors {result.Diagnostic!.Errors.Count}, warnings {result.Diagnostic.Warnings.Count}");
var written = JsonNode.Parse(await result.Document!.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!;
foreach (var (name, schema) in written["components"]!["schemas"]!["T"]!["properties"]!.AsObject())
{
    Console.WriteLine($"{name}: {schema!.ToJsonString()}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
errors 0, warnings 0
pair: {"type":"array","unrecognizedKeywords":{"prefixItems":[{"type":"string"},{"type":"number"}]}}
named: {"patternProperties":{"^x":{"type":"string"}},"type":"object"}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
