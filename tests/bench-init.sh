#!/usr/bin/env bash
# Measures what reg-init takes for 200 and for 2,000 namespaces, on the embedded server and on a zot where REG_LIVE_ZOT names one, and
# how long a request takes there. Expects reg-up, reg-init, curl and python3 on PATH. Read the ratio per namespace: ten times the
# namespaces may take ten times as long, not more.
set -euo pipefail
rounds=${ROUNDS:-5}
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
instances=(ours)
trap 'for name in "${instances[@]}"; do reg-up remove "$name" --purge -q > /dev/null 2>&1 || true; done; rm -rf "$work"' EXIT
cd "$work"

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
seconds() { local begun=$EPOCHREALTIME; "$@" > /dev/null; awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }
layout() { # namespaces description
    python3 - "$1" "$2" <<'END'
import json, sys
rules = [{"subjects": ["group:makers"], "actions": ["read", "create", "update"]}, {"subjects": ["authenticated"], "actions": ["read"]}]
names = [f"team-{at // 20}/app-{at}" for at in range(int(sys.argv[1]))]
namespaces = [{"name": name, "description": sys.argv[2], "retention": {"keepLast": 5}, "access": rules} for name in names]
print(json.dumps({"namespaces": namespaces, "users": [{"name": "anna"}], "groups": [{"name": "makers", "users": ["anna"]}]}))
END
}
measure() { # instance type more...
    local name=$1 type=$2 count i
    shift 2
    for count in 200 2000; do
        layout "$count" first > "first-$count.json"
        layout "$count" second > "second-$count.json"
        reg-up start "$name" --type "$type" --port 0 --layout "first-$count.json" "$@" -q -o name > /dev/null
        reg-init apply -r "$name" -q --no-test-image > /dev/null
        : > plan; : > apply; : > same; : > request
        local registry
        registry=$(reg-up info "$name")
        local url=${registry#*\"url\":\"}
        url=${url%%\"*}
        local login
        login="admin:$(cat "$XDG_STATE_HOME/reg/instances/$name/admin.password")"
        curl -sf -u "$login" "$url/v2/" > /dev/null
        for ((i = 0; i < rounds; i++)); do
            local to=second
            [ $((i % 2)) = 0 ] || to=first
            seconds reg-init plan -r "$name" --layout "$to-$count.json" >> plan
            seconds reg-init apply -r "$name" --layout "$to-$count.json" -q --no-test-image >> apply
            seconds reg-init apply -r "$name" -q --no-test-image >> same
            curl -s -u "$login" -o /dev/null -w '%{time_total}\n' "$url/v2/team-0/app-0/tags/list" >> request
        done
        for what in plan apply same request; do median < "$what" > "$what-$count"; done
        reg-up remove "$name" --purge -q -o name > /dev/null
    done
    echo "$type, $rounds rounds, medians; all namespaces change in a plan or an apply:"
    for what in plan apply same request; do
        awk -v what="$what" -v few="$(cat "$what-200")" -v many="$(cat "$what-2000")" 'BEGIN {
            told["plan"] = "plan"; told["apply"] = "apply, all new"; told["same"] = "apply, nothing changes"; told["request"] = "one request then"
            printf "  %-24s 200: %.3f s  2,000: %.3f s", told[what], few, many
            if (what == "request") print ""; else printf "  per namespace %.2fx  (aim 1)\n", many / few / 10
        }'
    done
}

measure ours embedded
if [ -n "${REG_LIVE_ZOT:-}" ]; then
    instances+=(peer)
    measure peer zot --binary "$REG_LIVE_ZOT"
fi
