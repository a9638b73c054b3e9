#!/usr/bin/env bash
# A negative ISO 8601 duration as .NET writes it, -PT15M, is plus 15 minutes for Day.js and iso8601-duration.
#
# Versions: XmlConvert of .NET 10; dayjs 1.11.23, iso8601-duration 2.1.4, luxon 3.7.2, moment 2.31.0, tinyduration 3.4.1 (npm).
# Guess:    the sign is kept or the text is refused.
# Seen:     Day.js and iso8601-duration give +900 s without an error; luxon, moment and tinyduration keep the sign. What luxon
#           writes for it, PT-15M, is refused by XmlConvert, so the two cannot pass a negative duration both ways.
# Matters:  "time left" of an overdue task is negative: a page shows 15 minutes left when they ran out 15 minutes ago.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  dayjs@1.11.23 iso8601-duration@2.1.4 luxon@3.7.2 moment@2.31.0 tinyduration@3.4.1 >/dev/null || exit 2

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
using System.Xml;

string read;
try
{
    read = $"{XmlConvert.ToTimeSpan("PT-15M")}";
}
catch (FormatException e)
{
    read = e.GetType().Name;
}

Console.WriteLine($".NET writes {XmlConvert.ToString(TimeSpan.FromMinutes(-15))}, reads PT-15M: {read}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import dayjs from 'dayjs';
import durations from 'dayjs/plugin/duration.js';
import { parse, toSeconds } from 'iso8601-duration';
import { Duration } from 'luxon';
import moment from 'moment';
import * as tinyduration from 'tinyduration';

dayjs.extend(durations);
const text = '-PT15M';
const tiny = tinyduration.parse(text);
for (const [name, seconds] of [
  ['dayjs', dayjs.duration(text).asSeconds()],
  ['iso8601-duration', toSeconds(parse(text))],
  ['luxon', Duration.fromISO(text).as('seconds')],
  ['moment', moment.duration(text).asSeconds()],
  ['tinyduration', tiny.minutes * 60 * (tiny.negative ? -1 : 1)],
]) {
  console.log(`${name.padEnd(16)} ${seconds > 0 ? '+' : ''}${seconds} s`);
}
console.log(`luxon writes ${Duration.fromISO(text).toISO()}`);
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
.NET writes -PT15M, reads PT-15M: FormatException
dayjs            +900 s
iso8601-duration +900 s
luxon            -900 s
moment           -900 s
tinyduration     -900 s
luxon writes PT-15M
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
