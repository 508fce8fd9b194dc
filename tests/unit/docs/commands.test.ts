import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { messageFor } from '../../../src-main/shared/messages.ts'
import { errorCodes } from '../../../src-main/shared/errors.ts'
import { codeIn, documents, repoDir } from './markdown.ts'

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repoDir, 'package.json'), 'utf8')))

describe('npm scripts in the documentation', () => {
  test.each(documents())('$path names only scripts that exist', ({ text }) => {
    expect(npmScriptsIn(text).filter((name) => !(name in scripts))).toEqual([])
  })

  test('CONTRIBUTING.md has a line for every script a person would run', () => {
    const { text } = documents().find(({ path }) => path === 'CONTRIBUTING.md')!
    expect(Object.keys(scripts).filter((name) => !npmScriptsIn(text).includes(name))).toEqual([])
  })

  test('the check itself sees scripts in prose and in code', () => {
    expect(
      npmScriptsIn('`npm ci && npm run no-such` or `npm start`, then npm run --silent other:one.'),
    ).toEqual(['no-such', 'start', 'other:one'])
  })
})

describe('the mountbar command in the documentation', () => {
  test.each(documents())('$path names only commands and options that exist', async ({ text }) => {
    expect(await unknownIn(codeIn(text))).toEqual([])
  })

  test('what errors tell a user to run exists', async () => {
    const fixes = errorCodes.map((code) => messageFor({ code, args: {} }).fix ?? '')
    expect(await unknownIn(fixes.flatMap(codeIn))).toEqual([])
  })

  test('the check itself sees unknown commands and options', async () => {
    const code = [
      'mountbar vanish',
      'mountbar mount ~/a --at ~/b --sideways # --comment',
      'mountbar --help',
      'npm run mountbar -- status --json',
      'npm run demo -- --once --twice',
    ]
    expect(await unknownIn(code)).toEqual(['vanish', 'mount --sideways', 'demo --twice'])
  })
})

/** The commands, and options of commands, in `code` that the built program does not know. */
async function unknownIn(code: readonly string[]): Promise<readonly string[]> {
  const unknown = await Promise.all(
    code.flatMap(usesIn).map(async ({ command, options }) => {
      const help = await helpOf(command)
      if (help === undefined) return [command]
      return options.filter((option) => !help.includes(option)).map((option) => `${command} ${option}`)
    }),
  )
  return unknown.flat()
}

interface Use {
  readonly command: string
  readonly options: readonly string[]
}

function usesIn(line: string): readonly Use[] {
  const [code = ''] = line.split(/ +# /)
  const uses = code.matchAll(/\b(?:mountbar(?: --)? ([a-z]+)|npm run (demo) --)([^&|;]*)/g)
  return [...uses].map(([, named, viaNpm, rest = '']) => ({
    command: named ?? viaNpm!,
    options: [...rest.matchAll(/ (--[a-z-]+)/g)].map((match) => match[1]!),
  }))
}

const helpByCommand = new Map<string, Promise<string | undefined>>()

/** What `mountbar <command> --help` prints; `undefined` when there is no such command. */
function helpOf(command: string): Promise<string | undefined> {
  const known = helpByCommand.get(command) ?? askForHelp(command)
  helpByCommand.set(command, known)
  return known
}

async function askForHelp(command: string): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(repoDir, 'out/cli.js'),
    command,
    '--help',
  ])
  // For a word it does not know the program prints its own help.
  return stdout.startsWith(`Usage: mountbar ${command}`) ? stdout : undefined
}

/** `npm run x`, and the few that npm lets one call without `run`. */
function npmScriptsIn(text: string): readonly string[] {
  const named = text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(test|start|stop)\b)/g)
  return [...named].map((match) => (match[1] ?? match[2])!.replace(/[:-]+$/, ''))
}
