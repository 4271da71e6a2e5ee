# shellcheck shell=bash
# What comes from the operating system: PostgreSQL, a browser, a PDF printer, a Chinese font.

# postgres_bin: the directory of the newest PostgreSQL programs, 13 or later.
postgres_bin() {
    local dir
    for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(type -P initdb || echo /none/initdb)")"; do
        [[ -x $dir/initdb && $("$dir/initdb" --version) =~ \ ([0-9]+) && ${BASH_REMATCH[1]} -ge 13 ]] || continue
        echo "$dir"
        return
    done
    return 1
}

has_browser() { [[ -n $(type -P google-chrome chromium chromium-browser google-chrome-stable) ]]; }
has_chinese_font() { [[ -n $(fc-list :lang=zh 2>/dev/null) ]]; }
has_venv() { "$SYSTEM_PYTHON" -c 'import ensurepip, venv' 2>/dev/null; }
# Newer Debians have no wkhtmltopdf any more: everything but printing works without it.
has_printer() {
    [[ -n $(type -P wkhtmltopdf) ]] ||
        { apt-cache show chromium && ! apt-cache show wkhtmltopdf; } >/dev/null 2>&1
}

# missing_packages: the Debian packages that would bring what is not there.
missing_packages() {
    postgres_bin >/dev/null || echo postgresql
    has_browser || echo chromium
    has_printer || echo wkhtmltopdf
    has_chinese_font || echo fontconfig fonts-noto-cjk
    has_venv || echo python3-venv
}

# Sets SYSTEM_PYTHON, of a version that Odoo 19 runs on.
find_python() {
    for SYSTEM_PYTHON in python3 python3.13 python3.12 python3.11 python3.10; do
        "$SYSTEM_PYTHON" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null && return
    done
    die "Python 3.10 to 3.13 is needed, $(python3 --version 2>/dev/null || echo 'no python3') was found"
}

setup_system() {
    local missing
    find_python
    missing=$(missing_packages | xargs)
    [[ -z $missing ]] || install_packages "$missing" missing_packages
}

# install_packages "PACKAGE..." COMMAND...: install what COMMAND names then if we may, tell what to install if not.
install_packages() {
    type -P apt-get >/dev/null || die "please install $1"
    [[ $EUID == 0 ]] || die "Debian packages are missing; as root, run: apt-get install $1"
    step "Installing $1" apt_install "${@:2}"
}

apt_install() {
    local packages
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q || fail "the package lists cannot be updated; is the network there?"
    packages=$("$@" | xargs) # what exists is known only now
    # shellcheck disable=SC2086 # a list of names
    apt-get install -q -y --no-install-recommends $packages || fail "apt-get cannot install $packages"
}
