/** Sockets to be shown, of every family that the kernel has: perl is on every Debian. It says "ready", and keeps them until it is killed. */
export const SOCKETS = String.raw`
use strict; use Socket qw(:all); use IO::Socket::INET; $| = 1;
my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8001, Listen => 5, ReuseAddr => 1) or die "8001: $!";
my $l2 = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 80, Listen => 7, ReuseAddr => 1) or die "80: $!";
my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 8001) or die "connect: $!"; my $a = $l->accept;
syswrite($c, "hello" x 100); setsockopt($c, SOL_SOCKET, SO_KEEPALIVE, 1); setsockopt($l2, 0, IP_TOS, 0x10);
# One that waits (TIME-WAIT), one half closed.
my $c2 = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 8001, LocalAddr => "127.0.0.2", LocalPort => 9009, ReuseAddr => 1) or die "9009: $!"; my $a2 = $l->accept; close $c2; close $a2;
my $c3 = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 80) or die "half: $!"; my $a3 = $l2->accept; shutdown($c3, 1);
my $u = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 5300, Proto => "udp") or die "udp: $!";
my $u2 = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 5300, Proto => "udp") or die "udp: $!"; syswrite($u2, "x" x 50);
# IPv6: of both families, of one only, mapped.
sub six { my ($port, $only) = @_; socket(my $s, PF_INET6, SOCK_STREAM, 6) or die; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); setsockopt($s, 41, 26, $only); bind($s, pack_sockaddr_in6($port, inet_pton(AF_INET6, "::"))) or die "$port: $!"; listen($s, 3); return $s }
my ($l6, $l7) = (six(8006, 0), six(8007, 1));
socket(my $c6, PF_INET6, SOCK_STREAM, 6) or die; connect($c6, pack_sockaddr_in6(8006, inet_pton(AF_INET6, "::1"))) or die "::1: $!"; accept(my $a6, $l6);
socket(my $cm, PF_INET, SOCK_STREAM, 6) or die; connect($cm, pack_sockaddr_in(8006, inet_aton("127.0.0.1"))) or die "mapped: $!"; accept(my $am, $l6);
socket(my $u6, PF_INET6, SOCK_DGRAM, 17) or die; bind($u6, pack_sockaddr_in6(5301, inet_pton(AF_INET6, "::1"))) or die "udp6: $!";
# Of a device, with a mark and a priority.
socket(my $d, PF_INET, SOCK_STREAM, 6) or die; setsockopt($d, SOL_SOCKET, 25, "lo\0") or die "device: $!"; bind($d, pack_sockaddr_in(8008, INADDR_ANY)) or die "8008: $!"; listen($d, 2); setsockopt($d, SOL_SOCKET, 36, pack("I", 0x123)) or die "mark: $!"; setsockopt($d, SOL_SOCKET, 12, 5);
socket(my $r, PF_INET, SOCK_RAW, 1) or die "raw: $!"; socket(my $r6, PF_INET6, SOCK_RAW, 58) or die; socket(my $r47, PF_INET, SOCK_RAW, 47) or die; socket(my $r255, PF_INET, SOCK_RAW, 255) or die;
# unix: paths, names, none, one that waits to be accepted.
sub un { my ($type, $name, $listen) = @_; socket(my $s, PF_UNIX, $type, 0) or die; bind($s, pack_sockaddr_un($name)) or die "$name: $!"; listen($s, $listen) if $listen; return $s }
my $x = un(SOCK_STREAM, "/run/s1", 4); my $dg = un(SOCK_DGRAM, "/run/dg"); my $sq = un(SOCK_SEQPACKET, "/run/sq", 1); my $ab = un(SOCK_STREAM, "\0abstract\0x", 1);
socket(my $xc, PF_UNIX, SOCK_STREAM, 0); connect($xc, pack_sockaddr_un("/run/s1")) or die; accept(my $xa, $x); syswrite($xc, "y" x 77); socket(my $xd, PF_UNIX, SOCK_STREAM, 0); connect($xd, pack_sockaddr_un("/run/s1")) or die;
socket(my $au, PF_UNIX, SOCK_DGRAM, 0); bind($au, pack("S", 1)); socketpair(my $p1, my $p2, AF_UNIX, SOCK_STREAM, 0);
socket(my $n, 16, SOCK_RAW, 0) or die; bind($n, pack("SSII", 16, 0, 0, 5)) or die "netlink: $!"; socket(my $n2, 16, SOCK_RAW, 15) or die; bind($n2, pack("SSII", 16, 0, 4242, 0)) or die "netlink: $!";
socket(my $pk, 17, SOCK_RAW, 0x0300) or die "packet: $!"; socket(my $pd, 17, SOCK_DGRAM, 0x0008) or die; bind($pd, pack("SnISCCa8", 17, 0x800, 1, 0, 0, 0, "")) or die "packet: $!"; socket(my $pa, 17, SOCK_DGRAM, 0xcc88); socket(my $pf, 17, SOCK_RAW, 0x0608);
setsockopt($pk, SOL_SOCKET, 26, pack("SxxxxxxP", 1, pack("SCCI", 6, 0, 0, 64))) or die "filter: $!"; setsockopt($pf, 263, 18, pack("I", 7)) or die "fanout: $!";
my ($ml, $mc, $ma, $k);
if (socket($ml, PF_INET, SOCK_STREAM, 262)) { bind($ml, pack_sockaddr_in(8262, inet_aton("127.0.0.1"))) or die "mptcp: $!"; listen($ml, 3); socket($mc, PF_INET, SOCK_STREAM, 262); connect($mc, pack_sockaddr_in(8262, inet_aton("127.0.0.1"))) or die "mptcp: $!"; accept($ma, $ml); syswrite($mc, "zz"); sysread($ma, $k, 1) }
print "ready\n"; sleep 3600;
`;

