#!/usr/bin/env node
console.log('tropa', process.version, process.argv.slice(2));
