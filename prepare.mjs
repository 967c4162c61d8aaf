// Makes a fresh clone ready to start: the locked dependencies when they changed, then the build when its sources did.
// Runs before there are any dependencies and on Node 20, so it imports nothing but Node. `--no-build` leaves the build out.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(root, ...parts);
const bin = at('node_modules', '.bin');
const installedMark = at('node_modules', '.prepared');
const builtMark = at('dist', '.prepared');
const lock = at('.preparing');
const longestWait = 10 * 60_000;

if (Number(process.versions.node.split('.')[0]) < 20) {
  stop(
    `Quorate needs Node 20 or newer to install itself, and this is Node ${process.versions.node}: see https://nodejs.org.`,
  );
}
const wantsBuild = !process.argv.includes('--no-build');
if (!ready()) withLock(prepare);

function ready() {
  return isInstalled() && (!wantsBuild || isBuilt());
}

function prepare() {
  if (!isInstalled()) install();
  if (wantsBuild && !isBuilt()) build();
}

/** Which dependencies are wanted: the lock file, for this kind of machine. */
function installDigest() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} `);
  return hash.update(readFileSync(at('package-lock.json'))).digest('hex');
}

function isInstalled() {
  const wanted = installDigest();
  if (read(installedMark) === wanted) return true;
  if (!existsSync(bin) || existsSync(installedMark) || !installedByHand()) return false;
  writeFileSync(installedMark, wanted);
  return true;
}

/** Whether somebody ran `npm ci` themselves: what npm says it installed is what the lock file asks for. */
function installedByHand() {
  const found = read(at('node_modules', '.package-lock.json'));
  if (!found) return false;
  const installed = JSON.parse(found).packages;
  const wanted = JSON.parse(read(at('package-lock.json'))).packages;
  const ours = Object.keys(wanted[''].optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  const fits = ({ os, cpu }) =>
    (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch);
  return Object.entries(wanted).every(([path, one]) => {
    if (path === '') return true;
    const there = installed[path];
    if (!there) return one.optional === true && !(ours.includes(path) && fits(one));
    return there.version === one.version && there.integrity === one.integrity;
  });
}

function install() {
  console.log('Installing the locked dependencies; the first time this takes a minute or two.');
  const options = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const wanted = installDigest();
  const own = process.env.npm_execpath;
  const [program, first] = /npm-cli\.c?js$/.test(own ?? '')
    ? [process.env.npm_node_execpath ?? process.execPath, [own]]
    : ['npm', []];
  const done = spawnSync(program, [...first, ...options], { cwd: root, stdio: 'inherit' });
  if (done.error) stop(`npm could not be run (${done.error.message}): install npm, which comes with Node.`);
  if (done.status !== 0) stop("The dependencies could not be installed: npm's reason stands above.");
  writeFileSync(installedMark, wanted);
}

/** What the build is made of, file by file. */
function buildDigest() {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(at(path))) return;
    if (statSync(at(path)).isDirectory()) for (const name of readdirSync(at(path)).sort()) add(join(path, name));
    else
      hash
        .update(`${path}\0`)
        .update(readFileSync(at(path)))
        .update('\0');
  };
  const settings = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  for (const path of ['package-lock.json', 'nest-cli.json', ...settings.sort(), 'src', 'migrations', 'bench', 'faults'])
    add(path);
  return hash.digest('hex');
}

function isBuilt() {
  return existsSync(at('dist', 'src', 'main.js')) && read(builtMark) === buildDigest();
}

function build() {
  console.log('Building.');
  const wanted = buildDigest();
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  const done = spawnSync(node24(), [at('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (done.error)
    stop(`The Node that the dependencies brought cannot run here (${done.error.message}): install Node 24 and glibc.`);
  if (done.status !== 0) stop('The build failed: the reason stands above.');
  writeFileSync(builtMark, wanted);
}

/** The Node that came with the dependencies or, where there is none for this kind of machine, this one. */
function node24() {
  const brought = join(bin, 'node');
  if (existsSync(brought)) return brought;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major === 24 && minor >= 11) return process.execPath;
  return stop(
    `Quorate runs on Node 24.11 or a later 24, this is Node ${process.versions.node}, and npm brings none for ` +
      `${process.platform}-${process.arch}: install Node 24 from https://nodejs.org.`,
  );
}

/** One preparation at a time: the lock is a folder with the process id inside, put in place in one move. */
function withLock(work) {
  const mine = `${lock}.${process.pid}`;
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine);
  writeFileSync(join(mine, 'pid'), `${process.pid}`);
  const leave = () => rmSync(mine, { recursive: true, force: true });
  process.once('exit', leave);
  waitFor(mine);
  process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
  work();
}

function waitFor(mine) {
  const deadline = Date.now() + longestWait;
  for (let said = false; !moved(mine, lock);) {
    const holder = Number(read(join(lock, 'pid')));
    if (holder && isAlive(holder)) {
      if (!said) console.log(`Another preparation (process ${holder}) is under way: waiting for it.`);
      said = true;
      if (Date.now() > deadline)
        stop(`Process ${holder} has been preparing for ten minutes: end it, or remove ${lock}.`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    } else if (existsSync(lock) && moved(lock, `${lock}.dead.${process.pid}`)) {
      const taken = `${lock}.dead.${process.pid}`;
      // Somebody quicker may have replaced the dead one's lock meanwhile: then it goes back.
      if (Number(read(join(taken, 'pid'))) === holder || !moved(taken, lock))
        rmSync(taken, { recursive: true, force: true });
    }
  }
}

function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
