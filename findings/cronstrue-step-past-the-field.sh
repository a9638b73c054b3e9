#!/usr/bin/env bash
# cronstrue describes */90 seconds as "every 90 seconds"; each parser that accepts the schedule runs it every 60 seconds.
#
# Versions: cronstrue 3.39.0, cron-parser 5.10.6, cron 4.4.0 (npm); NCrontab 3.4.0.
# Guess:    a step larger than its field is refused, or the description names what will happen.
# Seen:     NCrontab, cron-parser and cron fire once a minute, at second 0; the description reads "Every 90 seconds".
# Matters:  a portal that shows the timer's schedule in words shows a poll interval that the timer does not keep.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund cronstrue@3.39.0 cron-parser@5.10.6 cron@4.4.0 >/dev/null || exit 2

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

var midnight = new DateTime(2026, 11, 30);
var schedule = CrontabSchedule.Parse("*/90 * * * * *", new CrontabSchedule.ParseOptions { IncludingSeconds = true });
var runs = schedule.GetNextOccurrences(midnight, midnight.AddDays(1)).Take(3);
Console.WriteLine($"NCrontab:    {string.Join(' ', runs.Select(r => r.ToString("HH':'mm':'ss")))}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { CronTime } from 'cron';
import { CronExpressionParser } from 'cron-parser';
import cronstrue from 'cronstrue';

const schedule = '*/90 * * * * *';
const midnight = new Date('2026-11-30T00:00:00Z');
const clock = date => date.toISOString().slice(11, 19);
console.log(`cronstrue:   ${cronstrue.toString(schedule)}`);

const parsed = CronExpressionParser.parse(schedule, { currentDate: midnight, tz: 'UTC' });
console.log(`cron-parser: ${[1, 2, 3].map(() => clock(parsed.next().toDate())).join(' ')}`);

let last = midnight;
const time = new CronTime(schedule, 'UTC');
console.log(`cron:        ${[1, 2, 3].map(() => clock(last = time.getNextDateFrom(last, 'UTC').toJSDate())).join(' ')}`);
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
NCrontab:    00:01:00 00:02:00 00:03:00
cronstrue:   Every 90 seconds
cron-parser: 00:01:00 00:02:00 00:03:00
cron:        00:01:00 00:02:00 00:03:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
