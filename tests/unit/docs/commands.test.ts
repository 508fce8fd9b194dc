import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { buildProgram } from '../../../src-main/cli/program.ts'
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
  test.each(documents())('$path names only commands and options that exist', ({ text }) => {
    expect(unknownIn(codeIn(text))).toEqual([])
  })

  test('what errors tell a user to run exists', () => {
    const fixes = errorCodes.map((code) => messageFor({ code, args: {} }).fix ?? '')
    expect(unknownIn(fixes.flatMap(codeIn))).toEqual([])
  })

  test('the check itself sees unknown commands and options', () => {
    const code = [
      'mountbar vanish',
      'mountbar mount ~/a --at ~/b --sideways # --comment',
      'mountbar --help',
      'npm run mountbar -- status --json',
      'npm run demo -- --once --twice',
    ]
    expect(unknownIn(code)).toEqual(['vanish', 'mount --sideways', 'demo --twice'])
  })
})

// Registering a command only keeps the context for the day it is run; none is run here.
const program = buildProgram(undefined as never, '0.0.0', {
  writeOut: () => undefined,
  writeErr: () => undefined,
})

/** The commands, and options of commands, in `code` that the real program does not have. */
function unknownIn(code: readonly string[]): readonly string[] {
  return code.flatMap(usesIn).flatMap(({ command, options }) => {
    const real = program.commands.find(
      (known) => known.name() === command || known.aliases().includes(command),
    )
    if (real === undefined) return command === 'help' ? [] : [command]
    const known = ['--help', ...real.options.map(({ long }) => long)]
    return options.filter((option) => !known.includes(option)).map((option) => `${command} ${option}`)
  })
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

/** `npm run x`, and the few that npm lets one call without `run`. */
function npmScriptsIn(text: string): readonly string[] {
  const named = text.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(test|start|stop)\b)/g)
  return [...named].map((match) => (match[1] ?? match[2])!.replace(/[:-]+$/, ''))
}
