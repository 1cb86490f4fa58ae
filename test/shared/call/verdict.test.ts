import { describe, expect, it } from 'vitest';
import { judgeReply } from '#shared/call/verdict.ts';
import type { Reply } from '#shared/ports.ts';

const answered = (status: number, body = ''): Reply => ({ status, body });

describe('the verdict on an attempt', () => {
  it.each([
    [answered(200), { ok: true, status: 200, said: {}, reply: {} }],
    [answered(299, ' \n'), { ok: true, status: 299, said: {}, reply: {} }],
    [answered(199), { refused: '199' }],
    [answered(300), { refused: '300' }],
    [answered(200, '{"half":'), { refused: 'no-json' }],
    [answered(200, '{"mixed":[1,{}]}'), { ok: true, status: 200, said: { mixed: [1, {}] }, reply: {} }],
    [answered(204), { ok: true, status: 204, said: {}, reply: {} }],
    [answered(200, '{"a":1,"b":{}}'), { ok: true, status: 200, said: { a: 1, b: {} }, reply: { a: 1 } }],
    [answered(200, '[1]'), { refused: 'no-json' }],
    [answered(200, '<html>'), { refused: 'no-json' }],
    [answered(301), { refused: '301' }],
    [answered(302), { refused: '302' }],
    [answered(400), { refused: '400' }],
    [answered(401), { refused: '401' }],
    [answered(410), { refused: '410' }],
    [answered(408), { again: '408' }],
    [answered(409), { again: '409' }],
    [answered(425), { again: '425' }],
    [
      { status: 429, body: '', retryAfter: 7 },
      { again: '429', retryAfter: 7 },
    ],
    [answered(500), { again: '500' }],
    [answered(599), { again: '599' }],
    [{ failed: 'timed-out' } as const, { again: 'timed-out' }],
    [{ failed: 'unreachable' } as const, { again: 'unreachable' }],
    [{ failed: 'forbidden' } as const, { refused: 'forbidden' }],
    [{ failed: 'too-large' } as const, { refused: 'too-large' }],
  ])('%j is %j', (reply, verdict) => {
    expect(judgeReply(reply, true)).toEqual(verdict);
  });

  it('reads nothing that nobody wants', () => {
    expect(judgeReply(answered(200, '<html>'), false)).toEqual({ ok: true, status: 200, reply: {} });
  });

  it('keeps values and lists of values that a row can hold, and nothing else', () => {
    const body = `{ "text": "x", "number": 1.5, "flag": false, "list": ["a", 2], "none": null, "deep": { "a": 1 },
      "lists": [[1]], "huge": 1e300, "half": "\\ud800", "__proto__": 1 }`;
    expect(judgeReply(answered(200, body), true)).toMatchObject({
      reply: { text: 'x', number: 1.5, flag: false, list: ['a', 2] },
    });
    expect(Object.keys((judgeReply(answered(200, body), true) as { reply: object }).reply)).toHaveLength(5);
  });
});
