import { FUNCTION_NAMES } from '#functions/wiring.ts';
import { GRANTS, type Grant } from '#infra/grants.ts';

const PLACE = /(<!-- grants -->\n)[\s\S]*(\n<!-- \/grants -->)/;

/** docs/security.md with the table of who may do what, made anew of `infra/grants.ts`. */
export const withGrants = (page: string): string =>
  page.replace(PLACE, (_, start: string, end: string) => `${start}\n${table()}\n${end}`);

function table(): string {
  const rows = FUNCTION_NAMES.map((name): string[] => {
    const grant: Grant = GRANTS[name];
    return [`\`${name}\``, tableOf(grant), bucketOf(grant), speaksTo(grant), (grant.secrets ?? []).join(', ')];
  });
  const head = ['function', 'table', 'bucket', 'speaks to', 'secrets'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const said = (verb: string, what: readonly string[] = []): string[] =>
  what.length > 0 ? [`${verb} ${what.join(', ')}`] : [];

const tableOf = ({ read, write, check, indexes }: Grant): string =>
  [...said('reads', read), ...said('writes', write), ...said('checks', check), ...said('index', indexes)].join('; ');

const bucketOf = ({ bucket }: Grant): string =>
  [...said('reads', bucket?.read), ...said('writes', bucket?.write)].join('; ');

const speaksTo = ({ bus, queues, executions, mail, account }: Grant): string =>
  [
    ...(bus === undefined ? [] : [bus === true ? 'bus' : `bus (as ${bus})`]),
    ...said('queues', queues),
    ...said('executions:', executions),
    ...(mail ? ['SES: sends'] : []),
    ...(account ? ['SES: asks about the account'] : []),
  ].join('; ');
