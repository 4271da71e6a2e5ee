# shellcheck shell=bash
# The virtual environment .odoo/venv with everything that requirements.txt and test-requirements.txt name.

setup_python() {
    local key
    key=$(cat <("$SYSTEM_PYTHON" -c 'import sys; print(sys.version, sys.base_prefix)') "$ROOT"/*requirements.txt | digest)
    build "$CACHE/wheels-$key" 1 "Downloading the Python packages" download_wheels
    build "$STATE/venv" "$key" "Installing the Python packages" make_venv "$CACHE/wheels-$key"
}

download_wheels() {
    "$SYSTEM_PYTHON" -m venv --clear "$1/venv" || fail "$SYSTEM_PYTHON cannot make a virtual environment"
    "$1/venv/bin/python" -m pip wheel --retries 2 --no-deps --wheel-dir "$1" \
        -r "$ROOT/requirements.txt" -r "$ROOT/test-requirements.txt" ||
        fail "the Python packages cannot be downloaded; is the network there?"
    rm -r "$1/venv"
}

# make_venv WHEELS DIR
make_venv() {
    "$SYSTEM_PYTHON" -m venv "$2" || fail "$SYSTEM_PYTHON cannot make a virtual environment"
    # No dependencies: payroll asks for the distribution odoo, which does not come from there
    "$2/bin/python" -m pip install --no-index --no-deps "$1"/*.whl || fail "the Python packages cannot be installed"
    printf '#!%s\nimport odoo.cli\n\nodoo.cli.main()\n' "$2/bin/python" >"$2/bin/odoo"
    chmod +x "$2/bin/odoo"
    # It was made under another name than the one it is to have
    grep -lIrZ -F "$2" "$2/bin" "$2/pyvenv.cfg" | xargs -0 sed -i "s|$2|${2%.new}|g"
}

# Odoo is found by way of a .pth, so that it can be another one tomorrow.
link_odoo() {
    local pth
    pth=$(echo "$STATE"/venv/lib/python3*/site-packages)/odoo.pth
    [[ $(cat "$pth" 2>/dev/null) == "$ODOO" ]] || echo "$ODOO" >"$pth"
}

# build_wheels DIR ADDON...: a wheel of each addon.
build_wheels() {
    local addon dir=$1
    shift
    rm -rf "$dir"
    for addon in "$@"; do
        "$STATE/venv/bin/python" -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
            --wheel-dir "$dir" "$ROOT/$addon" || return
    done
}
