#!/usr/bin/env bash
# uml.sh - run a command as root on a Linux 6.1 kernel in user mode (Debian's user-mode-linux): no QEMU, no privilege,
# up in seconds; starting processes is slow where the machine is itself a VM.
#   scripts/uml.sh [options] -- COMMAND [ARG...]  exit status: COMMAND's; 124 time-out, 125 it cannot run here
# Options:
#   --modules "M ..."  modules to load first (the kernel loads most link kinds by itself; ipv6 is always loaded)
#   --project DIR      shared read-write with the guest at the same path (default: $PWD); --ro copy-on-write
#   --prepare          fetch and unpack, then stop (no COMMAND)
#   --cwd DIR  --mem MB  --timeout SECONDS  --verbose
# The guest's / is this machine's / (hostfs) under a tmpfs overlay: it runs the node and tools that are here. The kernel
# is fetched with apt-get and unpacked in ${XDG_CACHE_HOME:-~/.cache}/nlkit-vm; nothing is installed. One CPU, no network.
set -euo pipefail
C=${NLKIT_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nlkit-vm}
PROJ=$PWD CWD=$PWD RO='' MEM=1024 TMO=600 MODULES='' VERB='' PREP=''
say() { echo "uml.sh: $*" >&2; }
die() { say "$*"; exit 125; }
while [ $# -gt 0 ]; do case $1 in
  --modules) MODULES=$2; shift 2;; --project) PROJ=$(readlink -f "$2"); shift 2;; --ro) RO=1; shift;; --prepare) PREP=1; shift;;
  --cwd) CWD=$2; shift 2;; --mem) MEM=$2; shift 2;; --timeout) TMO=$2; shift 2;; --verbose) VERB=1; shift;; --) shift; break;;
  -*) die "unknown option $1";; *) break;; esac; done
[ $# -gt 0 ] || [ "$PREP" ] || die "no command (scripts/uml.sh [options] -- COMMAND...)"
[ "$(uname -sm)" = 'Linux x86_64' ] || die "needs Linux on x86_64, this is $(uname -sm)"
mkdir -p "$C"; C=$(readlink -f "$C"); X=$C/uml

# 1. The kernel and its modules, and a static busybox for the guest's own housekeeping. What is in the cache is used as it is.
exec 7>"$C/lock-uml"; flock 7
if [ ! -e "$X/ready" ]; then
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || die "no kernel in $X, and without apt-get and dpkg (Debian) it cannot be fetched"
  say "fetching user-mode-linux into $X (once)"; rm -rf "$X.new"; mkdir -p "$X.new"
  for n in 1 2 3 4; do
    (cd "$X.new" && apt-get -q -o APT::Sandbox::User=root download user-mode-linux busybox-static) >"$X.new/log" 2>&1 && break
    [ $n != 4 ] || die "apt-get download user-mode-linux busybox-static: $(tail -3 "$X.new/log")"
    sleep $((n * 3)); [ $n != 2 ] || [ "$(id -u)" != 0 ] || apt-get -q update >"$X.new/log" 2>&1 || :   # stale lists name packages that are gone
  done
  for d in "$X.new"/*.deb; do (cd "$X.new" && sha256sum "${d##*/}") >>"$X.new/debs.sha256"; dpkg -x "$d" "$X.new"; rm "$d"; done
  [ -x "$X.new/usr/bin/linux.uml" ] && [ -x "$X.new/bin/busybox" ] || die "user-mode-linux has no linux.uml"
  : >"$X.new/ready"; rm -rf "$X"; mv "$X.new" "$X"; fi
exec 7>&-; [ -z "$PREP" ] || exit 0
V=$(ls "$X/usr/lib/uml/modules" | head -1)

