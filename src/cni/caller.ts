/** The other end of `nlkit-cni serve`: what installed plugins start in place of Node. */
import { codes } from './error.ts';

/** Where the server listens when NLKIT_CNI_SOCKET does not say. */
export const SOCKET = '/run/nlkit/cni.sock';
/** Seconds without a call after which a server ends that a call has left behind; 0: none is. The variable that says so, and what `install` writes. */
export const IDLE = 'NLKIT_CNI_IDLE', IDLE_SECONDS = 60;
/** Paths, links and privilege are the caller's: it is served only where they are the server's, too. */
export const SHARED = ['mnt', 'net', 'user'];

/**
 * Passes a call on: arguments are the socket and the name that the program was called by. Perl is a tenth of Node to start, and Debian
 * cannot be without it. Exit status 75: nobody is there, 76: not for this call; nothing of it was read.
 */
export const CALLER = `
$SIG{PIPE} = "IGNORE";
socket(S, 1, 1, 0) && connect(S, pack("Sa*", 1, $ARGV[0])) or exit 75;
syswrite(S, pack("N/a*", join("\\0", $ARGV[1], map({ readlink("/proc/self/ns/$_") } qw(${SHARED.join(' ')})), map({ "$_=$ENV{$_}" } grep({ /^CNI_|^PATH$/ } keys(%ENV))))));
sysread(S, $_, 1) && $_ eq "+" or exit($_ eq "-" ? 76 : 75);
syswrite(S, $_) while sysread(STDIN, $_, 65536);
shutdown(S, 1);
local $/;
$_ = <S>;
s/^([01])// or $_ = qq({"code":${codes.tryLater},"msg":"nlkit-cni serve went away during the call"}\\n);
print;
exit($1 // 1);
`.trim().replaceAll('\n', ' ');
