#!/usr/bin/env bash
# vm.sh - run a command as root inside a throw-away VM booted with a full Debian kernel.
#   scripts/vm.sh [options] -- COMMAND [ARG...]   exit status: COMMAND's; 124 time-out, 125 it cannot run here
# Options:
#   --kernel VERSION|DEB  6.12 (default), 6.1, 7.3 (of the next Debian's backports), an exact release such as 6.12.117+deb12-amd64, or a linux-image .deb
#   --tools "PKG ..."     packages overlaid on the guest's root (PKG, PKG=VERSION or PKG/SUITE)
#   --suite SUITE         one more Debian suite to look in (repeatable); the tools are those of the last one, with its C library if that is newer
#   --project DIR         shared read-write with the guest at the same path (default: $PWD); --ro copy-on-write
#   --prepare             fetch, unpack and build the initramfs, then stop (no COMMAND)
#   --cwd DIR  --mem MB  --cpus N  --timeout SECONDS  --append "KERNEL ARGS"  --verbose  --tcg | --kvm
# The guest's / is this machine's / (9p, read-only) under a tmpfs overlay: it runs the node and tools that are here.
# What is absent (kernel, tools, QEMU) is fetched with apt-get and unpacked in ${XDG_CACHE_HOME:-~/.cache}/nlkit-vm;
# nothing is installed. A kernel, tool set or QEMU that is in the cache is used as it is. The guest has no network.
set -euo pipefail
C=${NLKIT_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nlkit-vm}
K=6.12 ACC='' PROJ=$PWD CWD=$PWD RO='' MEM=2048 CPUS=$(nproc) TMO=900 APPEND='' VERB='' PREP=''
CODE=$(. /etc/os-release 2>/dev/null; echo "${VERSION_CODENAME:-bookworm}")
OF=$CODE   # the suite that tools are taken of
TOOLS="tcpdump iproute2/$CODE-backports bridge-utils wireguard-tools iputils-ping ethtool nftables iptables conntrack ipvsadm ipset openvswitch-switch iw batctl libteam-utils wpan-tools"
ARGV=("$@") SUITES="$CODE $CODE-updates $CODE-security $CODE-backports"
say() { echo "vm.sh: $*" >&2; }
die() { say "$*"; exit 125; }
while [ $# -gt 0 ]; do case $1 in
  --kernel) K=$2; shift 2;; --suite) SUITES="$SUITES $2" OF=$2; shift 2;; --tools) TOOLS=$2; shift 2;;
  --tcg|--kvm) ACC=${1#--}; shift;; --project) PROJ=$(readlink -f "$2"); shift 2;; --ro) RO=1; shift;;
  --prepare) PREP=1; shift;; --cwd) CWD=$2; shift 2;; --mem) MEM=$2; shift 2;; --cpus) CPUS=$2; shift 2;;
  --timeout) TMO=$2; shift 2;; --append) APPEND=$2; shift 2;; --verbose) VERB=1; shift;; --) shift; break;;
  -*) die "unknown option $1";; *) break;; esac; done
case $K in 7.*) SUITES="$SUITES trixie-backports";; esac
[ $# -gt 0 ] || [ "$PREP" ] || die "no command (scripts/vm.sh [options] -- COMMAND...)"
[ "$(uname -sm)" = 'Linux x86_64' ] || die "needs Linux on x86_64, this is $(uname -sm)"
for t in flock timeout mkfifo; do command -v $t >/dev/null || die "needs $t"; done
mkdir -p "$C/apt/lists/partial"; C=$(readlink -f "$C")

# 1. Packages: a private apt state (own sources and lists, an empty dpkg status), so that what is fetched does not
#    depend on what is installed here.
apt() { local t=$1; shift; "apt-$t" -q -o Dir::Etc::sourcelist="$C/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
  -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$C/apt/lists" -o Dir::State::status=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
  -o Debug::NoLocking=1 -o APT::Sandbox::User= -o Acquire::Retries=5 "$@"; }
try() { local n   # a mirror may fail for a moment
  for n in 1 2 3; do "$@" >"$C/apt/log" 2>&1 && return; [ $n = 3 ] || sleep $((n * 3)); done; return 1; }
sources() { local s u B
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || die "$1 is not in the cache ($C), and without apt-get and dpkg (Debian) it cannot be fetched"
  [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || die "$1 is not in the cache ($C), and Debian's archive keyring is not here to fetch it"
  B=$(apt-get indextargets --format '$(SITE)' | sed -n 's#/debian/*$##p' | head -1); [ "$B" ] || die "$1 is not in the cache ($C), and apt on this machine has no Debian mirror set up"
  for s in $SUITES; do case $s in *-security) u=debian-security;; *) u=debian;; esac
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $B/$u $s main"; done | sort -u >"$C/apt/new"
  if ! cmp -s "$C/apt/new" "$C/apt/sources.list" || [ -z "$(find "$C/apt/lists" -name '*Packages*' -mtime -1)" ]; then
    cp "$C/apt/new" "$C/apt/sources.list"; try apt get update || { rm -f "$C/apt/sources.list"; die "apt-get update: $(tail -3 "$C/apt/log")"; }; fi; }
