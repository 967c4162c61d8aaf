import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const nextDoor = {
  regex:
    '^\\.\\./(?!(database|graphql|web|mail|calendar|history)/)[^/]+/.*\\.(store|table|controller|resolver|form|jobs)\\.js$',
  message: 'Next door: its service, domain or GraphQL type.',
};
const knot = {
  group: ['@nestjs/common'],
  importNames: ['forwardRef'],
  message: 'A knot: move the shared idea down, or queue a job.',
};
const outside = { regex: '^(?!luxon$)[^.]', message: 'No dot, no framework.' };
const dotted = { regex: '\\.[a-z]+\\.js$', message: 'A domain file imports domain files only.' };

const rawSql = [
  { selector: "CallExpression[callee.property.name='distinctOn']", message: 'distinctOn goes raw into the SQL.' },
  {
    selector: "CallExpression[callee.property.name=/^(orderBy|addOrderBy)$/][arguments.0.type!='Literal']",
    message: 'Orders go raw into the SQL: constants only.',
  },
  { selector: "Property[key.name='where'][value.type='Literal']", message: 'No string where.' },
  {
    selector: "CallExpression[callee.property.name='query'] > TemplateLiteral[expressions.length>0]",
    message: 'No built SQL: pass parameters.',
  },
];
const inDatabaseOnly = [
  {
    selector: 'CallExpression[callee.property.name=/^(getRepository|createQueryRunner)$/]',
    message: 'Only src/database opens transactions or asks for repositories.',
  },
  { selector: "Identifier[name='DataSource']", message: 'Only src/database knows the data source.' },
];

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '**/*.mjs', '**/*.cjs', '**/*.js', 'test/architecture/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } }),
      ],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'no-restricted-imports': ['error', { patterns: [nextDoor, knot] }],
      'no-restricted-syntax': ['error', ...rawSql],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 40],
      'max-params': ['error', 5],
      complexity: ['error', 8],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/database/**'],
    rules: { 'no-restricted-syntax': ['error', ...rawSql, ...inDatabaseOnly] },
  },
  {
    files: ['src/**/!(*.*).ts'],
    ignores: ['src/{database,demonstration,graphql,web,mail,calendar,webhooks}/**', 'src/{main,config,welcome}.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [outside, dotted] }] },
  },
  { files: ['src/database/tables.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'max-lines': ['error', 400],
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
      // What programs are answered is read as it comes: the test itself says what must be there.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['migrations/**/*.ts', '{bench,faults}/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off', 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  prettier,
);
