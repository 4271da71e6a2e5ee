# shellcheck shell=bash
# A private PostgreSQL: reached through a socket alone, running while any script of this clone runs.

# Sets PG (where the cluster lies), PG_RUN (where its socket is) and AS_POSTGRES (who runs it).
locate_postgres() {
    local name uid
    name=cs-promotion-$EUID-$(digest <<<"$ROOT")
    PG=$STATE/postgres
    PG_BIN=$(postgres_bin)
    PATH=$PG_BIN:$PATH
    AS_POSTGRES=()
    if [[ $EUID == 0 ]]; then # PostgreSQL refuses root
        uid=$(id -u postgres 2>/dev/null || id -u nobody)
        AS_POSTGRES=(setpriv "--reuid=$uid" "--regid=$(id -g "$uid")" --clear-groups --)
        # A clone in root's own home is closed to that user
        "${AS_POSTGRES[@]}" test -x "$STATE" || PG=/var/tmp/$name
    fi
    PG_RUN=$PG
    # The path of a socket holds no more than 107 characters
    ((${#PG} < 90)) || PG_RUN=/tmp/$name
}

# Make the cluster if there is none, start it if it does not run.
start_postgres() {
    locate_postgres
    export PGHOST=$PG_RUN PGPORT=5432 PGUSER=odoo PGCLIENTENCODING=UTF8
    unset PGDATABASE PGPASSWORD PGSERVICE PGOPTIONS
    hold_postgres
    ! pg_isready -q || return 0
    build "$PG" "$("$PG_BIN/initdb" --version)" "Making a private PostgreSQL cluster" make_cluster
    if [[ $PG_RUN != "$PG" ]]; then
        "${AS_POSTGRES[@]}" mkdir -pm 700 "$PG_RUN"
        [[ -z $("${AS_POSTGRES[@]}" find "$PG_RUN" -maxdepth 0 ! -user "$("${AS_POSTGRES[@]}" id -u)") ]] ||
            die "$PG_RUN belongs to somebody else"
    fi
    # Everything in it can be made again: speed goes before safety. The number is just a part of the socket's name.
    (cd / && "${AS_POSTGRES[@]}" "$PG_BIN/pg_ctl" -D "$PG/data" -l "$PG/log" -w -o "-k '$PG_RUN' -p $PGPORT \
        -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
        -c max_wal_senders=0 -c shared_buffers=256MB -c max_parallel_workers_per_gather=0 -c jit=off" start) \
        >/dev/null 2>&1 8>&- 9>&- ||
        die "PostgreSQL does not start (see $PG/log); remove $PG to begin afresh"
}

# Whoever uses the cluster holds a shared lock, which the kernel takes back however the user ends, exec and kill -9
# included. Somebody waits in the background for the lock as a whole, and then stops the cluster.
hold_postgres() {
    exec 8>"$STATE/postgres.lock"
    flock -s 8
    (
        cd /
        exec 8>&- 9>&-
        setsid -f flock "$STATE/postgres.lock" "${AS_POSTGRES[@]}" "$PG_BIN/pg_ctl" -D "$PG/data" -m fast -w stop
    ) </dev/null >/dev/null 2>&1
}

make_cluster() {
    [[ $EUID != 0 ]] || chown "$("${AS_POSTGRES[@]}" id -u)" "$1"
    chmod 700 "$1"
    cd /
    "${AS_POSTGRES[@]}" "$PG_BIN/initdb" -D "$1/data" -U odoo -A trust -E UTF8 --locale=C -N || fail "initdb failed"
}