/** A connection of TCP, and one of UDP, by ports that are the same each time. */
export const CONNECTION = String.raw`
use strict; use IO::Socket::INET; $| = 1;
my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8001, Listen => 5, ReuseAddr => 1) or die "8001: $!";
my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => 8001, LocalAddr => "127.0.0.1", LocalPort => 9001, ReuseAddr => 1) or die "9001: $!"; my $a = $l->accept;
my $u = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 9002, PeerAddr => "127.0.0.1", PeerPort => 5300, Proto => "udp") or die "udp: $!";
print "ready\n"; sleep 3600;
`;

/** Sockets of TCP that are bound: one listens, one does nothing. */
export const BOUND = String.raw`
use strict; use Socket qw(:all); $| = 1;
sub tcp { my ($port) = @_; socket(my $s, PF_INET, SOCK_STREAM, 6) or die; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); bind($s, pack_sockaddr_in($port, inet_aton("127.0.0.1"))) or die "$port: $!"; return $s }
my $l = tcp(8009); listen($l, 3); my $b = tcp(8010);
print "ready\n"; sleep 3600;
`;

/** Sockets of vsock within one machine (vsock_loopback): one listens, a connection. */
export const VSOCK = String.raw`
use strict; use Socket; $| = 1;
sub vm { my ($port, $cid) = @_; return pack("SSLLCx3", 40, 0, $port, $cid, 0) }
socket(my $l, 40, SOCK_STREAM, 0) or die "vsock: $!"; bind($l, vm(5555, 0xffffffff)) or die "bind: $!"; listen($l, 3) or die "listen: $!";
socket(my $c, 40, SOCK_STREAM, 0) or die; connect($c, vm(5555, 1)) or die "connect: $!"; accept(my $a, $l) or die "accept: $!"; syswrite($c, "hello");
socket(my $c2, 40, SOCK_STREAM, 0) or die; bind($c2, vm(900, 1)) or die "bind: $!"; connect($c2, vm(5555, 1)) or die "connect: $!";
print "ready\n"; sleep 3600;
`;

/** Sockets of SCTP: endpoints of both styles, associations, one address and two. */
export const SCTP = String.raw`
use strict; use Socket qw(:all); $| = 1;
sub sctp { my ($type, $port) = @_; socket(my $s, PF_INET, $type, 132) or die "sctp: $!"; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); bind($s, pack_sockaddr_in($port, inet_aton("127.0.0.1"))) or die "$port: $!"; return $s }
my $l = sctp(SOCK_STREAM, 7001); listen($l, 5) or die "listen: $!"; my $c = sctp(SOCK_STREAM, 7002); connect($c, pack_sockaddr_in(7001, inet_aton("127.0.0.1"))) or die "connect: $!"; accept(my $a, $l) or die "accept: $!"; syswrite($c, "hello");
my $m = sctp(SOCK_SEQPACKET, 7003); listen($m, 5) or die "listen: $!"; my $d = sctp(SOCK_SEQPACKET, 7004); connect($d, pack_sockaddr_in(7003, inet_aton("127.0.0.1"))) or die "connect: $!";
socket(my $s6, PF_INET6, SOCK_STREAM, 132) or die "sctp6: $!"; bind($s6, pack_sockaddr_in6(7006, inet_pton(AF_INET6, "::1"))) or die "7006: $!"; listen($s6, 1);
print "ready\n"; sleep 3600;
`;

/** Sockets of AF_XDP: one with a ring of each kind on lo, one that is not bound. Memory is asked of mmap(2), number 9 of x86-64. */
export const XDP = String.raw`
use strict; use Socket; $| = 1;
socket(my $x, 44, SOCK_RAW, 0) or die "xdp: $!";
my $memory = syscall(9, 0, 65536, 3, 0x22, -1, 0); die "mmap: $!" if $memory == -1;
setsockopt($x, 283, 4, pack("QQLLLL", $memory, 65536, 4096, 0, 0, 0)) or die "umem: $!";
for ([5, 16], [6, 8], [2, 32], [3, 64]) { setsockopt($x, 283, $_->[0], pack("L", $_->[1])) or die "ring: $!" }
bind($x, pack("SSLLL", 44, 2, 1, 0, 0)) or die "bind: $!";
socket(my $idle, 44, SOCK_RAW, 0);
print "ready\n"; sleep 3600;
`;

/** Sockets of TIPC in one node: of each kind, a connection, names. */
export const TIPC = String.raw`
use strict; use Socket; $| = 1;
sub range { my ($type, $from, $to) = @_; return pack("SCcLLL", 30, 1, 3, $type, $from, $to) }
sub service { my ($type, $instance) = @_; return pack("SCcLLL", 30, 2, 3, $type, $instance, 0) }
socket(my $l, 30, SOCK_STREAM, 0) or die "tipc: $!"; bind($l, range(4711, 1, 10)) or die "bind: $!"; listen($l, 3) or die "listen: $!";
# Who connects waits until it is accepted.
my $pid = fork // die; unless ($pid) { socket(my $c, 30, SOCK_STREAM, 0) or die; connect($c, service(4711, 5)) or die "connect: $!"; syswrite($c, "hello"); sleep 3600 }
END { kill 9, $pid if $pid } $SIG{TERM} = sub { exit }; accept(my $a, $l) or die "accept: $!"; select(undef, undef, undef, 0.3);
socket(my $r, 30, SOCK_RDM, 0) or die; bind($r, range(4712, 7, 7)) or die; socket(my $q, 30, SOCK_SEQPACKET, 0) or die; socket(my $d, 30, SOCK_DGRAM, 0) or die;
print "ready\n"; sleep 3600;
`;
