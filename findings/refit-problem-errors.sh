#!/usr/bin/env bash
# Refit throws another exception for RFC 9457's own example of a validation problem than for the same problem in ASP.NET Core's form.
#
# Versions: Refit 16.4.0 (.NET).
# Guess:    application/problem+json is a ValidationApiException with the problem's title and detail, whatever extensions it has.
# Seen:     "errors" as a list of objects, as the RFC's example has it, or as texts gives a plain ApiException, so that a catch of
#           ValidationApiException misses it. A problem without "status", which is optional, has the Status 0 beside the answer's 422.
# Matters:  the form of one extension decides which exception a .NET client sees: a list of causes needs another name than "errors".
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
    <PackageReference Include="Refit" Version="16.4.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Text;
using Refit;

foreach (var errors in new[]
{
    """{"age":["must be a positive integer"]}""",
    """[{"detail":"must be a positive integer","pointer":"#/age"}]""",
    """["must be a positive integer"]""",
})
{
    var problem = $$"""{"title":"Your request is not valid.","errors":{{errors}}}""";
    var api = RestService.For<IApi>(new HttpClient(new Answer(problem)) { BaseAddress = new("http://example.com") });
    try
    {
        await api.GetAsync();
    }
    catch (ValidationApiException e)
    {
        Console.WriteLine($"errors {errors}: {e.GetType().Name}, status {(int)e.StatusCode}, problem's status {e.Content!.Status}");
    }
    catch (ApiException e)
    {
        Console.WriteLine($"errors {errors}: {e.GetType().Name}, status {(int)e.StatusCode}");
    }
}

public interface IApi
{
    [Get("/")]
    Task<string> GetAsync();
}

public class Answer(string problem) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.UnprocessableEntity)
        {
            RequestMessage = request,
            Content = new StringContent(problem, Encoding.UTF8, "application/problem+json"),
        });
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
errors {"age":["must be a positive integer"]}: ValidationApiException, status 422, problem's status 0
errors [{"detail":"must be a positive integer","pointer":"#/age"}]: ApiException, status 422
errors ["must be a positive integer"]: ApiException, status 422
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
