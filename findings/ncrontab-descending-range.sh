#!/usr/bin/env bash
# NCrontab, the schedule parser of Azure Functions timers, swaps the ends of a descending range: a night window becomes a day window.
#
# Versions: NCrontab 3.4.0, Cronos 0.13.0; croner 11.0.1, cron-parser 5.10.6, cronstrue 3.39.0 (npm).
# Guess:    22-2 wraps round midnight, as in Cronos, or is refused, as by the JavaScript parsers.
# Seen:     "0 0 22-2 * * *" runs hourly from 02:00 to 22:00, and FRI-MON means Monday to Friday: what was meant to be left out.
#           Cronos wraps, croner and cron-parser refuse, cronstrue describes the wrapped window that NCrontab does not keep.
# Matters:  maintenance windows cross midnight and weekends; the wrong hours are accepted without a warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund croner@11.0.1 cron-parser@5.10.6 cronstrue@3.39.0 >/dev/null || exit 2

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
using Cronos;
using NCrontab;

var monday = new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc);
var seconds = new CrontabSchedule.ParseOptions { IncludingSeconds = true };

Console.WriteLine($"NCrontab hours of 22-2:   {Hours(N("0 0 22-2 * * *", 1))}");
Console.WriteLine($"Cronos hours of 22-2:     {Hours(C("0 0 22-2 * * *", 1))}");
Console.WriteLine($"NCrontab days of FRI-MON: {Days(N("0 0 3 * * FRI-MON", 7))}");
Console.WriteLine($"Cronos days of FRI-MON:   {Days(C("0 0 3 * * FRI-MON", 7))}");

IEnumerable<DateTime> N(string text, int days) =>
    CrontabSchedule.Parse(text, seconds).GetNextOccurrences(monday.AddTicks(-1), monday.AddDays(days));
IEnumerable<DateTime> C(string text, int days) =>
    CronExpression.Parse(text, CronFormat.IncludeSeconds).GetOccurrences(monday, monday.AddDays(days));
static string Hours(IEnumerable<DateTime> times) => string.Join(' ', times.Select(t => t.Hour));
static string Days(IEnumerable<DateTime> times) => string.Join(' ', times.Select(t => $"{t.DayOfWeek}"[..3]));
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';
import cronstrue from 'cronstrue';

const schedule = '0 0 22-2 * * *';
for (const [name, parse] of [
  ['croner 22-2:     ', () => new Cron(schedule)],
  ['cron-parser 22-2:', () => CronExpressionParser.parse(schedule)],
  ['cronstrue 22-2:  ', () => cronstrue.toString(schedule)],
]) {
  try {
    console.log(`${name} ${parse()}`);
  } catch (e) {
    console.log(`${name} ${e.message}`);
  }
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
NCrontab hours of 22-2:   2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22
Cronos hours of 22-2:     0 1 2 22 23
NCrontab days of FRI-MON: Mon Tue Wed Thu Fri
Cronos days of FRI-MON:   Mon Fri Sat Sun
croner 22-2:      CronPattern: From value is larger than to value: '22-2'
cron-parser 22-2: Invalid range: 22-2, min(22) > max(2)
cronstrue 22-2:   Every hour, between 10:00 PM and 02:00 AM
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