unpack() { local X=$1 d; shift   # DEB...: into $X, with /bin /sbin /lib merged into /usr
  for d; do (cd "${d%/*}" && sha256sum "${d##*/}") >>"$X/debs.sha256"; dpkg -x "$d" "$X"; done
  for d in bin sbin lib lib64; do [ ! -d "$X/$d" ] || { mkdir -p "$X/usr/$d"; cp -al "$X/$d/." "$X/usr/$d/"; rm -rf "${X:?}/$d"; }; done; }
closure() { local X=$1 of=$2; shift 2   # PKG... of a suite, with all they depend on, less what every Debian has: into $X
  rm -rf "$X"; mkdir -p "$X/debs/partial"
  try apt get -y --no-install-recommends --download-only -t "$of" -o Dir::Cache::archives="$X/debs" install "$@" || die "apt-get install --download-only $*: $(tail -5 "$C/apt/log")"
  (cd "$X/debs"; set -- libc6_*; rm -f debconf_* passwd_* adduser_* libpam*   # a C library that is newer than the guest's stays
   dpkg --compare-versions "$(dpkg -f "$1" Version 2>/dev/null || echo 0)" gt "$(dpkg-query -W -f '${Version}' libc6)" || rm -f libc6_* libgcc-s1_* gcc-*-base_* libcrypt1_*)
  unpack "$X" "$X"/debs/*.deb; rm -rf "$X/debs"; }
latest() { sort -V | tail -1; }

prepare_kernel() {  # sets V, the kernel's release, and X, its folder
  local final k; V=; case $K in
    *.deb) [ -r "$K" ] || die "no file $K"; V=$(dpkg -f "$K" Package); V=${V#linux-image-};; *-amd64) V=$K;;
    *) V=$({ ls -d "$C"/kernel-*/ready 2>/dev/null || :; } | sed -n "s|.*/kernel-\(${K//./[.]}[.+-].*\)/ready|\1|p" | latest);; esac
  if [ -z "$V" ]; then sources "A kernel $K"
    V=$(apt cache search --names-only "^linux-image-${K//+/[+]}([.+-].*amd64)?\$" | sed -n 's/^linux-image-\([^ ]*\) .*/\1/p' | grep -Ev -- '-(cloud|rt)-|^[0-9.]+-amd64$|unsigned' | latest) || :; fi
  [ "$V" ] || die "no linux-image package matches $K in: $SUITES"
  X=$C/kernel-$V; [ ! -e "$X/ready" ] || return 0
  sources "Kernel $V"; say "fetching kernel $V into $X (once)"; final=$X; X=$X.new; closure "$X" "$CODE" busybox-static kmod; mkdir "$X/debs"
  case $K in *.deb) cp "$K" "$X/debs/";; *) (cd "$X/debs" && try apt get download "linux-image-$V") || die "apt-get download linux-image-$V: $(tail -3 "$C/apt/log")"
    for k in base binary modules; do (cd "$X/debs" && apt get download "linux-$k-$V") >/dev/null 2>&1 || :; done;; esac   # the 7.x split
  unpack "$X" "$X"/debs/*.deb; rm -rf "$X/debs"; cp "$X/boot/vmlinuz-$V" "$X/vmlinuz" 2>/dev/null || cp "$X/usr/lib/modules/$V/vmlinuz" "$X/vmlinuz"
  LD_LIBRARY_PATH=$X/usr/lib/x86_64-linux-gnu bash -c 'exec -a depmod "$@"' _ "$X/usr/bin/kmod" -b "$X/usr" "$V" || die "depmod failed"
  initramfs; : >"$X/ready"; rm -rf "$final"; mv "$X" "$final"; X=$final; }
prepare_tools() {  # sets T, the folder of the tool set
  T=$C/tools-$OF-$(echo "$TOOLS" | sha256sum | cut -c1-10); [ ! -e "$T/ready" ] || return 0
  sources "The tool set ($TOOLS)"; say "fetching tools into $T (once): $TOOLS"; closure "$T.new" "$OF" $TOOLS
  echo "$TOOLS" >"$T.new/ready"; rm -rf "$T"; mv "$T.new" "$T"; }
prepare_qemu() {  # sets QEMU, the command
  if [ -z "${NLKIT_VM_OWN_QEMU:-}" ] && command -v qemu-system-x86_64 >/dev/null; then QEMU=(qemu-system-x86_64); return; fi
  local q=$C/qemu-$CODE; if [ ! -e "$q/ready" ]; then sources QEMU; say "fetching QEMU into $q (once)"
    closure "$q.new" "$CODE" qemu-system-x86 seabios; : >"$q.new/ready"; rm -rf "$q"; mv "$q.new" "$q"; fi
  QEMU=(env LD_LIBRARY_PATH="$q/usr/lib/x86_64-linux-gnu" "$q/usr/bin/qemu-system-x86_64" -L "$q/usr/share/qemu" -L "$q/usr/share/seabios"); }

# 2. Initramfs: static busybox, the modules up to a 9p root, and an init that overlays and switches root.
initramfs() { local I=$X/initramfs M=$X/usr/lib/modules/$V n=100 m f
  mkdir -p "$I/bin" "$I/mods"; cp "$X/usr/bin/busybox" "$I/bin/busybox"
  for m in virtio_pci virtio_console virtio_rng 9pnet_virtio 9p overlay; do
    sed -n "s|^\([^:]*/$m\.ko[^:]*\): *\(.*\)|\1 \2|p" "$M/modules.dep"; done | while read -r -a f; do   # dependencies are listed last-first
    for ((m = ${#f[@]} - 1; m >= 0; m--)); do echo "${f[m]}"; done; done | awk '!seen[$0]++' | while read -r f; do n=$((n + 1)); m=$I/mods/$n-${f##*/}
      case $f in *.xz) xz -dc "$M/$f" >"${m%.xz}";; *.zst) zstd -dqc "$M/$f" >"${m%.zst}";; *) cp "$M/$f" "$m";; esac; done
  cat >"$I/init" <<'INIT'
