import { expect, it } from 'vitest';
import { notRead } from '#apps/local/misplaced.ts';

it.each([
  ['journeys/Tea-Note.JSON', 'A journey lies at journeys/tea-note.json.'],
  ['journeys/x.json.txt', 'A journey lies at journeys/x.json.'],
  ['x.json', 'A journey lies at journeys/x.json.'],
  ['Journey/x.jsonc', 'A journey lies at journeys/x.jsonc.'],
  ['journeys/spring/x.json', 'A journey lies at journeys/x.json.'],
  ['Settings.json', 'The settings lie at settings.json.'],
  ['settings.json.txt', 'The settings lie at settings.json.'],
  ['templates/spring/email.html', 'A mail is written in MJML and lies at templates/spring/email.mjml.'],
  ['templates/spring.html', 'A mail is written in MJML and lies at templates/spring/email.mjml.'],
  ['template/spring/email.mjml', 'A mail is written in MJML and lies at templates/spring/email.mjml.'],
  ['tests/first-order.json', 'Tests lie at tests/first-order.test.json.'],
  ['test/first-order.test.json.txt', 'Tests lie at tests/first-order.test.json.'],
  ['spring.mjml', 'A mail lies at templates/spring/email.mjml.'],
])('says where %s belongs', (key, where) => expect(notRead(key)).toBe(`${key}   NOT READ: ${where}\n`));

it.each([
  ['settings.json'],
  ['journeys/welcome.json'],
  ['journeys/welcome.jsonc'],
  ['templates/hello/email.pl.mjml'],
  ['segments/vips.json'],
  ['README.md'],
  ['package.json'],
  ['journeys/welcome.json~'],
  ['journeys/sedXy12'],
  ['templates/hello/logo.png'],
  ['reports/journeys.welcome.json.json'],
  ['exports/orders.json'],
  ['tests/data.csv'],
])('says nothing of %s', (key) => expect(notRead(key)).toBeUndefined());
