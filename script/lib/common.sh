# shellcheck shell=bash
# What every script shares: where things lie, how a script speaks, and how a piece of the set-up is made.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
STATE=$ROOT/.odoo
CACHE=${XDG_CACHE_HOME:-${HOME:?is not set}/.cache}/cs-promotion
STEP= # process group of the running step, if any

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "script/${0##*/}" "$*" >&2
    exit 2
}

# digest: a short name for the content on standard input.
digest() { sha256sum | cut -c1-12; }

# A step is stopped together with its script, whichever way the script ends.
stop_step() { [[ -z $STEP ]] || kill -TERM -- "-$STEP" 2>/dev/null || true; }
trap stop_step EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# step MESSAGE COMMAND [ARG...]: run COMMAND, say in one line what is done and how it goes, keep its output in a log.
# COMMAND gives the reason of a failure as the last line it prints.
step() {
    local message=$1 log=$STATE/log/${1//[ ,]/_}.log
    shift
    mkdir -p "$STATE/log"
    set -m # a process group of its own, so that it can be stopped with all its children
    "$@" >"$log" 2>&1 </dev/null &
    set +m
    STEP=$!
    show_progress "$message" "$log"
    if ! wait "$STEP"; then
        STEP=
        [[ -z ${CI:-} ]] || tail -n 50 "$log" >&2
        [[ $(df --output=avail -m "$STATE" | tail -n 1) -gt 50 ]] || die "$message: the disk is full"
        die "$message: $(grep -v '^[[:space:]]*$' "$log" | tail -n 1) (see $log)"
    fi
    STEP=
}

# show_progress MESSAGE LOG: seconds and last line of the log on a terminal, a dot every few seconds elsewhere.
show_progress() {
    local start=$SECONDS width=0
    [[ ! -t 2 ]] || width=$(($(tput cols 2>/dev/null || echo 80) - ${#1} - 12))
    printf '%s' "$1" >&2
    while sleep 0.2 && kill -0 "$STEP" 2>/dev/null; do
        if [[ -t 2 ]]; then
            printf '\r\033[K%s %3d s  %.*s' "$1" $((SECONDS - start)) $((width > 0 ? width : 0)) "$(tail -n 1 "$2")" >&2
        elif ((SECONDS - start >= (width + 1) * 5)); then
            printf . >&2
            width=$((width + 1))
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K%s ' "$1" >&2
    printf ' %d s\n' $((SECONDS - start)) >&2
}

# build DIR KEY MESSAGE COMMAND [ARG...]: make DIR with COMMAND, unless DIR was made with this KEY already.
# COMMAND is given a new directory to fill, which takes its place only when it is complete.
build() {
    local dir=$1 key=$2 message=$3
    shift 3
    key="$dir $key" # a moved clone is set up anew: much in it knows its own path
    [[ ! -f $dir/.key || $(<"$dir/.key") != "$key" ]] || return 0
    need_space "$(dirname "$dir")"
    step "$message" fill "$dir" "$key" "$@"
}

fill() {
    local dir=$1 key=$2 new=$1.new
    shift 2
    exec 7>"$dir.making" # another clone may be filling the same cache
    flock 7
    # shellcheck disable=SC2064 # expanded now: the variable is gone when the trap runs
    trap "rm -rf '$new' '$dir.making'" EXIT
    rm -rf "$new" && mkdir -p "$new"
    "$@" "$new"
    printf '%s' "$key" >"$new/.key"
    rm -rf "$dir" && mv "$new" "$dir"
}

# fail REASON: end the command of a step.
fail() {
    printf '%s\n' "$*"
    exit 1
}

need_space() {
    local free
    mkdir -p "$1" 2>/dev/null || die "cannot write to $1"
    free=$(df --output=avail -m "$1" | tail -n 1)
    ((free >= 2500)) || die "$1 has ${free// /} MB free, the set-up needs 2500"
}

# One script sets up at a time; the others wait for it and then find everything ready.
lock_setup() {
    mkdir -p "$STATE" 2>/dev/null && [[ -w $STATE ]] || die "cannot write to $STATE"
    exec 9>"$STATE/setup.lock"
    flock -w 2 9 || { say "Waiting for another script that is setting up"; flock 9; }
}

unlock_setup() { exec 9>&-; }
