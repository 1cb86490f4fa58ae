import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';

/** Words of a line as a shell would have them: quotes keep together, and go. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s"'])+)/g)].map(
    ([, one, other, plain]) => one ?? other ?? plain ?? '',
  );

/** What a page has between fences, and between single ticks. */
const codeIn = (page: string): string[] => {
  const fenced = [...page.matchAll(/^( *)```[^\n]*\n([\s\S]*?)^\1```/gm)].map(([, , text = '']) => text);
  const without = page.replaceAll(/^( *)```[^\n]*\n[\s\S]*?^\1```/gm, '');
  const ticked = [...without.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll('\n', ' '));
  return [...fenced.flatMap((text) => text.replaceAll('\\\n', ' ').split('\n')), ...ticked];
};

/** Commands of one program in a page, as they are typed: what follows its name. */
export const commandsIn = (page: string, program: string): string[] =>
  codeIn(page).flatMap((line) => {
    const [, rest] = new RegExp(`(?:^|[ $(])${program} (.*)$`).exec(line.trim()) ?? [];
    // What comes behind a pipe, another command or a comment is not its own.
    return rest === undefined ? [] : [rest.replace(/ (?:\||&&|#|>|\)).*$/, '').trim()];
  });

/** What is wrong with words of the command line: undefined when the program would know them all. */
export function faultOf(words: readonly string[], program: Command): string | undefined {
  let command = program;
  const rest = [...words];
  for (;;) {
    const below = command.commands.find((one) => one.name() === rest[0] || one.aliases().includes(rest[0] ?? ''));
    if (!below) break;
    rest.shift();
    command = below;
  }
  if (command === program) return `there is no command ${words[0]}`;
  const given: string[] = [];
  const seen = new Set<string>();
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('-') || word === '-') {
      given.push(word);
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    if (word === '--help') return undefined;
    if (!option) return `${command.name()} has no ${word}`;
    seen.add(option.attributeName());
    const value = option.required || option.optional ? rest.shift() : undefined;
    if (option.required && (value === undefined || value.startsWith('--'))) return `${word} wants a value`;
  }
  const { registeredArguments: asked } = command;
  const needed = asked.filter(({ required }) => required).length;
  if (given.length < needed) return `${command.name()} wants ${asked.map((one) => one.name()).join(', ')}`;
  if (given.length > asked.length && !asked.at(-1)?.variadic) return `${command.name()} takes no "${given.at(-1)}"`;
  const missing = command.options.find((option) => option.mandatory && !seen.has(option.attributeName()));
  if (missing) return `${command.name()} wants ${missing.long}`;
  const choice = asked.find(
    ({ argChoices }, n) => argChoices && given[n] !== undefined && !argChoices.includes(given[n]),
  );
  return choice ? `${command.name()} knows no ${choice.name()} like that` : undefined;
}

/** `file`: the beginning of a title, where a page says by which test something is held. */
export function isThere(file: string, title: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(title);
}