# 2. Init: an overlay on hostfs that becomes the root, then the command with its output on two raw terminals.
R=$(mktemp -d "${TMPDIR:-/tmp}/nlkit-uml.XXXXXX"); P=; trap '[ -z "$P" ] || kill -9 -- -$P 2>/dev/null || :; rm -rf "$R"' EXIT; trap 'exit 130' INT TERM
mkdir "$R/m" "$R/status"
{ printf '#!%s sh\nb=%q X=%q R=%q V=%q\n' "$X/bin/busybox" "$X/bin/busybox" "$X" "$R" "$V"; cat <<'INIT'
$b mount -t proc proc /proc
$b insmod $X/usr/lib/uml/modules/$V/kernel/fs/overlayfs/overlay.ko
$b mount -t tmpfs -o size=75% u $R/m && $b mkdir $R/m/u $R/m/w $R/m/n &&
$b mount -t overlay -o lowerdir=/,upperdir=$R/m/u,workdir=$R/m/w root $R/m/n && $b umount /proc &&
cd $R/m/n && $b mount --move . / && exec $b chroot . /bin/bash $R/second
echo "root set-up failed"; $b poweroff -f
INIT
} >"$R/init"; chmod +x "$R/init"
{ for v in $(compgen -e | grep -E '^(PATH|HOME|LANG|LC_.*|TZ|CI|NODE_.*|NLKIT_.*|DEBUG)$'); do printf 'export %s=%q\n' "$v" "${!v}"; done
  printf 'X=%q R=%q V=%q PROJ=%q CWD=%q RO=%q MODULES=%q CMD=(' "$X" "$R" "$V" "$PROJ" "$CWD" "$RO" "$MODULES"; printf ' %q' "$@"; echo ' )'
  cat <<'SECOND'
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin HOME=${HOME:-/root} TERM=dumb NLKIT_VM=1 NLKIT_UML=1
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p "$R/status"; mount -t hostfs -o "$R/status" none "$R/status"
mkdir -p /lib/modules; mkdir -p "/lib/modules/$V"; mount --bind "$X/usr/lib/uml/modules/$V" "/lib/modules/$V"
if [ -z "$RO" ]; then mount -t hostfs -o "$PROJ" none "$PROJ" || { echo 125 >"$R/status/rc"; "$X/bin/busybox" poweroff -f; }; fi
mount -t tmpfs run /run; mkdir -p /dev/pts /dev/shm /run/lock /run/netns; mount -t devpts -o gid=5,mode=620,ptmxmode=666 pts /dev/pts; mount -t tmpfs shm /dev/shm
ln -sf /proc/self/fd /dev/fd; for i in 0:stdin 1:stdout 2:stderr; do ln -sf "fd/${i%:*}" "/dev/${i#*:}"; done
if [ ! -x "$(cat /proc/sys/kernel/modprobe)" ]; then
  printf '#!%s sh\nfor a; do case $a in -*) ;; *) exec %s modprobe "$a";; esac; done\n' "$X/bin/busybox" "$X/bin/busybox" >/run/modprobe; chmod +x /run/modprobe; echo /run/modprobe >/proc/sys/kernel/modprobe; fi
for m in ipv6 $MODULES; do "$X/bin/busybox" modprobe "$m" || echo "uml.sh: no module $m" >/dev/tty2; done
mkdir -p /dev/net; [ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200; hostname uml; ip link set lo up; chmod 1777 /tmp /dev/shm
for t in 1 2; do stty raw -echo </dev/tty$t; done
mkfifo /run/o /run/e; cat /run/o >/dev/tty1 & P1=$!; cat /run/e >/dev/tty2 & P2=$!   # pipes: the command is not on a terminal
cd "$CWD" && setsid -w "${CMD[@]}" >/run/o 2>/run/e </dev/null; rc=$?
for ((i = 0; i < 30; i++)); do kill -0 $P1 2>/dev/null || kill -0 $P2 2>/dev/null || break; sleep 0.1; done   # a daemon may hold them open
sync; echo $rc >"$R/status/rc"; sync; "$X/bin/busybox" poweroff -f
SECOND
} >"$R/second"

# 3. Boot. linux.uml writes about itself to stdout before the kernel is up: that goes to the log.
env -u TMPDIR -u TMP -u TEMP timeout -k 3 "$TMO" "$X/usr/bin/linux.uml" \
  "mem=${MEM}M" root=/dev/root rootfstype=hostfs rootflags=/ ro "init=$R/init" quiet panic=-1 con=null con0=null,fd:5 con1=null,fd:8 con2=null,fd:9 5>"$R/console" 8>&1 9>&2 </dev/null >"$R/log" 2>&1 & P=$!
q=0; wait $P 2>/dev/null || q=$?; kill -9 -- -$P 2>/dev/null || :; P=
[ -z "$VERB" ] || cat "$R/log" "$R/console" >&2
if [ -s "$R/status/rc" ]; then exit "$(cat "$R/status/rc")"; fi
[ "$q" != 124 ] && [ "$q" != 137 ] || { say "timed out after $TMO s"; tail -n 5 "$R/console" >&2; exit 124; }
tail -n 20 "$R/log" "$R/console" >&2; die "the kernel ended without a status (exit $q)"
