import eslint from '@eslint/js'
import { importX } from 'eslint-plugin-import-x'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/**
 * Who may import whom, as ARCHITECTURE.md draws it. Each row: a folder, and the folders of ours it may reach.
 * Anything else below `src-main` is out of bounds for it.
 */
const layers = {
  'src-main/shared': ['src-main/shared'],
  'src-main/lib': ['src-main/lib'],
  'src-main/core': ['src-main/core', 'src-main/shared'],
  'src-main/front': ['src-main/front', 'src-main/lib', 'src-main/shared'],
  'src-main/services/volumes': serviceMayReach('volumes'),
  'src-main/services/drives': serviceMayReach('drives'),
  'src-main/services/fronts': serviceMayReach('fronts'),
  'src-main/services/settings': serviceMayReach('settings'),
  'src-main/services/diagnostics': serviceMayReach('diagnostics'),
  'src-main/cli': ['src-main/cli', 'src-main/services', 'src-main/core', 'src-main/lib', 'src-main/shared'],
}

/** Services never import each other: `cli/compose.ts` (later also `app/compose.ts`) joins them. */
function serviceMayReach(name) {
  return [`src-main/services/${name}`, 'src-main/core', 'src-main/lib', 'src-main/shared']
}

const layerZones = Object.entries(layers).map(([target, allowed]) => ({
  target: `./${target}`,
  from: './src-main',
  except: allowed.map((folder) => `.${folder.slice('src-main'.length)}`),
  message: `${target} may import only: ${allowed.join(', ')} (ARCHITECTURE.md, "Who may import whom").`,
}))

/** Packages with one home: everything else goes through the adapter that owns them. */
const ownedPackages = [
  { name: 'electron', message: 'Only src-main/index.ts, app/ and preload/ may import electron.' },
  { name: 'dockerode', message: 'Only the engine adapter may import dockerode.' },
]
const awsSdk = {
  group: ['@aws-sdk/*'],
  message: 'Only services/{credentials,stacks,vitals} may import the AWS SDK.',
}

export default tseslint.config(
  { ignores: ['out/**', '.cache/**', 'node_modules/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: layerZones }],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'no-restricted-imports': ['error', { paths: ownedPackages, patterns: [awsSdk] }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A module's top level holds constants; state belongs to an object the composition root makes.
      'no-restricted-syntax': [
        'error',
        { selector: 'Program > VariableDeclaration[kind="let"]', message: 'No module-level mutable state.' },
        {
          selector: 'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
          message: 'No module-level mutable state.',
        },
      ],
    },
  },
  {
    // shared/ is loaded by the renderer and the preload too: neither Node nor Electron exists there.
    files: ['src-main/shared/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', 'electron', 'dockerode', '@aws-sdk/*'] }],
    },
  },
  {
    files: ['tests/**', 'bench/**', 'scripts/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A suite's `let` is set anew by its `beforeEach`.
      'no-restricted-syntax': 'off',
    },
  },
  { files: ['bench/**', 'scripts/**', 'src-main/cli/output/terminal.ts'], rules: { 'no-console': 'off' } },
  { files: ['*.config.ts', '*.config.js'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['*.js'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
)
