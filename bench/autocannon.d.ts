/** As much of it as is used here: it brings no types of its own. */
declare module 'autocannon' {
  type Request = { method: 'POST'; path: string; headers: Readonly<Record<string, string>>; body: string };
  type Options = {
    url: string;
    connections: number;
    /** Requests in all. */
    amount: number;
    /** Seconds for an answer. */
    timeout?: number;
    requests: readonly { setupRequest: (request: object) => object }[];
  };
  type Result = {
    /** Seconds. */
    duration: number;
    '2xx': number;
    non2xx: number;
    errors: number;
    /** Milliseconds. */
    latency: { p50: number; p99: number; max: number };
  };
  function autocannon(options: Options): Promise<Result>;
  export = autocannon;
}
