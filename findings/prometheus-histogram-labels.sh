#!/usr/bin/env bash
# parse-prometheus-text-format makes one histogram of two that differ in a label, and a timestamp of an exemplar.
#
# Versions: parse-prometheus-text-format 1.1.1 (npm).
# Guess:    one metric for each set of labels, with its buckets, sum and count, as it does for counters; an exemplar is left out.
# Seen:     the buckets of the last set remain, without its label, sum and count; the first set is gone. Without labels all is kept. An
#           exemplar (OpenMetrics, which exporters send to those who accept it) is the sample's timestamp_ms.
# Matters:  run times are histograms by outcome and task: a check of exported figures with this parser sees one row of many.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund parse-prometheus-text-format@1.1.1 >/dev/null || exit 2

cat > find.mjs <<'JS'
import parse from 'parse-prometheus-text-format';

const series = (labels, first, all, sum) => {
  const only = labels ? `{${labels}}` : '';
  const more = labels ? `${labels},` : '';
  return `run_seconds_bucket{${more}le="60"} ${first}\nrun_seconds_bucket{${more}le="+Inf"} ${all}\n`
    + `run_seconds_sum${only} ${sum}\nrun_seconds_count${only} ${all}\n`;
};
const show = (name, text) => console.log(`${name}: ${JSON.stringify(parse(text)[0].metrics)}`);
show('one without labels', `# TYPE run_seconds histogram\n${series('', 1, 3, 545)}`);
show('two with a label', `# TYPE run_seconds histogram\n${series('outcome="Success"', 1, 3, 545)}${series('outcome="Failed"', 7, 9, 99)}`);
show('an exemplar', '# TYPE runs_total counter\nruns_total{outcome="Success"} 3 # {trace_id="4bf92f35"} 1\n# EOF\n');
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
one without labels: [{"buckets":{"60":"1","+Inf":"3"},"count":"3","sum":"545"}]
two with a label: [{"buckets":{"60":"7","+Inf":"9"}}]
an exemplar: [{"value":"3","labels":{"outcome":"Success"},"timestamp_ms":"#{trace_id=\"4bf92f35\"}1"}]
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
