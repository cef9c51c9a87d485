import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in a config.ts and hand the values down.',
};

const purePaths = ['contract/codec/**', 'contract/domain/**', 'contract/wire/**', 'gateway/presence/**', 'engine/**'];

export default defineConfig(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**', '.data/**'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      'max-params': ['error', 4],
      'no-restricted-imports': ['error', { patterns: [{ group: ['../*'], message: 'Use #folder/path.ts.' }] }],
      'no-restricted-syntax': ['error', noDefaultExport, noEnvironment],
      'no-restricted-globals': ['error', { name: 'Buffer', message: 'We speak Uint8Array, which browsers have too.' }],
    },
  },
  {
    files: purePaths,
    ignores: ['engine/run/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an input here.' },
        { object: 'Math', property: 'random', message: 'Chance is an input here.' },
      ],
    },
  },
  {
    files: ['contract/**/*.ts'],
    plugins: { jsdoc },
    rules: { 'jsdoc/require-jsdoc': ['error', { publicOnly: true, require: { FunctionDeclaration: true } }] },
  },
  { files: ['**/config.ts', 'test/**'], rules: { 'no-restricted-syntax': ['error', noDefaultExport] } },
  { files: ['test/**'], rules: { 'no-restricted-globals': 'off', 'max-params': 'off' } },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        module: 'readonly',
        document: 'readonly',
        window: 'readonly',
        localStorage: 'readonly',
      },
    },
    rules: {
      'no-restricted-syntax': 'off',
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
