import * as z from 'zod';
import { html, type Markup } from './markup.ts';

const count = z.number().default(0);

/** What the page shows of a summary; one that says less shows less. */
const countsSchema = z.object({
  contacts: count,
  events: z.object({ recorded: count }).prefault({}),
  journeys: z
    .record(
      z.string(),
      z.object({
        entries: count,
        inside: count,
        held: count,
        converted: count,
        finished: count,
        exited: z.record(z.string(), z.number()).default({}),
      }),
    )
    .default({}),
});
type Journey = z.infer<typeof countsSchema>['journeys'][string];

const figure = (n: number): string => n.toLocaleString('en');

/** What happened so far, in numbers: the shop as a whole, and each journey for those who open it. */
export function counts(summary: object, mails: number): Markup {
  const { contacts, events, journeys } = countsSchema.parse(summary);
  const whole = { contacts, events: events.recorded, journeys: Object.keys(journeys).length, mails };
  return html`<dl class="counts">
${Object.entries(whole).map(([name, n]) => html`<div><dt>${name}</dt><dd>${figure(n)}</dd></div>`)}
</dl>
${Object.keys(journeys).length > 0 ? byJourney(journeys) : undefined}`;
}

const sum = (numbers: Readonly<Record<string, number>>): number => Object.values(numbers).reduce((a, b) => a + b, 0);

/** The words of the summary that is printed. */
const STANDS = ['Entered', 'Inside', 'Held', 'Converted', 'Finished', 'Left'];

const byJourney = (journeys: Readonly<Record<string, Journey>>): Markup => html`<details>
<summary>By journey</summary>
<div class="wide"><table>
<thead><tr><th scope="col">Journey</th>${STANDS.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${Object.entries(journeys).map(
  ([id, { entries, inside, held, converted, finished, exited }]) =>
    html`<tr><th scope="row"><a href="/?journey=${encodeURIComponent(id)}">${id}</a></th>${[entries, inside, held, converted, finished, sum(exited)].map((n) => html`<td>${figure(n)}</td>`)}</tr>`,
)}
</tbody>
</table></div>
</details>`;
