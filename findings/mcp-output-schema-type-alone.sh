#!/usr/bin/env bash
# The C# SDK of MCP takes OutputSchemaType on a tool and lists no output schema, unless UseStructuredContent is set as well.
#
# Versions: ModelContextProtocol 2.4.0, .NET 10.
# Guess:    naming a type for the output schema gives the tool that output schema, or fails at the start.
# Seen:     tools/list has no outputSchema for it and nothing is logged or thrown; with UseStructuredContent = true the same
#           attribute gives one.
# Matters:  a client that relies on the schema gets none, and the one who wrote the attribute sees no sign of it.
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
    <PackageReference Include="ModelContextProtocol" Version="2.4.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

foreach (var name in new[] { nameof(Tools.Alone), nameof(Tools.Both) })
{
    var tool = McpServerTool.Create(typeof(Tools).GetMethod(name)!, (object?)null).ProtocolTool;
    Console.WriteLine($"{tool.Name}: {(tool.OutputSchema is { } schema ? "has an output schema with " + string.Join(", ", schema.GetProperty("properties").EnumerateObject().Select(p => p.Name.ToLowerInvariant())) : "no output schema")}");
}

public record Upgrade(string Phase, int Tasks);

public static class Tools
{
    [McpServerTool(Name = "alone", OutputSchemaType = typeof(Upgrade))]
    public static CallToolResult Alone() => new();

    [McpServerTool(Name = "both", OutputSchemaType = typeof(Upgrade), UseStructuredContent = true)]
    public static CallToolResult Both() => new();
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
alone: no output schema
both: has an output schema with phase, tasks
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
