# Runs a command in a network of its own, of which nothing leads out, beside `$VIGIE $SERVICE` where $SERVICE is not empty; its
# address is in $BASE. Where $HOSTS is not empty, names are looked up there. `unshare` starts this (tests/api/alone.rs).
set -eu
ip link set lo up
if ip route get 192.0.2.1 >/dev/null 2>&1; then
    echo 'there is a way out' >&2
    exit 1
fi
if [ -n "$HOSTS" ]; then
    mount --bind "$HOSTS" /etc/hosts
fi
if [ -n "$SERVICE" ]; then
    : >address
    "$VIGIE" $SERVICE >address 2>told &
    until [ -s address ]; do
        kill -0 $! || { cat told >&2; exit 1; }
        sleep 0.05
    done
    BASE=$(sed 's,/*$,,;q' address)
    export BASE
fi
"$@"
