# shellcheck shell=bash
# What package.json names, for script/lint alone.

setup_node() {
    local key
    key=$(cat "$ROOT"/package*.json | digest)
    [[ -x $STATE/node/node_modules/.bin/prettier ]] || type -P npm >/dev/null || install_packages npm echo npm
    build "$STATE/node" "$key" "Installing prettier" install_node
}

install_node() {
    cp "$ROOT"/package*.json "$1"
    npm ci --prefix "$1" --cache "$CACHE/npm" --prefer-offline --no-audit --no-fund --no-update-notifier ||
        fail "npm cannot install prettier; is the network there?"
}