#!/bin/busybox sh
b=/bin/busybox; export PATH=/bin; $b mkdir -p /proc /sys /r /x /t /u; $b mount -t proc proc /proc
for m in /mods/*; do $b insmod $m || echo "insmod $m failed"; done
o=trans=virtio,version=9p2000.L,msize=512000,access=any; $b mount -t tmpfs -o size=75% u /u; $b mkdir /u/u /u/w /u/n
$b mount -t 9p -o $o,ro,cache=loose root /r && $b mount -t 9p -o $o,ro,cache=loose ext /x && $b mount -t 9p -o $o,ro,cache=loose tools /t &&
$b mount -t overlay -o lowerdir=/t:/x:/r,upperdir=/u/u,workdir=/u/w root /u/n && $b mount -t tmpfs run /u/n/run &&
$b mkdir /u/n/run/vm && $b mount -t 9p -o $o,cache=none vm /u/n/run/vm && exec $b switch_root /u/n /bin/bash /run/vm/init
echo "vm.sh: root set-up failed"; $b reboot -f
INIT
  chmod +x "$I/init"; (cd "$I" && find . | "$X/usr/bin/busybox" cpio -o -H newc 2>/dev/null) >"$X/initrd"; rm -rf "$I"; }

exec 7>"$C/lock"; flock 7; prepare_kernel; prepare_tools; prepare_qemu; exec 7>&-; [ -z "$PREP" ] || exit 0
R=$(mktemp -d "${TMPDIR:-/tmp}/nlkit-vm.XXXXXX"); mkdir "$R/vm"; QP=; trap 'kill $QP 2>/dev/null || :; rm -rf "$R"' EXIT; trap 'exit 130' INT TERM

# 3. The guest's second stage, with the command and its environment quoted into it.
{ echo '#!/bin/bash'
  for v in $(compgen -e | grep -E '^(PATH|HOME|LANG|LC_.*|TZ|CI|NODE_.*|NLKIT_.*|DEBUG)$'); do printf 'export %s=%q\n' "$v" "${!v}"; done
  printf 'PROJ=%q CWD=%q RO=%q CMD=(' "$PROJ" "$CWD" "$RO"; printf ' %q' "$@"; echo ' )'
  cat <<'STAGE2'
: >/run/vm/began; export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin HOME=${HOME:-/root} TERM=dumb NLKIT_VM=1
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mkdir -p /dev/pts /dev/shm /run/lock /run/netns
mount -t devpts -o gid=5,mode=620,ptmxmode=666 pts /dev/pts; mount -t tmpfs shm /dev/shm; ln -sf pts/ptmx /dev/ptmx
ln -sf /proc/self/fd /dev/fd; for i in 0:stdin 1:stdout 2:stderr; do ln -sf "fd/${i%:*}" "/dev/${i#*:}"; done
for i in cgroup2:/sys/fs/cgroup bpf:/sys/fs/bpf debugfs:/sys/kernel/debug tracefs:/sys/kernel/tracing; do mount -t "${i%:*}" "${i%:*}" "${i#*:}"; done 2>/dev/null
mkdir -p /dev/net; mknod /dev/net/tun c 10 200; hostname vm; ip link set lo up; chmod 1777 /tmp /dev/shm
if [ -z "$RO" ] && [ "$PROJ" != / ]; then mkdir -p "$PROJ"   # cache=mmap: no stale data, yet mmap works
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,access=any,cache=mmap proj "$PROJ" || { reboot -f; }; fi
for p in /sys/class/virtio-ports/*; do case $(cat "$p/name") in out) O=/dev/${p##*/};; err) E=/dev/${p##*/};; esac; done
mkfifo /run/o /run/e; cat /run/o >"$O" & P1=$!; cat /run/e >"$E" & P2=$!
cd "$CWD" && setsid -w "${CMD[@]}" >/run/o 2>/run/e </dev/null; rc=$?
for ((i = 0; i < 30; i++)); do kill -0 $P1 2>/dev/null || kill -0 $P2 2>/dev/null || break; sleep 0.1; done   # a daemon may hold them open
cd /; sync; umount "$PROJ" 2>/dev/null || mount -o remount,ro "$PROJ" 2>/dev/null; sync; echo $rc >/run/vm/rc
echo b >/proc/sysrq-trigger; sleep 10
STAGE2
} >"$R/vm/init"

