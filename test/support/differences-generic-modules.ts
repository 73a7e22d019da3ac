/** Rows of the table of differences about families of generic netlink that come with modules. */
import type { Difference } from './differences.ts';

const modules = { met: 'live/cli-generic-modules' } as const;
const asked = 'it is what was asked for', early = 'a mistake is said before it does something else', memory = 'it is what the kernel said';

export const moduleDifferences: readonly Difference[] = [
  { id: 'ila-locators', topic: 'print', command: 'ip ila list', theirs: 'locators that change each time', ours: 'the locators', why: memory, until: 615, ...modules },
  { id: 'macsec-extended', topic: 'print', command: 'ip macsec show', theirs: 'the lower 32 bits of extended packet numbers', ours: 'all 64', why: memory, until: 615, ...modules },
  { id: 'l2tp-cookies', topic: 'print', command: 'ip l2tp show session', theirs: 'sessions without cookies have those of the session before', ours: 'none', why: memory, ...modules },
  { id: 'l2tp-one', topic: 'print', command: 'ip l2tp show { tunnel | session } tunnel_id ID', theirs: 'all there are, whatever is asked for', ours: 'those that were asked for', why: asked, ...modules },
  { id: 'generic-half', topic: 'words', command: 'ip fou add', theirs: 'says what is missing or wrong, and sends the request as it is', ours: 'sends nothing', why: early, ...modules },
  { id: 'ila-half', topic: 'words', command: 'ip ila add, ip ila del', theirs: 'takes locators of fewer than four words; says which are bad, and makes a mapping of nothing; deletes where nothing is named', ours: 'refuses', why: early, ...modules },
  { id: 'macsec-more', topic: 'words', command: 'ip macsec del DEVICE tx sa 0 WORD', theirs: 'does not look at further words', ours: 'refuses', why: early, ...modules },
  { id: 'macsec-salt', topic: 'words', command: 'ip macsec set DEVICE tx sa 0 salt SALT', theirs: 'salt and ssci without xpn are not sent, and nothing is said', ours: 'refuses', why: early, ...modules },
  { id: 'macsec-key-id', topic: 'words', command: 'ip macsec add DEVICE tx sa 0 pn 1 key ID KEY', theirs: 'cuts an id of more than 16 bytes', ours: 'refuses', why: early, ...modules },
  { id: 'l2tp-offset', topic: 'words', command: 'ip l2tp add session offset OFFSET', theirs: 'says that it ignores it', ours: 'refuses', why: 'kernels have no offsets any more', ...modules },
  { id: 'l2tp-stray', topic: 'words', command: 'ip l2tp add session udp_csum on, ip l2tp del tunnel session_id ID', theirs: 'words of a tunnel are nothing to a session; with a session_id a session is deleted', ours: 'refuses', why: early, ...modules },
  { id: 'l2tp-any', topic: 'words', command: 'ip l2tp add tunnel local any', theirs: 'asks for the address', ours: 'any address', why: 'its help has it', ...modules },
];
