#!/usr/bin/env bash
# croner, cron and cron-parser differ on both nights when the clocks change, and cron adds a run at a minute that its pattern lacks.
#
# Versions: croner 11.0.1, cron-parser 5.10.6, cron 4.4.0 (npm); Cronos 0.13.0 (.NET).
# Guess:    one rule for the hour that is skipped and one for the hour that comes twice, in all of them.
# Seen:     in spring, "30 2" runs at 03:00 in croner, cron and Cronos and at 03:30 in cron-parser; "15,45 2-3" adds a run at 03:00 in
#           cron and Cronos only. In autumn, "0 */2" runs at both 02:00 in croner and Cronos and once in the others; cron runs "*/20 2"
#           in the first of the two hours and "*/30 1-3" in both, cron-parser each in the first.
# Matters:  the next poll that a page names and the one that the host makes differ on two nights a year.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund croner@11.0.1 cron-parser@5.10.6 cron@4.4.0 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Cronos" Version="0.13.0" />
  </ItemGroup>
</Project>
XML
cat > cases <<'TEXT'
2027-03-27T12:00:00Z 30 2 * * *
2027-03-27T12:00:00Z 15,45 2-3 * * *
2026-10-24T22:30:00Z 0 */2 * * *
2026-10-24T22:30:00Z */20 2 * * *
2026-10-24T23:30:00Z */30 1-3 * * *
TEXT
cat > Program.cs <<'CS'
using Cronos;

var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
foreach (var line in File.ReadLines("cases"))
{
    var (from, pattern) = (DateTimeOffset.Parse(line[..20]), line[21..]);
    var times = CronExpression.Parse(pattern).GetOccurrences(from, from.AddDays(2), zone).Take(4)
        .Select(t => $"{t.UtcDateTime:MM-dd HH:mm}Z");
    Console.WriteLine($"{pattern,-15} Cronos      {string.Join(", ", times)}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { CronTime } from 'cron';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const tz = 'Europe/Berlin';
const utc = d => `${d.toISOString().slice(5, 16).replace('T', ' ')}Z`;
for (const line of readFileSync('cases', 'utf8').trim().split('\n')) {
  const [from, pattern] = [new Date(line.slice(0, 20)), line.slice(21)];
  const parsed = CronExpressionParser.parse(pattern, { currentDate: from, tz });
  const cron = new CronTime(pattern, tz);
  const times = [from];
  while (times.length < 5) times.push(new Date(cron.getNextDateFrom(times.at(-1), tz).toMillis()));
  for (const [name, next] of [
    ['croner', new Cron(pattern, { timezone: tz }).nextRuns(4, from)],
    ['cron-parser', [1, 2, 3, 4].map(() => parsed.next().toDate())],
    ['cron', times.slice(1)],
  ]) {
    console.log(`${pattern.padEnd(15)} ${name.padEnd(11)} ${next.map(utc).join(', ')}`);
  }
}
JS

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
30 2 * * *      Cronos      03-28 01:00Z, 03-29 00:30Z
15,45 2-3 * * * Cronos      03-28 01:00Z, 03-28 01:15Z, 03-28 01:45Z, 03-29 00:15Z
0 */2 * * *     Cronos      10-25 00:00Z, 10-25 01:00Z, 10-25 03:00Z, 10-25 05:00Z
*/20 2 * * *    Cronos      10-25 00:00Z, 10-25 00:20Z, 10-25 00:40Z, 10-25 01:00Z
*/30 1-3 * * *  Cronos      10-24 23:30Z, 10-25 00:00Z, 10-25 00:30Z, 10-25 01:00Z
30 2 * * *      croner      03-28 01:00Z, 03-29 00:30Z, 03-30 00:30Z, 03-31 00:30Z
30 2 * * *      cron-parser 03-28 01:30Z, 03-29 00:30Z, 03-30 00:30Z, 03-31 00:30Z
30 2 * * *      cron        03-28 01:00Z, 03-29 00:30Z, 03-30 00:30Z, 03-31 00:30Z
15,45 2-3 * * * croner      03-28 01:15Z, 03-28 01:45Z, 03-29 00:15Z, 03-29 00:45Z
15,45 2-3 * * * cron-parser 03-28 01:15Z, 03-28 01:45Z, 03-29 00:15Z, 03-29 00:45Z
15,45 2-3 * * * cron        03-28 01:00Z, 03-28 01:15Z, 03-28 01:45Z, 03-29 00:15Z
0 */2 * * *     croner      10-25 00:00Z, 10-25 01:00Z, 10-25 03:00Z, 10-25 05:00Z
0 */2 * * *     cron-parser 10-25 00:00Z, 10-25 03:00Z, 10-25 05:00Z, 10-25 07:00Z
0 */2 * * *     cron        10-25 00:00Z, 10-25 03:00Z, 10-25 05:00Z, 10-25 07:00Z
*/20 2 * * *    croner      10-25 00:00Z, 10-25 00:20Z, 10-25 00:40Z, 10-25 01:00Z
*/20 2 * * *    cron-parser 10-25 00:00Z, 10-25 00:20Z, 10-25 00:40Z, 10-26 01:00Z
*/20 2 * * *    cron        10-25 00:00Z, 10-25 00:20Z, 10-25 00:40Z, 10-26 01:00Z
*/30 1-3 * * *  croner      10-25 00:00Z, 10-25 00:30Z, 10-25 01:00Z, 10-25 01:30Z
*/30 1-3 * * *  cron-parser 10-25 00:00Z, 10-25 00:30Z, 10-25 02:00Z, 10-25 02:30Z
*/30 1-3 * * *  cron        10-25 00:00Z, 10-25 00:30Z, 10-25 01:00Z, 10-25 01:30Z
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
