#!/usr/bin/env bash
# With a source-generated context System.Text.Json sets an absent init-only property to 0 or null; by reflection its initial value stays.
#
# Versions: System.Text.Json of .NET 10 (SDK 10.0.401).
# Guess:    both ways of the same serializer read the same document alike: a property that is not in it keeps its initial value.
# Seen:     { get; init; } = 5 becomes 0 and a list becomes null; { get; set; } = 5 and a record's parameter with a default stay 5.
# Matters:  a row or settings type that moves to source generation, for a fast start, reads absent members as 0 and throws on null lists.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text.Json;
using System.Text.Json.Serialization;

Show("reflection", JsonSerializerOptions.Default);
Show("generated ", FindContext.Default.Options);

static void Show(string how, JsonSerializerOptions options)
{
    var initOnly = JsonSerializer.Deserialize<InitOnly>("{}", options)!;
    var settable = JsonSerializer.Deserialize<Settable>("{}", options)!;
    var positional = JsonSerializer.Deserialize<Positional>("{}", options)!;
    var hosts = initOnly.Hosts is null ? "null" : "empty";
    Console.WriteLine($"{how}: init {initOnly.Attempts} and {hosts}; set {settable.Attempts}; parameter {positional.Attempts}");
}

public record InitOnly
{
    public int Attempts { get; init; } = 5;

    public IReadOnlyList<string> Hosts { get; init; } = [];
}

public record Settable
{
    public int Attempts { get; set; } = 5;
}

public record Positional(int Attempts = 5);

[JsonSerializable(typeof(InitOnly))]
[JsonSerializable(typeof(Settable))]
[JsonSerializable(typeof(Positional))]
public partial class FindContext : JsonSerializerContext;
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
reflection: init 5 and empty; set 5; parameter 5
generated : init 0 and null; set 5; parameter 5
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
