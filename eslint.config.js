import eslint from '@eslint/js'
import prettier from 'eslint-config-prettier'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

import { layersPlugin } from './eslint-layers.js'

/** Packages with one home: everything else goes through the adapter that owns them. */
const ownedPackages = [
  {
    name: 'electron',
    message: 'Only src-main/index.ts, app/shell, app/ipc and preload/ may import electron.',
  },
  { name: 'dockerode', message: 'Only the engine adapter may import dockerode.' },
]
const awsSdk = {
  group: ['@aws-sdk/*'],
  message: 'Only services/{credentials,stacks,vitals} may import the AWS SDK.',
}

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'A name is the same wherever it is used: export it by name.',
}

/** `no-restricted-imports` does not see these. */
const noOwnedImportCall = {
  selector: `ImportExpression[source.value=/^(${ownedPackages.map(({ name }) => name).join('|')})$/]`,
  message: 'This package has one home: everything else goes through the adapter that owns it.',
}

/** A module's top level holds constants; state belongs to an object the composition root makes. */
const noModuleState = [
  'Program > VariableDeclaration',
  'Program > ExportNamedDeclaration > VariableDeclaration',
].map((declaration) => ({
  selector: `${declaration}[kind="let"]`,
  message: 'No module-level mutable state.',
}))

export default tseslint.config(
  {
    // The scripts of a page that exists for a test are read by that page alone.
    ignores: ['out/**', '.cache/**', 'node_modules/**', 'tests/fixtures/electron-app/**/*.{js,cjs}'],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { layers: layersPlugin },
    rules: {
      'layers/imports': 'error',
      'no-restricted-imports': ['error', { paths: ownedPackages, patterns: [awsSdk] }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', noDefaultExport, noOwnedImportCall, ...noModuleState],
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
    // The popover lives in a sandbox, where there is a page and nothing else.
    files: ['src-renderer/**'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['node:*', 'electron', 'dockerode', '@aws-sdk/*', 'zod'] },
      ],
    },
  },
  {
    files: ['src-main/services/{credentials,stacks,vitals}/**'],
    rules: { 'no-restricted-imports': ['error', { paths: ownedPackages }] },
  },
  {
    files: ['src-main/services/engine/docker-engine.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ownedPackages.filter(({ name }) => name !== 'dockerode'), patterns: [awsSdk] },
      ],
      'no-restricted-syntax': ['error', noDefaultExport, ...noModuleState],
    },
  },
  {
    files: ['src-main/index.ts', 'src-main/app/{shell,ipc}/**', 'src-main/preload/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ownedPackages.filter(({ name }) => name !== 'electron'), patterns: [awsSdk] },
      ],
    },
  },
  {
    files: ['tests/**', 'bench/**', 'scripts/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A suite's `let` is set anew by its `beforeEach`.
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    // What stands in for Electron is checked against its types.
    files: [
      'tests/harness/electron/**',
      'tests/fixtures/electron-app/**',
      'tests/fakes/fake-electron.ts',
      'tests/unit/app-shell/**',
    ],
    rules: { 'no-restricted-imports': ['error', { patterns: [awsSdk] }] },
  },
  {
    // The simulated S3 is tried with the client that it is there for, and a sign-in with the SDK that is to find it.
    files: ['tests/unit/harness/s3files/**', 'tests/conformance/sign-in.test.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ownedPackages }] },
  },
  { files: ['bench/**', 'scripts/**', 'src-main/cli/output/terminal.ts'], rules: { 'no-console': 'off' } },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['*.js'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
)
