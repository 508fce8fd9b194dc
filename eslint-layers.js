import { dirname, relative, resolve } from 'node:path'

/**
 * Who may import whom, as ARCHITECTURE.md draws it. Each row: a folder, and the folders of ours it may reach.
 * Anything else of ours is out of bounds for it.
 */
export const layers = {
  'src-main/shared': ['src-main/shared'],
  'src-main/lib': ['src-main/lib'],
  'src-main/core': ['src-main/core', 'src-main/shared'],
  'src-main/front': ['src-main/front', 'src-main/lib', 'src-main/shared', 'docker/bridge/api'],
  'src-main/services/volumes': serviceMayReach('volumes'),
  'src-main/services/drives': serviceMayReach('drives'),
  'src-main/services/fronts': serviceMayReach('fronts'),
  'src-main/services/settings': serviceMayReach('settings'),
  'src-main/services/diagnostics': serviceMayReach('diagnostics'),
  'src-main/services/credentials': serviceMayReach('credentials'),
  'src-main/services/engine': serviceMayReach('engine'),
  'src-main/services/bridge': [...serviceMayReach('bridge'), 'docker/bridge/api'],
  'src-main/services/stacks': [...serviceMayReach('stacks'), 'infra/api'],
  'src-main/services/vitals': serviceMayReach('vitals'),
  'src-main/composition': [
    'src-main/composition',
    'src-main/services',
    'src-main/core',
    'src-main/lib',
    'src-main/shared',
  ],
  'src-main/cli': programMayReach('cli'),
  'src-main/app': programMayReach('app'),
  'src-main/preload': ['src-main/preload', 'src-main/shared'],
  'src-renderer/components': ['src-renderer/components', 'src-renderer/lib', 'src-main/shared'],
  'src-renderer/features': [
    'src-renderer/features',
    'src-renderer/components',
    'src-renderer/lib',
    'src-renderer/stores',
    'src-main/shared',
  ],
  'src-renderer/lib': ['src-renderer/lib', 'src-renderer/stores', 'src-main/shared'],
  'src-renderer/stores': ['src-renderer/stores', 'src-main/shared'],
  'src-renderer': ['src-renderer', 'src-main/shared'],
  'docker/bridge/api': ['docker/bridge/api'],
  'docker/bridge/lib': ['docker/bridge/lib', 'docker/bridge/api'],
  'docker/bridge/agent': ['docker/bridge/agent', 'docker/bridge/lib', 'docker/bridge/api'],
  'docker/bridge/tunnel': ['docker/bridge/tunnel', 'docker/bridge/lib', 'docker/bridge/api'],
  'infra/api': ['infra/api'],
  infra: ['infra'],
}

/** The command and the app: each joins services in its `compose.ts`, with what `composition` joins for both. */
function programMayReach(name) {
  return [
    `src-main/${name}`,
    'src-main/composition',
    'src-main/services',
    'src-main/core',
    'src-main/lib',
    'src-main/shared',
  ]
}

/** Services never import each other: `composition`, `cli/compose.ts` and `app/compose.ts` join them. */
function serviceMayReach(name) {
  return [`src-main/services/${name}`, 'src-main/core', 'src-main/lib', 'src-main/shared']
}

/** Reports a relative import that leaves the folders its own folder may reach. Files in no row of `layers` may import all. */
const layersRule = {
  meta: {
    type: 'problem',
    messages: {
      outOfBounds: '{{folder}} may import only: {{allowed}} (ARCHITECTURE.md, "Who may import whom").',
    },
    schema: [],
  },
  create(context) {
    const filePath = relative(import.meta.dirname, context.filename)
    const row = Object.entries(layers).find(([folder]) => isWithin(filePath, folder))
    if (row === undefined) return {}
    const [folder, allowed] = row
    const check = ({ source }) => {
      if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return
      const target = relative(import.meta.dirname, resolve(dirname(context.filename), source.value))
      if (allowed.some((reachable) => isWithin(target, reachable))) return
      context.report({
        node: source,
        messageId: 'outOfBounds',
        data: { folder, allowed: allowed.join(', ') },
      })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    }
  },
}

function isWithin(path, folder) {
  return path === folder || path.startsWith(`${folder}/`)
}

export const layersPlugin = { rules: { imports: layersRule } }
