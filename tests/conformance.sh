#!/usr/bin/env bash
# Runs the OCI conformance suite against a fresh embedded server and prints its counts. Expects reg-up on PATH.
# Usage: conformance.sh PROGRAM, the suite built from opencontainers/distribution-spec (conformance/).
set -euo pipefail
suite=$(realpath "$1")
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
trap 'reg-up remove conformance --purge -q > /dev/null; rm -rf "$work"' EXIT
url=$(reg-up start conformance --port 0 -q -o json | sed 's/.*"url":"http:\/\/\([^"]*\)".*/\1/')
status=0
for version in 1.1 dev; do
    echo "OCI_VERSION=$version"
    mkdir "$work/$version"
    (cd "$work/$version" && OCI_REGISTRY="$url" OCI_TLS=disabled OCI_VERSION=$version OCI_RESULTS_DIR="$work/$version" \
        OCI_REPO1=conformance/one OCI_REPO2=conformance/two \
        OCI_API_BLOBS_MOUNT_ANONYMOUS=true OCI_API_BLOBS_DELETE=true OCI_API_MANIFESTS_DELETE=true OCI_API_TAGS_DELETE=true \
        "$suite" > report.txt 2>&1) || status=1
    # The suite's JUnit file counts all cases and, apart, those that did not pass.
    grep -o '<testsuites[^>]*>' "$work/$version/junit.xml" | awk -v RS=' ' -F'"' '
        { sub(/=.*/, "", $1); count[$1] = $2 }
        END { not = count["failures"] + count["errors"]; skipped = count["skipped"] + count["disabled"]
              printf "  %d pass, %d fail, %d skip of %d\n", count["tests"] - not - skipped, not, skipped, count["tests"] }'
done
exit $status
