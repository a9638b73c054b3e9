#!/usr/bin/env bash
# A request of an Azure client that is cancelled during its second attempt ends as an AggregateException, not as a cancellation.
#
# Versions: Azure.Core 1.64.0 with Azure.Data.Tables 12.13.0 (.NET).
# Guess:    a cancelled token always gives an OperationCanceledException.
# Seen:     so it is in the first attempt, and in the second when the first was answered with 503. When the first attempt failed without an
#           answer, a lost connection, the cancellation of the second is an AggregateException with RequestFailedException first.
# Matters:  a shutdown while the storage is out of reach is logged as a failure, and "catch (OperationCanceledException)" misses it.
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
    <PackageReference Include="Azure.Core" Version="1.64.0" />
    <PackageReference Include="Azure.Data.Tables" Version="12.13.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

await CancelAsync("first attempt", null);
await CancelAsync("second attempt, first answered 503", () => new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{}") });
await CancelAsync("second attempt, first without an answer", () => throw new HttpRequestException("connection lost"));

static async Task CancelAsync(string name, Func<HttpResponseMessage>? first)
{
    using var source = new CancellationTokenSource();
    var options = new TableClientOptions { Transport = new HttpClientTransport(new Attempts(first, source)) };
    options.Retry.Delay = TimeSpan.FromMilliseconds(10);
    var credential = new TableSharedKeyCredential("example", Convert.ToBase64String(new byte[32]));
    try
    {
        await new TableClient(new Uri("http://example.com/"), "rows", credential, options).GetEntityAsync<TableEntity>("p", "r",
            cancellationToken: source.Token);
    }
    catch (Exception e)
    {
        Console.WriteLine($"{name}: {(e is OperationCanceledException ? "OperationCanceledException" : e.GetType().Name)}");
    }
}

public class Attempts(Func<HttpResponseMessage>? first, CancellationTokenSource source) : HttpMessageHandler
{
    private int count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (count++ == 0 && first is not null)
        {
            return first();
        }

        source.CancelAfter(100);
        await Task.Delay(10_000, cancellationToken);
        throw new InvalidOperationException("not cancelled");
    }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
first attempt: OperationCanceledException
second attempt, first answered 503: OperationCanceledException
second attempt, first without an answer: AggregateException
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
