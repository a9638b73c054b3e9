#!/usr/bin/env bash
# A client that NSwag generates drops the offset of a time in the query, and sends a duration as 00:05:00.
#
# Versions: NSwag.CodeGeneration.CSharp 14.8.0 (.NET), default settings.
# Guess:    format date-time is sent as RFC 3339 has it, with an offset, and format duration as ISO 8601, PT5M.
# Seen:     19:00:00.5+01:00 is sent as 19:00:00, without offset and fraction; the date-time of a body keeps both.
# Matters:  "since 19:00 here" is no moment any more: a service that reads UTC leaves out an hour of upgrades, or adds one.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

mkdir generate use
cat > generate/generate.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NSwag.CodeGeneration.CSharp" Version="14.8.0" />
  </ItemGroup>
</Project>
XML
cat > use/use.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
  </ItemGroup>
</Project>
XML
cat > generate/Program.cs <<'CS'
using NSwag;
using NSwag.CodeGeneration.CSharp;

var settings = new CSharpClientGeneratorSettings { ClassName = "Api", CSharpGeneratorSettings = { Namespace = "Generated" } };
File.WriteAllText("use/Client.cs", new CSharpClientGenerator(await OpenApiDocument.FromFileAsync("api.json"), settings).GenerateFile());
CS
cat > api.json <<'JSON'
{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/upgrades":{"post":{"operationId":"list","parameters":[
  {"name":"since","in":"query","schema":{"type":"string","format":"date-time"}},
  {"name":"longer","in":"query","schema":{"type":"string","format":"duration"}}],
  "requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Filter"}}}},
  "responses":{"204":{"description":"none"}}}}},
  "components":{"schemas":{"Filter":{"type":"object","properties":{"since":{"type":"string","format":"date-time"}}}}}}
JSON
cat > use/Program.cs <<'CS'
using System.Net;

var since = new DateTimeOffset(2026, 11, 30, 19, 0, 0, 500, TimeSpan.FromHours(1));
var client = new HttpClient(new Echo());
await new Generated.Api("http://example.com/", client).ListAsync(since, TimeSpan.FromMinutes(5), new() { Since = since });

public class Echo : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Console.WriteLine($"query {Uri.UnescapeDataString(request.RequestUri!.Query)}");
        Console.WriteLine($"body  {await request.Content!.ReadAsStringAsync(cancellationToken)}");
        return new(HttpStatusCode.NoContent) { RequestMessage = request };
    }
}
CS
build() { dotnet build --nologo -v q --disable-build-servers "$1" -o "out-$1" >build.log 2>&1 || { cat build.log; exit 2; }; }
build generate && dotnet out-generate/generate.dll && build use

seen=$(dotnet out-use/use.dll)
expected=$(cat <<'TEXT'
query ?since=2026-11-30T19:00:00&longer=00:05:00
body  {"since":"2026-11-30T19:00:00.5+01:00"}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
