/**
 * A port that does something else in between: before or after the nth call of one of these methods, or each, the action
 * runs. So a test puts one function into the middle of another. An action that returns no promise runs in one go with
 * the call.
 */
export function interrupted<P extends object>(
  port: P,
  {
    methods,
    nth = 1,
    when = 'before',
  }: {
    readonly methods: readonly (keyof P & string)[];
    readonly nth?: number | 'each';
    readonly when?: 'before' | 'after';
  },
  action: () => unknown,
): P {
  let calls = 0;
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!methods.some((method) => method === name)) return member.bind(target);
      return async (...given: unknown[]) => {
        calls += 1;
        const isIt = nth === 'each' || calls === nth;
        const before = isIt && when === 'before' ? action() : undefined;
        if (before instanceof Promise) await before;
        const result: unknown = await member.apply(target, given);
        if (isIt && when === 'after') await action();
        return result;
      };
    },
  });
}
