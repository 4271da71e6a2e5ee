# shellcheck shell=bash
# Odoo 19: Debian's package, unpacked into .odoo/source, or the one that ODOO_SOURCE names.

# odoo-19 and the packages that its links point into; Debian has them in its suite sid only.
ODOO_PACKAGES=(odoo-19 fonts-montserrat fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore)

# Sets ODOO (the directory that holds the package odoo) and ODOO_ADDONS (where its addons lie).
setup_odoo() {
    if [[ -z ${ODOO_SOURCE:-} ]]; then
        build "$CACHE/odoo-19" 1 "Downloading Odoo 19" download_odoo
        build "$STATE/source" "$(cd "$CACHE/odoo-19" && echo *.deb)" "Unpacking Odoo 19" unpack_odoo
    fi
    ODOO=${ODOO_SOURCE:-$STATE/source/usr/lib/python3/dist-packages}
    grep -qs '^version_info = (19, 0' "$ODOO/odoo/release.py" || die "$ODOO holds no Odoo 19.0"
    ODOO=$(cd "$ODOO" && pwd -P)
    ODOO_ADDONS=$ODOO/odoo/addons
    # Odoo's own repository keeps all but the base addon beside the package
    [[ -d $ODOO_ADDONS/web ]] || ODOO_ADDONS=$ODOO/addons,$ODOO_ADDONS
}

# odoo_key: changes with the Odoo in use.
odoo_key() {
    if [[ -n ${ODOO_SOURCE:-} ]]; then
        echo "$ODOO"
        cat "$ODOO/odoo/release.py"
        git -C "$ODOO" rev-parse HEAD 2>/dev/null || true
    else
        cat "$STATE/source/.key"
    fi | digest
}

# The mirror is the one this machine is set up for. apt works in directories of its own here: it needs neither root nor
# a change to the system, and still checks Debian's signatures.
download_odoo() {
    local mirror apt new=$1
    # shellcheck disable=SC2016 # apt's variables
    mirror=$(apt-get indextargets --format '$(ORIGIN)/$(LABEL) $(SITE)' | sed -n 's,^Debian/Debian ,,p' | head -n 1)
    [[ -n $mirror ]] || fail "apt knows no Debian mirror: run apt-get update as root, or name an Odoo 19 in ODOO_SOURCE"
    mkdir -p "$new/apt/lists/partial" "$new/apt/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$new/apt/sources.list"
    : >"$new/apt/status"
    apt=(-q -o "Dir::Etc::SourceList=$new/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$new/apt/lists" -o "Dir::State::Status=$new/apt/status" -o "Dir::Cache=$new/apt/cache"
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Update::Error-Mode=any)
    apt-get "${apt[@]}" update || fail "Debian's package lists cannot be downloaded; is the network there?"
    (cd "$new" && apt-get "${apt[@]}" download "${ODOO_PACKAGES[@]}") ||
        fail "Debian's package odoo-19 cannot be downloaded; is the network there?"
    rm -r "$new/apt"
}

unpack_odoo() {
    local package addons=$1/usr/lib/python3/dist-packages/odoo/addons
    for package in "$CACHE/odoo-19"/*.deb; do
        echo "${package##*/}"
        dpkg -x "$package" "$1" || fail "${package##*/} cannot be unpacked; remove $CACHE/odoo-19 to download it anew"
    done
    rm -r "$1/usr/lib/python3/dist-packages/addons" # a second copy of the addons, without their data
    # The package leaves this script out, yet the pages ask for it, and browser tests fail on the missing file
    mkdir -p "$addons/mail/static/lib/selfie_segmentation"
    : >"$addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
}
