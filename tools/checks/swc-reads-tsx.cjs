// Preloaded into dependency-cruiser: it hands every file to swc as plain TypeScript, and swc then stops at the first JSX.
// Whether a file holds JSX is told by its name.
const { Compiler } = require('@swc/core');

const parseFileSync = Compiler.prototype.parseFileSync;

Compiler.prototype.parseFileSync = function parseByName(file, options) {
  return parseFileSync.call(this, file, { ...options, tsx: /[.][jt]sx$/.test(file) });
};
