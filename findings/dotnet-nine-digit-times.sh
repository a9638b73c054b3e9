#!/usr/bin/env bash
# A time with nine digits of fraction, as Go writes it, is cut by one .NET JSON reader and rounded by the others, into the next day.
#
# Versions: System.Text.Json and XmlConvert of .NET 10; Newtonsoft.Json 13.0.4; CloudNative.CloudEvents 2.9.0.
# Guess:    all cut to the seven digits that a .NET time holds.
# Seen:     2023-11-25T23:59:59.999999999Z stays on the 25th with System.Text.Json and the CloudEvents SDK;
#           Newtonsoft.Json, DateTimeOffset.Parse and XmlConvert give 2023-11-26T00:00:00.
# Matters:  two readers of one answer disagree on the day of an upgrade, and an equality check between them fails in its last digit.
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
    <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
    <PackageReference Include="CloudNative.CloudEvents" Version="2.9.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Globalization;
using System.Text.Json;
using System.Xml;
using CloudNative.CloudEvents;
using Newtonsoft.Json;

const string Text = "2023-11-25T23:59:59.999999999Z";
var cloudEvent = new CloudEvent();
cloudEvent.SetAttributeFromString("time", Text);

Show("System.Text.Json", System.Text.Json.JsonSerializer.Deserialize<DateTimeOffset>($"\"{Text}\""));
Show("CloudEvents", cloudEvent.Time!.Value);
Show("Newtonsoft.Json", JsonConvert.DeserializeObject<DateTimeOffset>($"\"{Text}\""));
Show("DateTimeOffset.Parse", DateTimeOffset.Parse(Text, CultureInfo.InvariantCulture));
Show("XmlConvert", XmlConvert.ToDateTimeOffset(Text));

static void Show(string reader, DateTimeOffset time) => Console.WriteLine($"{reader,-20} {time:O}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
System.Text.Json     2023-11-25T23:59:59.9999999+00:00
CloudEvents          2023-11-25T23:59:59.9999999+00:00
Newtonsoft.Json      2023-11-26T00:00:00.0000000+00:00
DateTimeOffset.Parse 2023-11-26T00:00:00.0000000+00:00
XmlConvert           2023-11-26T00:00:00.0000000+00:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
