/** What a tool did, beside what the table of differences says it does. */
import { expect } from 'vitest';
import type { Outcome } from '../support/differences.ts';

/** An outcome as what expect compares: what is not given may be anything. */
export const like = ({ status, stdout, stderr }: Outcome): unknown => expect.objectContaining({ ...(status !== undefined && { status }), ...(stdout && { stdout: expect.stringMatching(stdout) as string }), ...(stderr && { stderr: expect.stringMatching(stderr) as string }) });
