#!/usr/bin/env bash
# The "retry after" of .NET's rate limiters is not the time to wait: too short, too long or absent, and not the same in .NET 10 and 11.
#
# Versions: System.Threading.RateLimiting as in ASP.NET Core 10, and the package 11.0.0.
# Guess:    a refused lease carries the time until the permits that were asked for are there, in each limiter that works by time.
# Seen:     a token bucket of 3 tokens a second says 1 second for 5 tokens, which takes 2: the retry is refused, in both versions. A window
#           of 4 seconds that ends in 1 says 4 in .NET 10, and a sliding window has no time there; 11.0.0 says 1 and 4.
# Matters:  this value becomes the header Retry-After: a client that obeys it is refused again, waits too long, or gets no hint.
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
    <FrameworkReference Include="Microsoft.AspNetCore.App" Condition="'$(Package)' == ''" />
    <PackageReference Include="System.Threading.RateLimiting" Version="11.0.0" Condition="'$(Package)' != ''" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Threading.RateLimiting;

Console.WriteLine($"System.Threading.RateLimiting {typeof(RateLimiter).Assembly.GetName().Version!.Major}");
using var bucket = new TokenBucketRateLimiter(new()
    { TokenLimit = 10, TokensPerPeriod = 3, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = false });
bucket.AttemptAcquire(10);
Console.WriteLine($"  token bucket, 5 of 3 a second: {After(bucket.AttemptAcquire(5))}");
Thread.Sleep(1100);
bucket.TryReplenish();
Console.WriteLine($"  after that time: {After(bucket.AttemptAcquire(5))}");

using var window = new FixedWindowRateLimiter(new() { PermitLimit = 1, Window = TimeSpan.FromSeconds(4), AutoReplenishment = false });
window.AttemptAcquire();
Thread.Sleep(3000);
Console.WriteLine($"  fixed window of 4 seconds, 3 seconds later: {After(window.AttemptAcquire())}");

using var sliding = new SlidingWindowRateLimiter(new() { PermitLimit = 1, Window = TimeSpan.FromSeconds(4), SegmentsPerWindow = 4 });
sliding.AttemptAcquire();
Console.WriteLine($"  sliding window of 4 seconds: {After(sliding.AttemptAcquire())}");

static string After(RateLimitLease lease) => lease.IsAcquired ? "granted"
    : lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? $"refused, retry after {Math.Ceiling(time.TotalSeconds)} s"
    : "refused, no time";
CS
for package in '' yes; do
  dotnet build --nologo -v q --disable-build-servers "-p:Package=$package" -o "out$package" >build.log 2>&1 || { cat build.log; exit 2; }
done

seen=$(dotnet out/find.dll && dotnet outyes/find.dll)
expected=$(cat <<'TEXT'
System.Threading.RateLimiting 10
  token bucket, 5 of 3 a second: refused, retry after 1 s
  after that time: refused, retry after 1 s
  fixed window of 4 seconds, 3 seconds later: refused, retry after 4 s
  sliding window of 4 seconds: refused, no time
System.Threading.RateLimiting 11
  token bucket, 5 of 3 a second: refused, retry after 1 s
  after that time: refused, retry after 1 s
  fixed window of 4 seconds, 3 seconds later: refused, retry after 1 s
  sliding window of 4 seconds: refused, retry after 4 s
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
