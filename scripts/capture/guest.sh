#!/bin/bash
# Runs inside the VM as root: guest.sh CASES OUT. For every group of the case files: a network namespace of its own, an
# nlmon link that tcpdump listens on, a subscriber to every group of rtnetlink, XFRM and netfilter, and one command after the
# other. Leaves in OUT per group NNN.pcap (link type 253), NNN.log (when each command began and ended) and what each command printed.
set -u
CASES=$1 OUT=$2
if [ "${3-}" != inner ]; then
  sysctl -qw net.core.fb_tunnels_only_for_init_net=2   # no gre0, sit0, ... in every namespace
  modprobe nlmon; mkdir -p /tmp/capture "$OUT"; n=100
  uname -r >"$OUT/kernel"; ip -V >"$OUT/iproute2"; brctl --version 2>/dev/null | head -1 >"$OUT/brctl"; ethtool --version >"$OUT/ethtool"; wg --version >"$OUT/wg"
  nft --version >"$OUT/nft"; iptables-nft --version >"$OUT/iptables"; conntrack --version >"$OUT/conntrack"; ovs-dpctl --version 2>/dev/null | head -1 >"$OUT/ovs"; ipvsadm --version >"$OUT/ipvsadm"; ipset --version >"$OUT/ipset"
  iw --version >"$OUT/iw"; batctl -v 2>/dev/null | head -1 >"$OUT/batctl"; iwpan --version >"$OUT/iwpan"; teamd -v >"$OUT/team"
  for f in "$CASES"/*.txt; do
    awk -v p=/tmp/capture/ -v n="$n" '/^== /{n++; f=p n ".group"} f{print > f} END{print n}' "$f" >/tmp/capture/n; n=$(tail -1 /tmp/capture/n)
  done
  for g in /tmp/capture/*.group; do
    echo "$(sed -n 1p "$g")" >&2
    unshare -mn bash "$0" "$g" "${g%.group}" inner
    cp "$g" "${g%.group}".{pcap,log} "$OUT/"
  done
  cd /tmp/capture && tar cf "$OUT/printed.tar" ./*.out ./*.err; exit 0
fi
mount -t tmpfs run /run; mkdir -p /run/netns; mount -t sysfs sys /sys
ip link set lo up; ip link add nlmon0 index 1000 type nlmon; ip link set nlmon0 up
tcpdump -Z root --immediate-mode -U -i nlmon0 -s 0 -B 65536 -w "$OUT.pcap" 2>"$OUT.tcpdump" & T=$!
# A silent subscriber: a multicast that nobody receives is not captured, and `ip monitor` would add look-ups of its own.
perl -e 'for (0, 6, 12, 16) { socket(my $s,16,3,$_) or die; bind($s,pack("SSLL",16,0,0,0)) or die; for my $g (1..40) { setsockopt($s,270,1,pack("I",$g)) } push @s,$s; vec($in,fileno $s,1)=1 }
  open F,">",shift; close F; while (1) { select my $now=$in,undef,undef,undef; for (@s) { sysread($_,$b,65536) if vec($now,fileno $_,1) } }' "$OUT.subscribed" & P=$!
for ((i = 0; i < 200; i++)); do grep -q listening "$OUT.tcpdump" && [ -e "$OUT.subscribed" ] && break; sleep 0.05; done
n=0
while IFS= read -r line <&3; do n=$((n + 1))
  case $line in '=='*|'') continue;; '~ '*) sleep "${line#~ }"; continue;; esac
  c=${line%%  # *}; c=${c#+ }; c=${c#! }
  printf 'begin %s %s\n' "$n" "$EPOCHREALTIME" >>"$OUT.log"
  eval "$c" >"$OUT.$n.out" 2>"$OUT.$n.err" </dev/null 3<&-; rc=$?
  printf 'end %s %s %s\n' "$n" "$EPOCHREALTIME" "$rc" >>"$OUT.log"
done 3<"$CASES"
sleep 0.5; kill -INT $T; wait $T 2>/dev/null; kill $P $(jobs -p) 2>/dev/null
