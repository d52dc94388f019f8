#!/usr/bin/env bash
# Measures the embedded server against the real Distribution in the same run, and prints ratios. Expects reg-up, docker-registry (or
# registry), wrk, curl, openssl and python3 on PATH. Read the ratios: both run on the same, maybe busy, machine.
set -euo pipefail
command -v wrk > /dev/null || { echo "bench: wrk is not installed" >&2; exit 2; }
rounds=${ROUNDS:-5}
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
trap 'reg-up remove ours --purge -q > /dev/null 2>&1; reg-up remove peer --purge -q > /dev/null 2>&1; rm -rf "$work"' EXIT

url() { reg-up start "$1" --type "$2" --port 0 -q -o json | sed 's/.*"url":"\([^"]*\)".*/\1/'; }
ours=$(url ours embedded)
peer=$(url peer distribution)
echo "embedded at $ours, $(reg-up info peer -o json | sed 's/.*"version":"\([^"]*\)".*/Distribution \1/') at $peer, $rounds rounds, medians"

# The same blobs and the same manifest go to both.
head -c 20480 /dev/urandom > "$work/small"
head -c 67108864 /dev/urandom > "$work/large"
printf '{}' > "$work/config"
digest() { echo "sha256:$(openssl dgst -sha256 -r "$1" | cut -d' ' -f1)"; }
put() { # url file
    local location
    location=$(curl -sf -X POST -H 'Content-Length: 0' -D - -o /dev/null "$1/v2/bench/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    case $location in http*) ;; *) location="$1$location" ;; esac
    case $location in *\?*) location="$location&" ;; *) location="$location?" ;; esac
    curl -sf -X PUT -H 'Content-Type: application/octet-stream' -T "$2" -o /dev/null -w '%{time_total}\n' "${location}digest=$(digest "$2")"
}
size() { stat -c %s "$1"; }
manifest="$work/manifest"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%s}]}' \
    "$(digest "$work/config")" "$(digest "$work/small")" "$(size "$work/small")" > "$manifest"
for base in "$ours" "$peer"; do
    for file in config small large; do put "$base" "$work/$file" > /dev/null; done
    curl -sf -X PUT -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary @"$manifest" -o /dev/null "$base/v2/bench/manifests/v1"
done

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
requests() { # url path -> requests a second
    wrk -t1 -c16 -d2s -H 'Accept: application/vnd.oci.image.manifest.v1+json' "$1$2" |
        awk '/Requests\/sec/ { rate = $2 } /Non-2xx|Socket errors/ { print "bench: " $0 > "/dev/stderr"; exit 1 } END { print rate }'
}
fetch() { curl -sf -o /dev/null -w '%{time_total}\n' "$1$2"; }
row() { # name aim ours peer better(high|low)
    awk -v name="$1" -v aim="$2" -v a="$3" -v b="$4" -v better="$5" \
        'BEGIN { r = better == "high" ? a / b : b / a; printf "%-28s %12s %12s   %5.1fx  (aim %s)\n", name, a, b, r, aim }'
}
alternate() { # function argument -> two medians; the two take turns so that both see the same machine
    local i
    : > "$work/a"; : > "$work/b"
    for ((i = 0; i < rounds; i++)); do "$1" "$ours" "$2" >> "$work/a"; "$1" "$peer" "$2" >> "$work/b"; done
    echo "$(median < "$work/a") $(median < "$work/b")"
}
fresh_put() { # url: a 64 MiB blob that was never there
    printf '%s' "$RANDOM$RANDOM$RANDOM" | dd of="$work/large" conv=notrunc status=none
    put "$1" "$work/large"
}

printf '%-28s %12s %12s   %6s\n' "" embedded peer ratio
large="/v2/bench/blobs/$(digest "$work/large")"
read -r a b <<< "$(alternate requests /v2/bench/manifests/v1)"; row "manifest GET, requests/s" 3x "$a" "$b" high
read -r a b <<< "$(alternate requests "/v2/bench/blobs/$(digest "$work/small")")"; row "20 KiB blob GET, requests/s" 3x "$a" "$b" high
read -r a b <<< "$(alternate fetch "$large")"; row "64 MiB blob GET, s" 1x "$a" "$b" low
read -r a b <<< "$(alternate fresh_put -)"; row "64 MiB blob PUT, s" 2x "$a" "$b" low

pid=$(reg-up status ours -o json | sed 's/.*"pid":\([0-9]*\).*/\1/')
echo "peak memory of the embedded server: $(awk '/VmHWM/ { printf "%.0f MiB", $2 / 1024 }' "/proc/$pid/status")"
