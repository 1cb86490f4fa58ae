import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** It stays quiet: nothing is asked of the network that the test does not ask. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium, as the machine has it. Throws when it has none: a browser test that does not run has not passed. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(PATH))
    throw new Error(
      `The browser tests need Chromium, and there is none at ${PATH}. Install it (on Debian: apt-get install chromium) or name its path in CHROMIUM.`,
    );
  return chromium.launch({ executablePath: PATH, args: ARGS });
}
