#!/usr/bin/env bash
# NCrontab accepts any prefix of a month or day name and takes the first match: JU is June, M is March or Monday, T is Tuesday.
#
# Versions: NCrontab 3.4.0, Cronos 0.13.0.
# Guess:    names are the three-letter ones; anything else is refused, as by Cronos.
# Seen:     JU runs in June, never in July; MA in March; T on Tuesdays, S on Sundays; MONDAY and JANUARY work as well.
# Matters:  a cut-off name in a timer setting starts on the wrong day or month instead of failing when the app starts.
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
    <PackageReference Include="NCrontab" Version="3.4.0" />
    <PackageReference Include="Cronos" Version="0.13.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Globalization;
using Cronos;
using NCrontab;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
foreach (var (field, name) in new[]
    { ("month", "JU"), ("month", "MA"), ("month", "JANUARY"), ("day", "T"), ("day", "S"), ("day", "MONDAY") })
{
    var text = field == "month" ? $"0 0 3 1 {name} *" : $"0 0 3 * * {name}";
    var next = CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
        .GetNextOccurrence(new DateTime(2026, 11, 30));
    Console.WriteLine($"{field,-5} {name + ":",-8} NCrontab {next.ToString(field == "month" ? "MMMM" : "dddd")} | Cronos {Cronos(text)}");
}

static string Cronos(string text)
{
    try
    {
        return CronExpression.Parse(text, CronFormat.IncludeSeconds).ToString();
    }
    catch (CronFormatException)
    {
        return "refuses";
    }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
month JU:      NCrontab June | Cronos refuses
month MA:      NCrontab March | Cronos refuses
month JANUARY: NCrontab January | Cronos refuses
day   T:       NCrontab Tuesday | Cronos refuses
day   S:       NCrontab Sunday | Cronos refuses
day   MONDAY:  NCrontab Monday | Cronos refuses
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
