/**
 * Remembers the variables of the process; what comes back puts them as they were. The object itself stays: only by the
 * true one does the process hear of a change, such as that of `TZ`.
 */
export function keepEnvironment(): () => void {
  const before = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}
