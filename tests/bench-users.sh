#!/usr/bin/env bash
# Measures what passwords cost: many at once against one after the other on one processor, the reading of a large list, and what a hash
# of each cost means for the real Distribution, which checks it on every request. Expects reg-users, reg-up, wrk and docker-registry (or
# registry) on PATH, and Apache's htpasswd for the peer. Read the ratios: the machine may be busy.
set -euo pipefail
command -v wrk > /dev/null || { echo "bench: wrk is not installed" >&2; exit 2; }
rounds=${ROUNDS:-3}
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
trap 'reg-up remove peer --purge -q > /dev/null 2>&1; rm -rf "$work"' EXIT
cd "$work"

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
seconds() { local begun=$EPOCHREALTIME; "$@" > /dev/null; awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }
rows() { # count
    echo name,password
    seq "$1" | sed 's/.*/user&,a password of user &/'
}
import() { # list more...
    rm -f htpasswd
    reg-users import "$@" --file htpasswd -q -o name
}

# One hash is what one thread takes for one while every processor has such a thread, so that both kinds of run meet the same machine.
rows 1000 > many.csv
rows 50 > few.csv
cores=$(nproc)
alone() { # as many programs as processors, each with one of them
    local core
    for ((core = 0; core < cores; core++)); do taskset -c "$core" reg-users import few.csv --file "few$i-$core" -q -o name & done
    wait
}
: > one; : > all; : > peer
for ((i = 0; i < rounds; i++)); do
    seconds alone | awk '{ print $1 / 50 }' >> one
    seconds import many.csv >> all
    if command -v htpasswd > /dev/null; then
        seconds bash -c 'for i in $(seq 20); do htpasswd -nbB -C 10 "user$i" "a password" > /dev/null; done' | awk '{ print $1 / 20 }' >> peer
    fi
done
awk -v one="$(median < one)" -v all="$(median < all)" -v cores="$cores" -v peer="$(median < peer)" 'BEGIN {
    printf "1,000 rows at cost 10: %.2f s on %d cores; one hash on one of them: %.1f ms\n", all, cores, one * 1000
    printf "against 1,000 hashes / %d cores: %.2fx  (aim 1.1)\n", cores, all / (1000 * one / cores)
    if (peer) printf "htpasswd -nbB -C 10: %.1f ms a user, one at a time; ours: %.1f ms a user, %.1fx\n", peer * 1000, all, peer * 1000 / all
}'

rows 100000 > large.csv
for ((i = 0; i < rounds; i++)); do seconds import large.csv --dry-run; done | median | awk '{ printf "100,000 rows, read and checked: %.2f s\n", $1 }'
if [ -x /usr/bin/time ]; then
    /usr/bin/time -f %M reg-users import large.csv --file htpasswd --dry-run -q -o name 2> memory > /dev/null
    awk '{ printf "peak memory of that: %.0f MiB\n", $1 / 1024 }' memory
fi

echo secret > password
for cost in 5 10 12; do reg-users add "cost$cost" --file logins --password-file password --cost "$cost" -q -o name > /dev/null; done
url=$(reg-up start peer --type distribution --port 0 --htpasswd logins -q -o json | sed 's/.*"url":"\([^"]*\)".*/\1/')
echo "requests/s of $(reg-up info peer -o json | sed 's/.*"version":"\([^"]*\)".*/Distribution \1/') on GET /v2/, 1 and 4 connections:"
for cost in 5 10 12; do
    for connections in 1 4; do
        wrk -t1 -c"$connections" -d5s --timeout 30s -H "Authorization: Basic $(printf 'cost%s:secret' "$cost" | base64)" "$url/v2/" |
            awk '/Requests\/sec/ { rate = $2 } /Non-2xx/ { print "bench: " $0 > "/dev/stderr"; exit 1 } END { printf "%s ", rate }'
    done | awk -v cost="$cost" '{ printf "  cost %-2d  %8.1f  %8.1f\n", cost, $1, $2 }'
done
