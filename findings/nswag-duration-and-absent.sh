#!/usr/bin/env bash
# A client that NSwag generates cannot read format duration, and turns absent members into the year 1 and the first state.
#
# Versions: NSwag.CodeGeneration.CSharp 14.8.0 with Newtonsoft.Json 13.0.4 (.NET), default settings.
# Guess:    format duration is ISO 8601, as OpenAPI's registry says; a member that is not required can be null.
# Seen:     PT5M throws, while 00:05:00, which no schema of that format allows, is read. Without "ended" and "state" in the answer, Ended
#           is 0001-01-01 and State is the first member of the enum.
# Matters:  an upgrade that still runs ended in the year 1, and is in a state that the service did not name.
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
{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/upgrade":{"get":{"operationId":"get",
  "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Upgrade"}}}}}}}},
  "components":{"schemas":{"Upgrade":{"type":"object","properties":{"took":{"type":"string","format":"duration"},
  "ended":{"type":"string","format":"date-time"},"state":{"type":"string","enum":["Failed","Running"]}}}}}}
JSON
cat > use/Program.cs <<'CS'
using System.Net;
using System.Text;

foreach (var body in new[] { """{"took":"PT5M"}""", """{"took":"00:05:00"}""" })
{
    var client = new HttpClient(new Answer(body));
    try
    {
        var upgrade = await new Generated.Api("http://example.com/", client).GetAsync();
        Console.WriteLine($"{body}: took {upgrade.Took}, ended {upgrade.Ended:yyyy-MM-dd}, state {upgrade.State}");
    }
    catch (Generated.ApiException e)
    {
        Console.WriteLine($"{body}: {e.GetType().Name}, inner {e.InnerException!.GetType().Name}");
    }
}

public class Answer(string body) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        });
}
CS
build() { dotnet build --nologo -v q --disable-build-servers "$1" -o "out-$1" >build.log 2>&1 || { cat build.log; exit 2; }; }
build generate && dotnet out-generate/generate.dll && build use

seen=$(dotnet out-use/use.dll)
expected=$(cat <<'TEXT'
{"took":"PT5M"}: ApiException, inner JsonSerializationException
{"took":"00:05:00"}: took 00:05:00, ended 0001-01-01, state Failed
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
