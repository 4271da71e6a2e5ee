# shellcheck shell=bash
# Sourced by the scripts: all of the library, and `setup`, which makes ready whatever is not.

lib=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=common.sh
. "$lib/common.sh"
# shellcheck source=system.sh
. "$lib/system.sh"
# shellcheck source=odoo.sh
. "$lib/odoo.sh"
# shellcheck source=python.sh
. "$lib/python.sh"
# shellcheck source=node.sh
. "$lib/node.sh"
# shellcheck source=postgres.sh
. "$lib/postgres.sh"
# shellcheck source=database.sh
. "$lib/database.sh"

# setup [COMMAND...]: everything that runs Odoo needs, then the databases that the COMMANDs make.
setup() {
    local make
    lock_setup
    setup_system
    setup_odoo
    setup_python
    link_odoo
    start_postgres
    configure_odoo
    for make in "$@"; do "$make"; done
    unlock_setup
}
