import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RealClock, VirtualClock } from '#apps/local/clock.ts';
import { plusMillis } from '#shared/time/instant.ts';

const START = '2026-03-01T00:00:00.000Z';
const HOUR = 3_600_000;

describe('the virtual clock', () => {
  it('stands still until it is driven', async () => {
    const clock = new VirtualClock(START);
    const fired = vi.fn();
    clock.at(plusMillis(START, 1), fired);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fired).not.toHaveBeenCalled();
    expect(clock.now()).toBe(START);
  });

  it('jumps from one due moment to the next and tells of each once', async () => {
    const clock = new VirtualClock(START);
    const seen: string[] = [];
    for (const hours of [3, 1, 1, 2]) clock.at(plusMillis(START, hours * HOUR), () => seen.push(clock.now()));
    const jumps: string[] = [];
    await clock.drive({ onJump: (now) => jumps.push(now) });
    expect(seen).toEqual([1, 1, 2, 3].map((hours) => plusMillis(START, hours * HOUR)));
    expect(jumps).toEqual([1, 2, 3].map((hours) => plusMillis(START, hours * HOUR)));
  });

  it('fires by time and then by the order of setting, whatever is set and cancelled', async () => {
    const timers = fc.array(fc.record({ at: fc.integer({ min: -5, max: 50 }), cancel: fc.boolean() }), {
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(timers, async (given) => {
        const clock = new VirtualClock(START);
        const fired: number[] = [];
        const cancels = given.map(({ at }, i) => clock.at(plusMillis(START, at), () => fired.push(i)));
        for (const [i, { cancel }] of given.entries()) if (cancel) cancels[i]?.();
        await clock.drive();
        const wanted = given
          .map(({ at, cancel }, i) => ({ at: Math.max(at, 0), cancel, i }))
          .filter(({ cancel }) => !cancel)
          .sort((a, b) => a.at - b.at || a.i - b.i);
        expect(fired).toEqual(wanted.map(({ i }) => i));
      }),
    );
  });

  it('keeps its order when thousands of timers are cancelled among others', async () => {
    const clock = new VirtualClock(START);
    const fired: number[] = [];
    for (let i = 0; i < 5000; i++) {
      const at = (i * 7919) % 5000;
      const cancel = clock.atMillis(clock.millis() + at, () => fired.push(at));
      if (at % 5 !== 0) cancel();
    }
    await clock.drive();
    expect(fired).toEqual(Array.from({ length: 1000 }, (_, i) => i * 5));
  });

  it('never runs backwards: what was due earlier fires now', async () => {
    const clock = new VirtualClock(START);
    let at = '';
    clock.at(plusMillis(START, -HOUR), () => {
      at = clock.now();
    });
    await clock.drive();
    expect(at).toBe(START);
  });

  it('does not jump while work is running', async () => {
    const clock = new VirtualClock(START);
    const order: string[] = [];
    clock.atMillis(clock.millis() + 1, () => order.push('timer'));
    void clock.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('work');
    });
    await clock.drive();
    expect(order).toEqual(['work', 'timer']);
  });

  it('jumps while work sleeps, and holds again when the work has woken', async () => {
    const clock = new VirtualClock(START);
    const order: string[] = [];
    void clock.run(async () => {
      await clock.sleep(HOUR);
      order.push(`woken ${clock.now()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`done ${clock.now()}`);
    });
    clock.at(plusMillis(START, HOUR + 1), () => order.push('later'));
    await clock.drive();
    expect(order).toEqual([`woken ${plusMillis(START, HOUR)}`, `done ${plusMillis(START, HOUR)}`, 'later']);
  });

  it('counts work with two sleeps at once as asleep until the first ends', async () => {
    const clock = new VirtualClock(START);
    const woken: string[] = [];
    void clock.run(async () => {
      const nap = async (milliseconds: number) => {
        await clock.sleep(milliseconds);
        woken.push(clock.now());
      };
      await Promise.all([nap(HOUR), nap(2 * HOUR)]);
    });
    await clock.drive();
    expect(woken).toEqual([plusMillis(START, HOUR), plusMillis(START, 2 * HOUR)]);
  });

  it('ends at `until` with what is due there done and the rest left', async () => {
    const clock = new VirtualClock(START);
    const fired: number[] = [];
    for (const hours of [1, 2, 3]) clock.at(plusMillis(START, hours * HOUR), () => fired.push(hours));
    await clock.drive({ until: plusMillis(START, 2 * HOUR) });
    expect(fired).toEqual([1, 2]);
    expect(clock.now()).toBe(plusMillis(START, 2 * HOUR));
    await clock.drive({ until: plusMillis(START, 2.5 * HOUR) });
    expect(clock.now()).toBe(plusMillis(START, 2.5 * HOUR));
    await clock.drive();
    expect(fired).toEqual([1, 2, 3]);
  });

  it('ends the drive with what a timer throws', async () => {
    const clock = new VirtualClock(START);
    clock.atMillis(0, () => {
      throw new Error('broken');
    });
    await expect(clock.drive()).rejects.toThrow('broken');
  });

  it('gives the error of failed work to whoever ran it, and goes on', async () => {
    const clock = new VirtualClock(START);
    const work = clock.run(async () => {
      throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    const fired = vi.fn();
    clock.atMillis(clock.millis() + 1, fired);
    await clock.drive();
    expect(fired).toHaveBeenCalledOnce();
  });
});

describe('a clock whose time passes by itself', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00.000Z'), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('shows the machine’s time', async () => {
    const clock = new RealClock();
    expect(clock.now()).toBe('2026-11-22T10:00:00.000Z');
    await vi.advanceTimersByTimeAsync(1500);
    expect(clock.now()).toBe('2026-11-22T10:00:01.500Z');
    clock.stop();
  });

  it('does not run backwards when the machine’s clock is set back', () => {
    const clock = new RealClock();
    vi.setSystemTime(Date.parse('2026-11-22T09:00:00.000Z'));
    expect(clock.now()).toBe('2026-11-22T10:00:00.000Z');
    clock.stop();
  });

  it('fires timers at their moment, in order, those beyond the longest timeout of Node too', async () => {
    const clock = new RealClock();
    const start = clock.millis();
    const fired: string[] = [];
    const days = (n: number) => start + n * 24 * HOUR;
    clock.atMillis(days(60), () => fired.push('60 days'));
    clock.atMillis(start + 1000, () => fired.push('second'));
    await vi.advanceTimersByTimeAsync(1001);
    expect(fired).toEqual(['second']);
    await vi.advanceTimersByTimeAsync(59 * 24 * HOUR);
    expect(fired).toEqual(['second']);
    await vi.advanceTimersByTimeAsync(24 * HOUR);
    expect(fired).toEqual(['second', '60 days']);
    clock.stop();
  });

  it('goes on from where a virtual clock stood, with its timers, until it is taken back', async () => {
    const clock = new VirtualClock(START);
    await clock.drive({ until: plusMillis(START, HOUR) });
    const fired: string[] = [];
    clock.at(plusMillis(START, HOUR + 5000), () => fired.push(clock.now()));
    const hold = clock.release();
    await vi.advanceTimersByTimeAsync(4000);
    expect(clock.now()).toBe(plusMillis(START, HOUR + 4000));
    await vi.advanceTimersByTimeAsync(1000);
    expect(fired).toHaveLength(1);
    hold();
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(clock.now()).toBe(plusMillis(START, HOUR + 5000));
  });

  it('waits instead of jumping when it is driven', async () => {
    const clock = new RealClock();
    const fired = vi.fn();
    clock.atMillis(clock.millis() + 5000, fired);
    let ended = false;
    const drive = clock.drive().then(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(4000);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1001);
    await drive;
    expect(fired).toHaveBeenCalledOnce();
    clock.stop();
  });
});
