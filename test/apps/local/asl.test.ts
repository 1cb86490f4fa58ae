import { describe, expect, it } from 'vitest';
import { readMachine } from '#apps/local/asl.ts';

const machine = (states: object, startAt = 'A') =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: startAt, States: states });
const token = (name: string) => `$\{${name}}`;
const end = { Type: 'Succeed' };
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' } };

describe('reading a definition', () => {
  it('puts substitutions in the place of tokens', async () => {
    const text = machine({ A: { ...task, Arguments: { FunctionName: token('TheFunction') }, End: true } });
    const state = readMachine(text, { TheFunction: 'with "quotes"' }).state('A');
    expect(state.Type === 'Task' && state.Arguments({})).toEqual({ FunctionName: 'with "quotes"' });
  });

  it.each([
    ['a token without a substitution', machine({ A: { ...task, Arguments: token('Unknown'), End: true } })],
    ['a start that is not there', machine({ A: end }, 'B')],
    ['a next state that is not there', machine({ A: { Type: 'Pass', Next: 'B' } })],
    ['a catcher to nowhere', machine({ A: { ...task, End: true, Catch: [{ ErrorEquals: ['X'], Next: 'B' }] } })],
    ['a choice to nowhere', machine({ A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }] } })],
    ['a field that is not supported', machine({ A: { ...end, Assign: {} } })],
    ['a state that is not supported', machine({ A: { Type: 'Parallel' } })],
    ['JSONPath', JSON.stringify({ StartAt: 'A', States: { A: end } })],
    [
      'a service that is not supported',
      machine({ A: { ...task, Resource: 'arn:aws:states:::sqs:sendMessage', End: true } }),
    ],
    ['a wait for nothing', machine({ A: { Type: 'Wait', End: true } })],
  ])('refuses %s', (_, text) => {
    expect(() => readMachine(text, {})).toThrow();
  });
});
