#!/usr/bin/env bash
# udsv loses every row of a one-column file when one value is quoted, and turns a late text into null in a column that began with numbers.
#
# Versions: udsv 0.7.3, papaparse 5.7.1 (npm).
# Guess:    quotes are legal in any field, and a value that does not fit the inferred type is kept as text or raises an error.
# Seen:     three ids in one column, one of them quoted: no rows and no error. Twenty numbers and then v1.28: null for it.
# Matters:  a list of ids is empty, and the one cluster with another form of version has none.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund udsv@0.7.3 papaparse@5.7.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import Papa from 'papaparse';
import { inferSchema, initParser } from 'udsv';

const late = `id,version\n${Array.from({ length: 20 }, (_, i) => `${i},${i}`).join('\n')}\n20,v1.28\n`;
for (const [name, text] of Object.entries({
  'one column': 'id\na\nb\nc\n',
  'one column, quoted': 'id\na\n"b"\nc\n',
  'two columns, quoted': 'id,x\na,1\n"b",2\nc,3\n',
  'text after 20 numbers': late,
})) {
  const rows = initParser(inferSchema(text)).typedObjs(text);
  const other = Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data;
  console.log(`${name}: udsv ${rows.length} rows, last ${JSON.stringify(rows.at(-1) ?? null)}`);
  console.log(`${' '.repeat(name.length)}  papaparse ${other.length} rows, last ${JSON.stringify(other.at(-1))}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
one column: udsv 3 rows, last {"id":"c"}
            papaparse 3 rows, last {"id":"c"}
one column, quoted: udsv 0 rows, last null
                    papaparse 3 rows, last {"id":"c"}
two columns, quoted: udsv 3 rows, last {"id":"c","x":3}
                     papaparse 3 rows, last {"id":"c","x":3}
text after 20 numbers: udsv 21 rows, last {"id":20,"version":null}
                       papaparse 21 rows, last {"id":20,"version":"v1.28"}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