# 4. Boot. That /dev/kvm opens is not enough: only the real drivers run an unmodified kernel.
AUTO=; if [ -z "$ACC" ]; then AUTO=1 ACC=tcg; [ -w /dev/kvm ] && [ -d /sys/module/kvm_intel -o -d /sys/module/kvm_amd ] && ACC=kvm; fi
case $ACC in kvm) A=(-accel kvm -cpu host);; *) A=(-accel "tcg,thread=multi,tb-size=512" -cpu max,la57=off);; esac
share() { S+=(-fsdev "local,id=f$1,path=$2,security_model=none,multidevs=remap$3" -device "virtio-9p-pci,fsdev=f$1,mount_tag=$1"); }
S=(); share root / ,readonly=on; share ext "$X" ,readonly=on; share tools "$T" ,readonly=on; share vm "$R/vm" ""; share proj "$PROJ" ""
mkfifo "$R/out" "$R/err"; exec 8<>"$R/out" 9<>"$R/err"   # opened read-write: neither side blocks on open
cat <"$R/out" 8>&- 9>&- & P1=$!; cat <"$R/err" >&2 8>&- 9>&- & P2=$!
timeout -k 5 "$TMO" "${QEMU[@]}" -M q35 "${A[@]}" -m "$MEM" -smp "$CPUS" -nodefaults -display none -no-reboot -no-user-config "${S[@]}" \
  -device virtio-rng-pci -device virtio-serial-pci -chardev "file,id=o,path=$R/out" -chardev "file,id=e,path=$R/err" \
  -device virtserialport,chardev=o,name=out -device virtserialport,chardev=e,name=err -serial "file:$R/console" \
  -kernel "$X/vmlinuz" -initrd "$X/initrd" -append "console=ttyS0 quiet loglevel=4 panic=-1 reboot=t,f mitigations=off $APPEND" \
  </dev/null >"$R/qemu" 2>&1 8>&- 9>&- & QP=$!
q=0; wait $QP || q=$?; QP=; exec 8>&- 9>&-; wait $P1 $P2
[ -z "$VERB" ] || cat "$R/qemu" "$R/console" >&2
if [ -s "$R/vm/rc" ]; then exit "$(cat "$R/vm/rc")"; fi
[ "$AUTO" ] && [ "$ACC" = kvm ] && [ "$q" != 124 ] && { say "KVM failed, using TCG"; rm -rf "$R"; exec "$0" --tcg "${ARGV[@]}"; }
# QEMU 7.2 emulates a kernel that patches itself on two processors not quite rightly: 7.3 now and then dies while it starts.
[ ! -e "$R/vm/began" ] && [ "$q" = 0 ] && [ "${NLKIT_VM_TRIES:-1}" -lt 4 ] && { say "the kernel died while it started; once more"; rm -rf "$R"; NLKIT_VM_TRIES=$((${NLKIT_VM_TRIES:-1} + 1)) exec "$0" "${ARGV[@]}"; }
[ "$q" = 124 ] && { say "timed out after $TMO s"; tail -5 "$R/console" >&2; exit 124; }
cat "$R/qemu" >&2; tail -20 "$R/console" >&2; die "the VM ended without a status (qemu exit $q, $ACC, $V)"
