# shellcheck shell=bash
# Databases. Installing takes its time, copying does not: what was installed is kept as a template, named after what
# went into it, and every database in use is a copy.

# The addons of this repository, and those of them that users get: who measures is a developer. Those that tests alone
# install, each into a database of its own, are neither; nor is what comes with jobs, where somebody wants these.
ADDONS=() USER_ADDONS=() TEST_ADDONS=() QUEUE_ADDONS=()
for manifest in "$ROOT"/*/__manifest__.py; do
    [[ -f $manifest ]] || continue
    name=$(basename "$(dirname "$manifest")")
    case $name in
        test_*) TEST_ADDONS+=("$name") ;;
        cs_promotion_bench) ADDONS+=("$name") ;;
        cs_promotion_queue) QUEUE_ADDONS+=("$name") ;;
        *) ADDONS+=("$name") USER_ADDONS+=("$name") ;;
    esac
done

sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }
has_database() { [[ $(sql "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]; }

# Sets ODOO_CLI: Odoo's command line, ready for a command.
configure_odoo() {
    local conf
    conf="[options]
addons_path = $ROOT,$ODOO_ADDONS
data_dir = $STATE/data
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
http_interface = 127.0.0.1"
    export ODOO_RC=$STATE/odoo.conf PYTHONUTF8=1
    # The addons path comes first, else Odoo does not find the commands that addons bring
    ODOO_CLI=("$STATE/venv/bin/odoo" "--addons-path=$ROOT,$ODOO_ADDONS")
    [[ $(cat "$ODOO_RC" 2>/dev/null) == "$conf" ]] || echo "$conf" >"$ODOO_RC"
}

# addons_key ADDON...: changes with all that installing these addons depends on; tests and pages are read as they are.
addons_key() {
    {
        template_key
        cd "$ROOT" && find "$@" -type f ! -path '*/tests/*' ! -path '*/static/*' ! -path '*/readme/*' \
            ! -name '*.py[co]' ! -name 'README*' -print0 | sort -z | xargs -0 sha256sum
    } | digest
}

template_key() { { odoo_key; cat "$ROOT/requirements.txt"; } | digest; }

drop_database() {
    sql "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" 2>/dev/null
    rm -rf "$STATE/data/filestore/$1"
}

# copy_database FROM TO: files are named after their content and never change, so links will do.
copy_database() {
    drop_database "$2"
    sql "CREATE DATABASE \"$2\" TEMPLATE \"$1\""
    [[ ! -d $STATE/data/filestore/$1 ]] || cp -al "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
}

rename_database() {
    sql "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    rm -rf "$STATE/data/filestore/$2"
    [[ ! -d $STATE/data/filestore/$1 ]] || mv "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
}

# template KIND KEY MESSAGE FROM MODULES [ODOO_ARG...]: sets TEMPLATE to the database in which MODULES are installed on
# top of FROM (nothing: a new database). What an earlier KEY made is dropped.
template() {
    local kind=$1 key=$2 message=$3 old
    shift 3
    TEMPLATE=${kind}_$key
    ! has_database "$TEMPLATE" || return 0
    step "$message" install_modules "$TEMPLATE" "$@"
    for old in $(sql "SELECT datname FROM pg_database WHERE datname LIKE '$kind\\_%' AND datname != '$TEMPLATE'"); do
        drop_database "$old"
    done
}

install_modules() {
    local target=$1 from=$2 modules=$3 missing
    shift 3
    drop_database new_template
    [[ -z $from ]] || copy_database "$from" new_template
    "${ODOO_CLI[@]}" server -d new_template -i "$modules" --stop-after-init --no-http "$@" || fail "Odoo cannot install $modules"
    missing=$(sql "SELECT string_agg(name, ' ') FROM unnest('{$modules}'::text[]) name WHERE name NOT IN
        (SELECT name FROM ir_module_module WHERE state = 'installed')" new_template)
    [[ -z $missing ]] || fail "Odoo did not install $missing"
    rename_database new_template "$target"
}

# What others build on: OCA payroll and all it needs.
payroll_template() { template payroll "$(template_key)" "Installing OCA payroll in a database" "" payroll; }

# What users install, without demo data.
addons_template() {
    payroll_template
    template addons "$(addons_key "${USER_ADDONS[@]}")" "Installing ${USER_ADDONS[*]}" "$TEMPLATE" \
        "$(join_addons "${USER_ADDONS[@]}")"
}

# All addons of this repository, for tests and the bench.
developer_template() {
    addons_template
    template developer "$(addons_key "${ADDONS[@]}")" "Adding what is for developers" "$TEMPLATE" \
        "$(join_addons "${ADDONS[@]}")"
}

# The same with jobs, which OCA queue_job runs.
queue_template() {
    developer_template
    template queue "$(addons_key "${ADDONS[@]}" "${QUEUE_ADDONS[@]}")" "Adding jobs" "$TEMPLATE" \
        "queue_job,$(join_addons "${QUEUE_ADDONS[@]}")"
}

# OCA payroll among other apps, those that test_lifecycle.py names.
apps_template() {
    local apps=hr_holidays_attendance,hr_work_entry,hr_expense,hr_recruitment,hr_skills,project,crm,base_automation
    payroll_template
    template apps "$(template_key)" "Installing other apps" "$TEMPLATE" "$apps"
}

# Odoo loads an addon's demo data only where all it depends on has its own.
demo_template() {
    template payroll-demo "$(template_key)" "Installing OCA payroll with demo data" "" payroll --with-demo
    template demo-addons "$(addons_key "${USER_ADDONS[@]}")" "Installing ${USER_ADDONS[*]} with demo data" "$TEMPLATE" \
        "$(join_addons "${USER_ADDONS[@]}")" --with-demo --load-language=zh_CN
}

preset=furniture # whose demo it is

# Makes the database demo of the demo company under the policy of $preset. Odoo's own demo data bring the first of them.
demo_database() {
    [[ $(sql "SELECT count(*) FROM pg_stat_activity WHERE datname = 'demo'") == 0 ]] ||
        die "the demo company is open in another script; end that one first"
    if [[ $preset == furniture ]]; then
        demo_template
    else
        payroll_template
        template demo-chinese "$(addons_key "${USER_ADDONS[@]}")" "Installing ${USER_ADDONS[*]} in Chinese, too" "$TEMPLATE" \
            "$(join_addons "${USER_ADDONS[@]}")" --load-language=zh_CN
    fi
    copy_database "$TEMPLATE" demo
}

# close_demo LANGUAGE: play what is left to play of the demo company in a language, and print what comes out.
close_demo() {
    local load=()
    [[ $preset == furniture ]] || load=(--load "$preset")
    "${ODOO_CLI[@]}" cs_demo -d demo --language "$1" "${load[@]}"
}

join_addons() { (IFS=, && echo "$*"); }

# free_port [FROM]: the first port from FROM on that nobody listens at.
free_port() {
    local port=${1:-8069}
    while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

# serve DATABASE [ODOO_ARG...]: become an Odoo server, on the first free port from 8069 on, or from --http-port on.
serve() {
    local database=$1 port=8069 arg
    shift
    for arg in "$@"; do [[ $arg != --http-port=* ]] || port=${arg#*=}; done
    port=$(free_port "$port")
    say "Serving the database $database at http://127.0.0.1:$port until Ctrl-C; log in as admin, password admin"
    exec "${ODOO_CLI[@]}" server -d "$database" "$@" --http-port="$port"
}

# kept_database NAME: set $database to a database of the addons that is kept until one of them changes.
kept_database() {
    database=$1_$(addons_key "${USER_ADDONS[@]}")
    ! has_database "$database" || return 0
    addons_template
    for old in $(sql "SELECT datname FROM pg_database WHERE datname LIKE '$1\\_%'"); do drop_database "$old"; done
    copy_database "$TEMPLATE" "$database"
}
