#!/usr/bin/env bash
# cron-schedule ignores the step after a single number, and what follows "#": 5/15 is 5, and the second Monday is each Monday.
#
# Versions: cron-schedule 6.0.0, cron-parser 5.10.6 (npm), NCrontab 3.4.0 (.NET).
# Guess:    5/15 is 5, 20, 35, 50 as in NCrontab and Quartz, or an error as in croner; 1#2 is the second Monday, or an error.
# Seen:     no error; "0 5/15 * * * *" runs once an hour in cron-schedule and four times in the other two; 1#2 is each Monday.
# Matters:  Azure's timers take the form 5/15: a page that computes the next poll in JavaScript names the wrong one three times of four.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund cron-schedule@6.0.0 cron-parser@5.10.6 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NCrontab" Version="3.4.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using NCrontab;

var from = new DateTime(2026, 11, 30, 13, 40, 0, DateTimeKind.Utc);
foreach (var expression in new[] { "0 5/15 * * * *", "0 0 4 * * 1#2" })
{
    string times;
    try
    {
        var schedule = CrontabSchedule.Parse(expression, new() { IncludingSeconds = true });
        times = string.Join(", ", schedule.GetNextOccurrences(from, from.AddYears(1)).Take(3).Select(time => $"{time:MM-dd HH:mm}"));
    }
    catch (CrontabException)
    {
        times = "refused";
    }

    Console.WriteLine($"{expression,-14} NCrontab:      {times}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { parseCronExpression } from 'cron-schedule';
import { CronExpressionParser } from 'cron-parser';

const from = new Date('2026-11-30T13:40:00Z');
const short = time => time.toISOString().slice(5, 16).replace('T', ' ');
for (const expression of ['0 5/15 * * * *', '0 0 4 * * 1#2']) {
  const schedule = CronExpressionParser.parse(expression, { currentDate: from, tz: 'UTC' });
  console.log(`${expression.padEnd(14)} cron-parser:   ${[1, 2, 3].map(() => short(schedule.next().toDate())).join(', ')}`);
  console.log(`${expression.padEnd(14)} cron-schedule: ${parseCronExpression(expression).getNextDates(3, from).map(short).join(', ')}`);
}
JS

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
0 5/15 * * * * NCrontab:      11-30 13:50, 11-30 14:05, 11-30 14:20
0 0 4 * * 1#2  NCrontab:      refused
0 5/15 * * * * cron-parser:   11-30 13:50, 11-30 14:05, 11-30 14:20
0 5/15 * * * * cron-schedule: 11-30 14:05, 11-30 15:05, 11-30 16:05
0 0 4 * * 1#2  cron-parser:   12-14 04:00, 01-11 04:00, 02-08 04:00
0 0 4 * * 1#2  cron-schedule: 12-07 04:00, 12-14 04:00, 12-21 04:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
