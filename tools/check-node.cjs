// Written for any Node: says in one line what is wrong, where TypeScript sources would only fail to parse.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Tropa runs on Node 24, this is ${process.version}. "npm ci" brings Node 24 along as a package; it seems to have run with --ignore-scripts.\nMend it with: npm rebuild node`,
  );
  process.exit(1);
}
